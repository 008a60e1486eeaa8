"""Tones of skin in prompts: "with dark skin", "light skinned", "a black woman"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from lazydiff_core.images.colour_names import Colour

TONED: Final = "toned "  # before the name of a word that is known in every tone of skin
TONES: Final = ("light", "medium light", "medium", "medium dark", "dark")
SKIN: Final = frozenset(("skin", "skinned", "complexion", "skintone"))
# Words before "skin" -> its tone.
_TONES: Final = {
    "light": "light", "pale": "light", "fair": "light", "white": "light",
    "tan": "medium", "tanned": "medium", "olive": "medium", "medium": "medium",
    "brown": "medium dark", "dark": "dark", "deep": "dark", "black": "dark",
}  # fmt: skip
# A colour before a person -> the tone that is meant by it.
_CALLED: Final = {"white": "light", "brown": "medium dark", "black": "dark"}


def tone_at(words: Sequence[str]) -> tuple[str, int]:
    """The tone that words begin with and how many say it; ("", 0) where none does."""
    count = next((k for k, word in enumerate(words) if word not in _TONES), len(words))
    if not count or words[count : count + 1] == [] or words[count] not in SKIN:
        return "", 0
    said = " ".join(words[:count])
    tone = said if said in TONES else _TONES[words[count - 1]]
    if said in ("light brown", "pale brown"):
        tone = "medium light"
    stop = count + 1
    while stop < len(words) and words[stop] in ("tone", "colour", "color"):
        stop += 1
    return tone, stop


def tone_of(colour: Colour) -> str:
    """The tone that a colour says of a person, "" where it says none."""
    return _CALLED.get(colour.name, "")
