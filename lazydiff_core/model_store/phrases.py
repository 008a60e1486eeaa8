"""Normalises taught words: lower case; letters, digits, hyphens and apostrophes."""

from __future__ import annotations

import re
from typing import Final

from lazydiff_core.errors import InputError

MAX_PHRASE_LETTERS: Final = 40


def words_of(text: str) -> list[str]:
    """The words of a text, in lower case."""
    return re.findall(r"[\w'-]+", text.lower())


def phrase_of(name: str) -> str:
    """The normalised name of a taught word; InputError if it is empty or too long."""
    phrase = " ".join(words_of(name))
    if not any(letter.isalnum() for letter in phrase):
        raise InputError("A word needs letters or digits.")
    if len(phrase) > MAX_PHRASE_LETTERS:
        raise InputError(f"A word can have at most {MAX_PHRASE_LETTERS} letters.")
    return phrase
