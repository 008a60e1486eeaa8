"""What of prompts is understood, with the words of the bundled model."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lazydiff_core.prompts.english import ASIDES
from lazydiff_core.prompts.languages import known_languages
from lazydiff_core.prompts.parts import Vocabulary
from lazydiff_core.prompts.reading import Note, PromptReader
from lazydiff_core.prompts.translation import readable
from tests.lazydiff_core.prompts.driving import bundled_reader

# Lettering, abstract words, nonsense, names: no model of this vocabulary has them.
UNKNOWABLE = """\
two men shaking hands
a crowd at a concert
children playing chess
the president giving a speech
a couple kissing
the word HELLO
the letters ABC in neon
a sign that says EXIT
graffiti tag
handwritten signature
Lorem ipsum
a logo for my company
freedom
justice
jealousy
inflation
bureaucracy
photosynthesis
nostalgia
the passage of time
quantum entanglement
democracy
melancholy
zorblax
a quindle
two flombers
wooden snarkbox
blue mimsy borogove
asdfgh
xqzzt
florbing a gribnak
portrait of Napoleon
Mona Lisa
Darth Vader
Sherlock Holmes in London
ein Mädchen tanzt
der Kanzler spricht
une femme qui danse
la liberté guidant le peuple
la felicidad
девушка танцует
свобода
跳舞的女孩
自由""".splitlines()

# What people write for known words: (prompt, word, colour).
NATURAL = [
    ("a red mushroom", "mushroom", "red"), ("mushrooms", "mushroom", ""),
    ("some mushrooms", "mushroom", ""), ("the mushroom", "mushroom", ""),
    ("a little red mushroom", "mushroom", "red"), ("two cats", "cat2", ""),
    ("a cute cat", "cat2", ""), ("an old house", "house", ""),
    ("a big green tree", "deciduous_tree", "green"), ("trees", "deciduous_tree", ""),
    ("a beautiful flower", "blossom", ""), ("blue flowers", "bouquet", "blue"),
    ("a butterfly", "butterfly", ""), ("butterflies", "butterfly", ""),
    ("three strawberries", "strawberry", ""), ("ripe cherries", "cherries", ""),
    ("a pair of dogs", "dog2", ""), ("puppies", "dog2", ""), ("a small bird", "bird", ""),
    ("blue birds", "bird", "blue"), ("a wooden chair", "chair", ""),
    ("a cup of coffee", "coffee", ""), ("coffee cup", "coffee", ""),
    ("a slice of pizza", "pizza", ""), ("ice cream", "icecream", ""),
    ("an ice cream cone", "icecream", ""), ("birthday cake", "birthday", ""),
    ("a parachute", "parachute", ""), ("a sailboat", "boat", ""), ("sailing boats", "boat", ""),
    ("a dark blue car", "blue_car", "dark blue"), ("a light green car", "car", "light green"),
    ("a grey elephant", "elephant", "grey"), ("gray elephants", "elephant", "grey"),
    ("a golden key", "key", "yellow"), ("purple grapes", "grapes", "purple"),
    ("a crown", "crown", ""), ("tomatoes", "tomato", ""), ("potatoes", "potato", ""),
    ("wolves", "wolf", ""), ("brick walls", "bricks", ""), ("a red brick wall", "bricks", "red"),
    ("green grass", "grass", "green"), ("the sea", "water", ""),
    ("a starry sky", "starry_night", ""), ("wooden planks", "wood", ""),
    ("a cat in red", "cat2", "red"), ("A Red Tulip!", "tulip", "red"),
    ("colourful balloons", "balloon", ""), ("a snowy forest", "forest", ""),
]  # fmt: skip

# A red mushroom and the like, in other languages; each is as good as its English.
TRANSLATED = [
    ("de", "ein roter Pilz", "a red mushroom"), ("de", "zwei schwarze Katzen", "two black cats"),
    ("de", "eine dunkelblaue Katze", "a dark blue cat"), ("de", "Häuser", "row of houses"),
    ("de", "Ziegelmauer", "brick wall"), ("de", "ein grüner Apfel", "a green apple"),
    ("fr", "un champignon rouge", "a red mushroom"), ("fr", "un chat noir", "a black cat"),
    ("fr", "des fleurs jaunes", "yellow flower"), ("fr", "une rose rouge", "a red rose"),
    ("es", "una seta roja", "a red mushroom"), ("es", "dos manzanas verdes", "two green apples"),
    ("it", "un fungo rosso", "a red mushroom"), ("it", "una mela verde", "a green apple"),
    ("pt", "um cogumelo vermelho", "a red mushroom"),
    ("pt", "um gato azul claro", "a light blue cat"),
    ("nl", "een rode paddenstoel", "a red mushroom"), ("pl", "czerwonego grzyba", "red mushroom"),
    ("ru", "красные грибы", "red mushroom"), ("ru", "голубое небо", "blue sky"),
    ("uk", "червоний гриб", "red mushroom"), ("tr", "mavi bir kedi", "a blue cat"),
    ("zh", "一朵红色的郁金香", "a red tulip"), ("zh", "砖墙", "brick wall"),
    ("ja", "赤いキノコ", "red mushroom"),
    ("ja", "青い猫と犬", "blue cat and dog"), ("ko", "빨간 버섯", "red mushroom"),
    ("ar", "فطر أحمر", "red mushroom"), ("ar", "قطة وكلب", "cat and dog"),
    ("hi", "एक लाल मशरूम", "a red mushroom"), ("sv", "en röd svamp", "a red mushroom"),
    ("cs", "červená houba", "red mushroom"), ("ro", "o ciupercă roșie", "a red mushroom"),
    ("el", "ένα κόκκινο μήλο", "a red apple"), ("hu", "egy piros alma", "a red apple"),
    ("fi", "punainen omena", "red apple"), ("he", "תפוח ירוק", "green apple"),
    ("fa", "سیب سبز", "green apple"), ("th", "แอปเปิ้ลสีเขียว", "green apple"),
    ("vi", "nấm đỏ", "red mushroom"), ("id", "jamur merah", "red mushroom"),
    ("bn", "সবুজ আপেল", "green apple"),
]  # fmt: skip


@pytest.mark.parametrize("prompt", UNKNOWABLE)
def test_what_no_such_model_knows_is_said(prompt: str) -> None:
    assert bundled_reader().read(prompt).unknown


@pytest.mark.parametrize(("prompt", "word", "colour"), NATURAL)
def test_natural_phrasings_are_understood(prompt: str, word: str, colour: str) -> None:
    reading = bundled_reader().read(prompt)
    assert not reading.unknown
    first = reading.parts[0]
    assert (first.meaning, str(first.colour or "")) == (word, colour)


@pytest.mark.parametrize(("code", "prompt", "english"), TRANSLATED)
def test_other_languages_are_read_as_english(code: str, prompt: str, english: str) -> None:
    reading = bundled_reader().read(prompt)
    assert (reading.language, reading.english, reading.unknown) == (code, english, ())
    own = bundled_reader().read(english)
    assert [part.meaning for part in reading.parts] == [part.meaning for part in own.parts]
    assert [part.colour for part in reading.parts] == [part.colour for part in own.parts]


@pytest.mark.parametrize(
    ("prompt", "language", "read_in", "known"),
    [
        ("Gift", "en", "en", True),  # a present
        ("Gift", "de", "de", False),  # poison
        ("ein Gift", "en", "de", False),
        ("chat", "en", "fr", True),
        ("rose", "fr", "fr", True),
        ("a chair", "fr", "en", True),
        ("burger", "de", "en", True),  # no castle
        ("sunflower", "de", "en", True),
        ("hut", "de", "de", True),  # a hat
    ],
)
def test_where_a_word_means_two_things(
    prompt: str, language: str, read_in: str, known: bool
) -> None:
    reading = bundled_reader().read(prompt, language)
    assert reading.language == read_in
    assert bool(reading.unknown) is not known


@pytest.mark.parametrize(
    "prompt",
    ["a man", "man", "blank", "a hand", "flag", "a cat wearing no hat"],
)
def test_no_language_takes_english_by_chance(prompt: str) -> None:
    """Danish has a river and a moon, Turkish a buffalo in "a man", Swedish a ring in "wearing"."""
    assert bundled_reader().read(prompt).language == "en"


def test_mixed_languages_are_said() -> None:
    reading = bundled_reader().read("ein roter mushroom", "de")
    assert (reading.language, reading.mixed, reading.english) == ("de", ("en",), "a red mushroom")


@pytest.mark.parametrize(
    ("word", "language", "near"),
    [
        ("mushrom", "en", "mushroom"), ("buterfly", "en", "butterfly"),
        ("strawbery", "en", "strawberry"), ("elefant", "en", "elephant"),
        ("Schmeterling", "de", "Schmetterling"), ("Pilz", "en", "mushroom"),
    ],
)  # fmt: skip
def test_slips_of_the_pen_are_mended(word: str, language: str, near: str) -> None:
    assert near in bundled_reader().suggestions(word, language)


def test_what_is_close_is_shown_by_its_name() -> None:
    (part,) = bundled_reader().read("a kitty").parts
    assert (part.kind, part.text, part.name) == ("nearest", "kitty", "cat2")
    assert bundled_reader().read("a kitty").english == "a cat"
    (tree,) = bundled_reader().read("ein Apfelbaum").parts
    assert (tree.kind, tree.meaning) == ("nearest", "deciduous_tree")


@pytest.mark.parametrize(
    "prompt",
    [
        *("a woman with medium-light skin", "a dark-skinned man", "a teddy-bear", "a T-shirt"),
        *("a merry-go-round", "a blue-green vase", "two red balloons", "eine dunkelhäutige Frau"),
    ],
)
def test_the_model_gets_what_is_said_to_be_understood(prompt: str) -> None:
    """It reads once more what it gets."""
    reader = bundled_reader()
    reading = reader.read(prompt)
    anew = reader.vocabulary.parts(reading.english)
    said = [(part.meaning, part.colour, part.tone, part.count) for part in reading.parts]
    assert said == [(part.meaning, part.colour, part.tone, part.count) for part in anew]
    assert all(part.meaning for part in anew)


def test_english_stays_as_it_was_written() -> None:
    assert bundled_reader().read("A  Red tulip, flat").english == "A  Red tulip, flat"


@pytest.mark.parametrize(
    ("prompt", "style", "text"),
    [("a flat red tulip", "flat", "red tulip"), ("eine rote Tulpe, flach", "flat", "rote tulpe"),
     ("flat shoe", "", "flat shoe")],
)  # fmt: skip
def test_styles(prompt: str, style: str, text: str) -> None:
    reading = bundled_reader().read(prompt)
    assert (reading.style, [part.text for part in reading.parts]) == (style, [text])


def test_what_is_not_obeyed_is_noted() -> None:
    reading = bundled_reader().read("twelve cats with a (red:1.4) hat <lora:x:1>")
    assert reading.notes == (
        Note("weight", "(red:1.4)"),
        Note("extra", "<lora:x:1>"),
        Note("unheeded", "twelve"),
        Note("left-out", "red hat"),
    )
    assert not reading.unknown


@pytest.mark.parametrize(
    ("prompt", "language", "english", "avoided"),
    [
        ("a cat without a hat", "en", "a cat", "a hat"),
        ("a red tulip, no leaves, on grass", "en", "a red tulip, on grass", "leaves"),
        ("a cat without hat or shoes in the snow", "en", "a cat in the snow", "hat or shoes"),
        ("a cat but no dog", "en", "a cat", "dog"),
        ("no cat", "en", "", "cat"),  # no roof, which "cat" is in Turkish
        ("see no evil monkey", "en", "see no evil monkey", ""),
        ("eine Katze ohne Hut", "de", "a cat", "hat"),
        ("keine Wolken", "de", "", "cloud"),
        ("un chat sans chapeau", "fr", "a cat", "hat"),
        ("кошка без шляпы", "ru", "cat", "hat"),
    ],
)
def test_what_is_not_to_be_there_is_not_asked_for(
    prompt: str, language: str, english: str, avoided: str
) -> None:
    reading = bundled_reader().read(prompt)
    assert (reading.language, reading.english, reading.avoided) == (language, english, avoided)
    assert not reading.unknown
    assert [note.kind for note in reading.notes if note.kind == "avoided"] == ["avoided"] * bool(
        avoided
    )
    own = bundled_reader().read(english)
    assert [part.meaning for part in reading.parts] == [part.meaning for part in own.parts]


def test_a_negation_of_nothing_is_not_known() -> None:
    assert bundled_reader().read("no").unknown == ("no",)
    assert bundled_reader().read("without").unknown == ("without",)
    assert bundled_reader().read("nichts", "de").unknown == ("nichts",)


def test_what_is_not_english_is_shown_without_its_mark() -> None:
    english = bundled_reader().read("zwei rote Pilze auf einem Tisch").english
    assert readable(english) == "two red mushrooms with a tisch"


def test_a_model_of_whole_texts_reads_everything() -> None:
    reading = PromptReader().read("people [dancing]", "de")
    assert (reading.english, reading.language) == ("people dancing", "")
    assert [part.kind for part in reading.parts] == ["text"]
    assert PromptReader().read(" ").parts == ()


def test_other_vocabularies_have_their_own_words() -> None:
    reader = PromptReader(Vocabulary({"zorb": "taught zorb"}))
    reading = reader.read("ein roter Zorb und ein Pilz", "de")
    assert [(part.kind, part.text) for part in reading.parts] == [
        ("taught", "roter zorb"),
        ("unknown", "pilz"),
    ]


@given(st.text(max_size=30), st.sampled_from(["", "de", "zh", "xx"]))
def test_any_text_can_be_read(prompt: str, language: str) -> None:
    reading = bundled_reader().read(prompt, language)
    again = bundled_reader().vocabulary.parts(reading.english)
    assert [p.meaning for p in again if p.meaning] == [
        p.meaning for p in reading.parts if p.meaning
    ]


@pytest.mark.parametrize("code", ["de", "fr", "ru", "zh", "ar"])
def test_names_with_joining_words_in_their_english(code: str) -> None:
    reader, language = bundled_reader(), known_languages()[code]
    tried = [
        (said, english) for said, english in language.shown.items() if set(english.split()) & ASIDES
    ]
    assert len(tried) > 10
    for said, english in tried:
        if len(english.split()) > 2 and "," not in said:
            reading = reader.read(said, code)
            assert reading.parts[0].meaning in reader.vocabulary.named(english), said


def test_plain_english_does_not_wait_for_the_tables_of_other_languages(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def unwanted() -> None:
        raise AssertionError("the tables were read")

    monkeypatch.setattr("lazydiff_core.prompts.translation.known_languages", unwanted)
    assert bundled_reader().read("a dark blue car and two red tulips").language == "en"


@pytest.mark.parametrize("word", ["tank", "pan", "a pan", "a red tank"])
def test_english_words_that_are_not_known_are_no_other_language(word: str) -> None:
    """A pan is no Spanish bread; Spaniards have theirs."""
    reading = bundled_reader().read(word)
    assert (reading.language, reading.mixed) == ("en", ())
    assert reading.missing == (word.split()[-1],)


def test_the_word_of_the_artists_language_wins_over_english() -> None:
    assert bundled_reader().read("pan", "es").language == "es"


@pytest.mark.parametrize(
    ("prompt", "english", "word", "count"),
    [
        ("\U0001f431", "cat face", "cat", 1),
        ("\U0001f431\U0001f431\U0001f431", "3 cat face", "cat", 3),
        ("a red \U0001f344", "a red mushroom", "mushroom", 1),
        ("\u2600\ufe0f", "sun", "sunny", 1),
        ("\U0001f49e", "heart", "heart", 1),
        ("\u2764\ufe0f", "heart", "heart", 1),
    ],
)
def test_an_emoji_is_the_thing_that_it_shows(
    prompt: str, english: str, word: str, count: int
) -> None:
    reading = bundled_reader().read(prompt)
    assert reading.english == english
    (part,) = reading.parts
    assert (part.meaning, part.count) == (word, count)
    assert not reading.unknown


def test_an_emoji_that_no_word_stands_for_is_not_understood() -> None:
    assert bundled_reader().read("\U0001f190").unknown == ("square dj",)


@pytest.mark.parametrize("prompt", ["remove the cat", "Erase this!", "entferne die Katze"])
def test_a_prompt_that_asks_for_something_to_go(prompt: str) -> None:
    assert "removal" in [note.kind for note in bundled_reader().read(prompt).notes]


def test_a_name_that_only_contains_such_a_word_is_no_such_prompt() -> None:
    assert not bundled_reader().read("a cat to remove").notes
