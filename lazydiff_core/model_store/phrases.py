"""Words as people write them: lower case, letters, digits, hyphens and apostrophes."""

from __future__ import annotations

import re
from typing import Final

from lazydiff_core.errors import InputError

LONGEST_PHRASE: Final = 40


def written(text: str) -> list[str]:
    """The words of a text, lower case."""
    return re.findall(r"[\w'-]+", text.lower())


def phrase_of(name: str) -> str:
    """What a taught thing is called; InputError where that is nothing, or too long."""
    phrase = " ".join(written(name))
    if not any(letter.isalnum() for letter in phrase):
        raise InputError("A word needs letters or digits.")
    if len(phrase) > LONGEST_PHRASE:
        raise InputError(f"A word can have {LONGEST_PHRASE} letters at most.")
    return phrase
