"""People, their skin, and what they do, with the words of the bundled model."""

from __future__ import annotations

import pytest

from lazydiff_core.prompts.english import singular
from lazydiff_core.prompts.skin import TONES, tone_at
from tests.lazydiff_core.prompts.driving import bundled_reader


@pytest.mark.parametrize(
    ("prompt", "language", "word", "tone"),
    [
        ("a woman", "en", "woman", ""),
        ("a woman with dark skin", "en", "woman", "dark"),
        ("a boy, light skin", "en", "boy", "light"),
        ("a dark-skinned man", "en", "man", "dark"),
        ("a girl with medium dark skin", "en", "girl", "medium dark"),
        ("a man with light brown skin", "en", "man", "medium light"),
        ("a firefighter with a tan skin tone", "en", "firefighter", "medium"),
        ("a black woman", "en", "woman", "dark"),
        ("an old white man", "en", "man", "light"),
        ("an old man with brown skin", "en", "older_man", "medium dark"),
        ("a woman on a bench with dark skin", "en", "woman", "dark"),
        ("\U0001f469\U0001f3ff", "en", "woman", "dark"),
        ("\U0001f44d\U0001f3fb", "en", "+1", "light"),
        ("ein Junge mit heller Haut", "de", "boy", "light"),
        ("eine dunkelhäutige Köchin", "de", "female-cook", "dark"),
        ("ein alter Mann", "de", "older_man", ""),
        ("eine Frau mit blonden Haaren", "de", "blond-haired-woman", ""),
        ("ein Feuerwehrmann", "de", "male-firefighter", ""),
        ("une femme", "fr", "woman", ""),
        ("una niña", "es", "girl", ""),
        ("女の子", "ja", "girl", ""),
    ],
)
def test_a_person_and_the_tone_of_the_skin(
    prompt: str, language: str, word: str, tone: str
) -> None:
    reading = bundled_reader().read(prompt, language)
    part = reading.parts[0]
    assert (part.understood()["as"], part.tone) == (word, tone)
    assert not reading.unknown
    assert part.understood().get("skin", "") == tone


def test_each_tone_is_named_as_it_is_shown() -> None:
    for tone in TONES:
        assert tone_at([*tone.split(), "skin"]) == (tone, len(tone.split()) + 1)
    assert tone_at(["dark", "forest"]) == ("", 0)


def test_two_people_have_each_their_own_skin() -> None:
    parts = bundled_reader().read("a boy with dark skin and a girl with light skin").parts
    assert [(part.name, part.tone, part.aside) for part in parts] == [
        ("boy", "dark", False),
        ("girl", "light", True),  # said of the boy, as what follows "with" is
    ]


@pytest.mark.parametrize(
    ("prompt", "unheeded"),
    [("a woman in red", "red"), ("a blue man", "blue"), ("a cat with dark skin", "dark skin")],
)
def test_people_are_not_recoloured_and_that_is_said(prompt: str, unheeded: str) -> None:
    (part,) = bundled_reader().read(prompt).parts
    assert part.unheeded == (unheeded,)
    assert part.colour is None
    assert part.tone == ""


@pytest.mark.parametrize(
    ("prompt", "word", "unheeded", "left_out"),
    [
        ("a tiny mouse eating cheese", "mouse2", ("tiny", "eating"), "cheese"),
        ("a boy flying a kite", "toned boy", ("flying",), "kite"),
        ("a woman knitting", "toned woman", ("knitting",), ""),
        ("a man walking a dog", "toned man-walking", (), "dog"),
        ("a robot waving", "robot_face", ("waving",), ""),
        ("a girl wearing a hat", "toned girl", (), "hat"),
        ("a basket full of apples", "basket", ("full",), "apples"),
    ],
)
def test_who_does_something_is_painted_and_not_what_it_is_done_to(
    prompt: str, word: str, unheeded: tuple[str, ...], left_out: str
) -> None:
    reading = bundled_reader().read(prompt)
    assert (reading.parts[0].meaning, reading.parts[0].unheeded) == (word, unheeded)
    assert [note.text for note in reading.notes if note.kind == "left-out"] == (
        [left_out] if left_out else []
    )
    assert not reading.unknown


@pytest.mark.parametrize(
    ("prompt", "language", "count"),
    [
        ("butterflies", "en", 3),
        ("a butterfly", "en", 1),
        ("rabbits in the meadow", "en", 3),
        ("red boots", "en", 2),
        ("five frogs", "en", 5),
        ("flowers", "en", 1),  # a bouquet: one picture of many
        ("cherries", "en", 1),
        ("ducklings", "en", 3),
        ("people", "en", 3),
        ("a crowd of people", "en", 6),
        ("rote Tulpen", "de", 3),
        ("Vögel", "de", 3),
        ("ein Vogel", "de", 1),
        ("der Hase", "de", 1),
        ("einen Hasen", "de", 1),
        ("des chats", "fr", 3),
        ("le chat", "fr", 1),
        ("gatos", "es", 3),
    ],
)
def test_a_plural_without_a_number_is_several(prompt: str, language: str, count: int) -> None:
    assert bundled_reader().read(prompt, language).parts[0].count == count


@pytest.mark.parametrize(
    ("prompt", "word", "colour"),
    [
        ("a glass of water", "glass_of_milk", "light blue"),
        ("a bottle of wine", "champagne", ""),
        ("my grandmother", "toned older_woman", ""),
        ("baseball bat", "cricket_bat_and_ball", ""),
    ],
)
def test_phrases_that_are_close_to_what_is_known(prompt: str, word: str, colour: str) -> None:
    (part,) = bundled_reader().read(prompt).parts
    assert (part.kind, part.meaning, str(part.colour or "")) == ("nearest", word, colour)


@pytest.mark.parametrize(
    ("prompt", "unheeded"),
    [
        ("a rusty metal spoon", "rusty metal"),
        ("a mountain river", "mountain"),
        ("desert dunes", ""),
        ("a dark forest", "dark"),
        ("a mossy tree", "mossy"),
    ],
)
def test_words_that_are_known_and_not_painted_are_said(prompt: str, unheeded: str) -> None:
    (part,) = bundled_reader().read(prompt).parts
    assert " ".join(part.unheeded) == unheeded


@pytest.mark.parametrize(
    ("prompt", "unheeded"),
    [("a cartoon woman", ["cartoon"]), ("a glossy woman", []), ("a cartoon cat", [])],
)
def test_people_are_known_in_the_usual_style_alone(prompt: str, unheeded: list[str]) -> None:
    notes = bundled_reader().read(prompt).notes
    assert [note.text for note in notes if note.kind == "unheeded"] == unheeded


def test_an_irregular_plural() -> None:
    assert "person" in singular("people")


@pytest.mark.parametrize(
    ("language", "prompt", "word"),
    [
        ("de", "ein Schneemann", "snowman_without_snow"),  # no man
        ("de", "eine Tasse Tee", "tea"),
        ("de", "ein Leuchtturm auf einem Hügel", "lighthouse"),
        ("de", "Laterne", "street_lamp"),
        ("de", "Herbstlaub", "autumn_leaves"),
        ("de", "Holzboden", "parquet"),
        ("fr", "une cascade", "waterfall"),
        ("es", "un molino", "windmill"),
        ("it", "un ponte", "stone_bridge"),
        ("nl", "een heuvel", "hill"),
    ],
)
def test_things_have_names_in_other_languages(language: str, prompt: str, word: str) -> None:
    reading = bundled_reader().read(prompt, language)
    assert reading.parts[0].meaning == word
    assert reading.language == language
