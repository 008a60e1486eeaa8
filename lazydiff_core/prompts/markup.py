"""The signs that prompts borrow from other programs: choices, weights, LoRAs.

`{red|blue} tulip`: one of several texts, chosen by the seed, so that variants, whose seeds follow
each other, get different ones. `(red:1.3)`, `((red))`, `[red]` and `<lora:name:0.8>` say how much
something counts and which weights to add; no model here can be told that in a prompt, so the text
is read without them and the artist is told.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_CHOICE: Final = re.compile(r"\{([^{}]*\|[^{}]*)\}")
_WEIGHT: Final = re.compile(r"\(([^():]+):\s*-?\d+(?:\.\d+)?\s*\)")
_EMPHASIS: Final = re.compile(r"\(\(+([^()]+)\)\)+|\[+([^\[\]]+)\]+")
_EXTRA: Final = re.compile(r"<(?:lora|lyco|hypernet):[^<>]*>", re.IGNORECASE)
_MAX_ROUNDS: Final = 20  # choices inside of choices


@dataclass(frozen=True)
class Plain:
    """A prompt without markup. weighted: what was weighted. extras: what was to be added."""

    text: str
    weighted: tuple[str, ...] = ()
    extras: tuple[str, ...] = ()


def choices_in(prompt: str) -> int:
    """How many texts a prompt stands for."""
    count = 1
    for found in _CHOICE.finditer(prompt):
        count *= found[1].count("|") + 1
    return count


def chosen(prompt: str, seed: int) -> str:
    """The text that a prompt with choices stands for at a seed; others are as they were.

    Seeds that follow each other take all of the texts in turn.
    """
    for _ in range(_MAX_ROUNDS):
        if _CHOICE.search(prompt) is None:
            break
        parts: list[str] = []
        end = 0
        for found in _CHOICE.finditer(prompt):
            options = found[1].split("|")
            seed, place = divmod(seed, len(options))
            parts += [prompt[end : found.start()], options[place].strip()]
            end = found.end()
        prompt = " ".join("".join([*parts, prompt[end:]]).split())
    return prompt


def plain(prompt: str) -> Plain:
    """A prompt, its choices made, without weights and the like."""
    extras = tuple(_EXTRA.findall(prompt))
    text = _EXTRA.sub(" ", prompt)
    weighted: list[str] = []

    def read(found: re.Match[str]) -> str:
        inside = next(group for group in found.groups() if group is not None)
        weighted.append(found[0])
        return inside

    for pattern in (_WEIGHT, _EMPHASIS):
        text = pattern.sub(read, text)
    if not (extras or weighted):
        return Plain(prompt)
    return Plain(" ".join(text.split()), tuple(weighted), extras)
