"""Emoji in prompts, by the names that Unicode gives them."""

from __future__ import annotations

import unicodedata
from itertools import groupby

from lazydiff_core.prompts.english import singular
from lazydiff_core.prompts.parts import Vocabulary
from lazydiff_core.prompts.skin import TONES

# What only changes the emoji before it, or joins two: presentation, joiners.
_ADDED = frozenset(map(chr, (0x200D, 0xFE0E, 0xFE0F, 0x20E3)))
_TONES = {chr(0x1F3FB + k): f"with {tone} skin" for k, tone in enumerate(TONES)}
# Older names tell filled signs from outlined ones, and not colours: the heavy black heart is red.
_LATER = "\U0001f000"
_DRAWN = frozenset(("heavy", "black", "white"))


def spelled(prompt: str, vocabulary: Vocabulary) -> str:
    """The prompt with each emoji as words, several alike as a number; other texts as they are."""
    if not any(map(_is_emoji, prompt)):
        return prompt
    text = ""
    letters = (letter for letter in prompt if letter not in _ADDED)
    for letter, alike in groupby(letters):
        count = len(list(alike))
        if letter in _TONES:
            text = f"{text.rstrip()} {_TONES[letter]}, "
            continue
        if not _is_emoji(letter):
            text += letter * count
            continue
        name = _name(letter, vocabulary)
        text += f" {count} {name} " if count > 1 else f" {name} "
    return " ".join(text.split())


def _is_emoji(letter: str) -> bool:
    return unicodedata.category(letter) == "So"


def _name(letter: str, vocabulary: Vocabulary) -> str:
    """The longest part of its name that is known, else all of it: a sparkling heart is a heart."""
    name = unicodedata.name(letter, "emoji").lower().replace("-", " ")
    words = name.partition(" with ")[0].split()
    if letter < _LATER:
        words = [word for word in words if word not in _DRAWN]
        name = " ".join(words)
    count = len(words)
    parts = (
        " ".join(words[start : start + length])
        for length in range(count, 0, -1)
        for start in range(count - length, -1, -1)
    )
    whole = (name, *parts)
    said = (said for part in whole for said in singular(part))
    return next(
        (one for one in said if one in vocabulary.things or one in vocabulary.surfaces), name
    )
