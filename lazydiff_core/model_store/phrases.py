"""Normalises taught words: lower case; letters, digits, hyphens and apostrophes."""

from __future__ import annotations

import re
from typing import Final

from lazydiff_core.errors import InputError

MAX_PHRASE_LETTERS: Final = 40
# Marks that belong to the letter before them and count as none by themselves: accents, vowels of
# Hebrew, Arabic, the scripts of India and Thai, and what joins letters.
_MARKS: Final = (
    "\u0300-\u036f\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0963\u0970-\u0dff"
    "\u0e31-\u0e3a\u0e47-\u0e4e\u200c\u200d"
)
_WORD: Final = re.compile(rf"[\w'{_MARKS}-]+")


def words_of(text: str) -> list[str]:
    """The words of a text, in lower case."""
    return _WORD.findall(text.replace("\u2019", "'").lower())


def phrase_of(name: str) -> str:
    """The normalised name of a taught word; InputError if it is empty or too long."""
    phrase = " ".join(words_of(name))
    if not any(letter.isalnum() for letter in phrase):
        raise InputError("A word needs letters or digits.")
    if len(phrase) > MAX_PHRASE_LETTERS:
        raise InputError(f"A word can have at most {MAX_PHRASE_LETTERS} letters.")
    return phrase
