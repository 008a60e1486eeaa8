"""What prompts are made of."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lazydiff_core.images.colour_names import COLOURS, Colour
from lazydiff_core.prompts.english import singular
from lazydiff_core.prompts.parts import TAUGHT, Part, Vocabulary

THINGS = {
    "apple": "apple", "green apple": "green_apple", "cat": "cat", "pie": "pie", "box": "box",
    "egg": "egg", "egg in frying pan": "fried_egg", "cherry": "cherry", "hat": "hat",
    "orange": "tangerine", "mushroom": "mushroom", "zorb": TAUGHT + "zorb", "desert": "desert_tent",
}  # fmt: skip
SURFACES = {
    "sky": "blue_sky", "blue sky": "blue_sky", "desert": "dunes", "brick wall": "bricks",
    "night sky with stars": "starry_night", "grass": "grass",
}  # fmt: skip
VOCABULARY = Vocabulary(THINGS, SURFACES)


def meant(prompt: str) -> list[tuple[str, str, str]]:
    parts = (part.understood() for part in VOCABULARY.parts(prompt))
    return [(part["kind"], part["as"], part["colour"]) for part in parts]


@pytest.mark.parametrize(
    ("prompt", "word"),
    [
        ("apple", "apple"),
        ("  A Green  APPLE!", "green_apple"),
        ("a green apple on a plate", "green_apple"),
        ("apple pie", "pie"),
        ("a cat with a hat", "cat"),
        ("the thing with a hat", "hat"),  # nothing is known before "with"
        ("egg in frying pan", "fried_egg"),
        ("egg in a box", "egg"),
        ("cats", "cat"),
        ("boxes", "box"),
        ("night sky with stars", "starry_night"),
        ("a caterpillar", ""),
        ("glass", ""),  # not a plural
        ("", ""),
    ],
)
def test_the_word_that_a_prompt_is_about(prompt: str, word: str) -> None:
    assert next((as_ for _, as_, _ in meant(prompt) if as_), "") == word


@pytest.mark.parametrize(
    ("prompt", "parts"),
    [
        ("blue cat", [("concept", "cat", "blue")]),
        ("a light blue cat", [("concept", "cat", "light blue")]),
        ("a dark, blue cat", [("unknown", "", ""), ("concept", "cat", "blue")]),
        ("navy hat", [("concept", "hat", "dark blue")]),
        ("gray cats", [("concept", "cat", "grey")]),
        ("orange cat", [("concept", "cat", "orange")]),
        ("an orange", [("concept", "tangerine", "orange")]),
        ("a cat in red", [("concept", "cat", "red")]),
        ("a red and white mushroom", [("concept", "mushroom", "red")]),
        ("a white and black cat", [("concept", "cat", "black")]),
        ("a cat in white and blue", [("concept", "cat", "blue")]),
        ("a cat with a red hat", [("concept", "cat", ""), ("concept", "hat", "red")]),
        ("a blue zorb", [("taught", "zorb", "blue")]),
        ("purple brick wall", [("surface", "bricks", "purple")]),
        ("a wobbly blue cat", [("unknown", "", ""), ("concept", "cat", "blue")]),
        ("a fluffy blue cat", [("concept", "cat", "blue")]),
        ("people dancing", [("unknown", "", "")]),
        ("two cats", [("concept", "cat", "")]),
        ("a cat and an apple", [("concept", "cat", ""), ("concept", "apple", "")]),
    ],
)
def test_parts_and_their_colours(prompt: str, parts: list[tuple[str, str, str]]) -> None:
    assert meant(prompt) == parts


def test_the_words_of_each_part() -> None:
    texts = [part.text for part in VOCABULARY.parts("two light blue cats with a wobbly hat")]
    assert texts == ["two light blue cats", "wobbly", "hat"]


@pytest.mark.parametrize(
    ("prompt", "counts", "asides"),
    [
        ("two cats", [2], [False]),
        ("a pair of hats", [2], [False]),
        ("3 red hats and a cat", [3, 1], [False, False]),
        ("a cat with two hats and a pie", [1, 2, 1], [False, True, True]),
        ("a cat, a pie, five eggs", [1, 1, 5], [False, False, False]),
        ("a flock of hats and several pies", [5, 4], [False, False]),
        ("with two hats", [2], [False]),  # of nothing before them
    ],
)
def test_how_many_and_of_what(prompt: str, counts: list[int], asides: list[bool]) -> None:
    parts = VOCABULARY.parts(prompt)
    assert [part.count for part in parts] == counts
    assert [part.aside for part in parts] == asides


def test_how_many_is_said() -> None:
    two, one = (part.understood() for part in VOCABULARY.parts("two red cats and a hat"))
    assert two == {
        "text": "two red cats", "kind": "concept", "as": "cat", "colour": "red", "count": 2
    }  # fmt: skip
    assert "count" not in one


def test_a_thing_that_is_a_surface_too() -> None:
    (part,) = VOCABULARY.parts("a yellow desert")
    assert part == Part("yellow desert", "concept", "desert_tent", "dunes", Colour("yellow"))


@pytest.mark.parametrize(("prompt", "native"), [("blue sky", True), ("pink sky", False)])
def test_a_colour_in_the_name_is_the_things_own(prompt: str, native: bool) -> None:
    (part,) = VOCABULARY.parts(prompt)
    assert (part.meaning, part.native) == ("blue_sky", native)
    assert part.colour == Colour(prompt.split()[0])


def test_the_shade_in_a_name_is_the_things_own_too() -> None:
    (part,) = Vocabulary({"light blue heart": "heart"}).parts("a light blue heart")
    assert (part.colour, part.native) == (Colour("blue", "light"), True)


@given(st.lists(st.sampled_from([*THINGS, *SURFACES, *COLOURS, "with", "and", ",", "odd", "the"])))
def test_no_word_counts_twice_and_none_that_says_something_is_lost(words: list[str]) -> None:
    prompt = " ".join(words)
    parts = VOCABULARY.parts(prompt)
    found = " ".join(part.text for part in parts).split()
    assert len(found) <= len(prompt.split())
    assert found.count("odd") == words.count("odd")
    assert all(part.meaning or part.kind == "unknown" for part in parts)


@given(st.text(max_size=40))
def test_any_text_has_parts(prompt: str) -> None:
    for part in VOCABULARY.parts(prompt):
        assert part.text
        assert (part.kind == "unknown") == (not part.meaning)


@pytest.mark.parametrize(
    ("many", "one"),
    [
        ("roses", "rose"),
        ("horses", "horse"),
        ("buses", "bus"),
        ("boxes", "box"),
        ("cherries", "cherry"),
        ("pies", "pie"),
        ("olives", "olive"),
        ("wolves", "wolf"),
        ("knives", "knife"),
        ("potatoes", "potato"),
        ("shoes", "shoe"),
        ("peaches", "peach"),
        ("horse shoes", "horse shoe"),
        ("field mice", "field mouse"),
        ("geese", "goose"),
    ],
)
def test_plurals(many: str, one: str) -> None:
    assert one in list(singular(many))


@pytest.mark.parametrize("word", ["glass", "moss", "dress", "glass dress"])
def test_words_that_are_no_plural(word: str) -> None:
    assert list(singular(word)) == [word]


@pytest.mark.parametrize(
    ("prompt", "unheeded"),
    [
        ("a black and white cat", ()),
        ("a red, blue and green cat", ("green",)),
        ("a fluffy red and dark blue cat", ("fluffy",)),
        ("a cat in red and white", ()),
        ("a red cat", ()),
        ("a red and white sky", ("white",)),  # surfaces have one
    ],
)
def test_colours_beyond_what_is_painted_are_said_to_have_no_effect(
    prompt: str, unheeded: tuple[str, ...]
) -> None:
    assert VOCABULARY.parts(prompt)[-1].unheeded == unheeded


@pytest.mark.parametrize(
    ("prompt", "first", "second"),
    [
        ("a black and white cat", "black", "white"),
        ("a white and black cat", "black", "white"),
        ("a fluffy red and dark blue cat", "red", "dark blue"),
        ("a cat in white and red", "red", "white"),
    ],
)
def test_a_thing_in_two_colours(prompt: str, first: str, second: str) -> None:
    said = VOCABULARY.parts(prompt)[-1].understood()
    assert (said["colour"], said["second_colour"]) == (first, second)


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ("dark blue sky with stars", [("starry_night", "dark blue", "dark blue sky stars")]),
        ("a sky full of white clouds", [("cloudy_sky", "", "sky white clouds")]),
        ("sky with red clouds", [("blue_sky", "", "sky"), ("cloud", "red", "red clouds")]),
        ("sky, stars", [("blue_sky", "", "sky"), ("star", "", "stars")]),
        ("sky with a cat", [("blue_sky", "", "sky"), ("cat", "", "cat")]),
    ],
)
def test_a_sky_with_stars_or_clouds_is_one_surface(
    prompt: str, expected: list[tuple[str, str, str]]
) -> None:
    things = {"star": "star", "cloud": "cloud", "cat": "cat"}
    surfaces = {"sky": "blue_sky", "starry sky": "starry_night", "cloudy sky": "cloudy_sky"}
    parts = Vocabulary(things, surfaces).parts(prompt)
    assert [(part.meaning, str(part.colour or ""), part.text) for part in parts] == expected


def test_a_sky_stays_plain_where_no_other_is_known() -> None:
    parts = Vocabulary({"star": "star"}, {"sky": "blue_sky"}).parts("a sky with stars")
    assert [part.meaning for part in parts] == ["blue_sky", "star"]
