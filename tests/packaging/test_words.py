"""What packaging/word_names.py and word_pictures.py made fits the bundled model."""

from __future__ import annotations

import json
import lzma

import pytest
from PIL import Image

from lazydiff_core.images.colour_names import COLOURS
from lazydiff_core.prompts.english import is_grammar
from lazydiff_core.prompts.languages import known_languages, synonyms
from lazydiff_core.storage.resources import resource
from tests.lazydiff_core.prompts.driving import bundled_reader


def test_every_word_has_a_picture() -> None:
    index = json.loads(resource("words/pictures.json").read_text(encoding="utf-8"))
    assert set(index["words"]) == set(bundled_reader().names)
    with Image.open(resource("words/pictures.webp")) as sheet:
        rows = -(-len(index["words"]) // index["columns"])
        assert sheet.size == (index["columns"] * index["side"], rows * index["side"])


def test_every_name_means_something() -> None:
    vocabulary = bundled_reader().vocabulary
    for said, english in synonyms().items():
        assert all(part.meaning for part in vocabulary.parts(english)), (said, english)
        assert not any(vocabulary.named(said)), said
    for line in lzma.decompress(resource("words/names.json.xz").read_bytes()).decode().splitlines():
        code, names = json.loads(line)
        assert len(names) > 700, code
        for said, english in names.items():
            assert any(vocabulary.named(english.removeprefix("~"))), (code, said, english)


@pytest.mark.parametrize("code", known_languages())
def test_what_the_tables_say_is_english_that_is_understood(code: str) -> None:
    vocabulary = bundled_reader().vocabulary
    for said, english in known_languages()[code].shown.items():
        words = english.split()
        known = any(vocabulary.named(english)) or all(map(is_grammar, words))
        assert known, (code, said, english)


@pytest.mark.parametrize("code", known_languages())
def test_every_language_names_the_colours(code: str) -> None:
    named = set(known_languages()[code].shown.values())
    assert len(set(COLOURS) & named) >= 11
