"""What the last words of a prompt may be meant to become, of the things a model knows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

MOST = 7
_MIN_LETTERS = 2
_MAX_WORDS = 5


@dataclass(frozen=True)
class Completion:
    """start: where in the text the words begin that one of `words` may take the place of."""

    start: int
    words: tuple[str, ...] = ()


def complete(text: str, concepts: Sequence[str]) -> Completion:
    """Concepts that begin like the end of the text, or one word of which does.

    Of all ends, from five words down to the one being typed, the longest that fits counts: after
    "a red mush" come "red mushroom" and what else begins so, not every mushroom.
    """
    for start in _starts(text):
        end = text[start:].casefold()
        if len(end.strip()) < _MIN_LETTERS:
            break
        found = _like(end, concepts)
        if found:
            done = end in (concept.casefold() for concept in found)
            return Completion(start, () if done else found[:MOST])
    return Completion(len(text))


def _starts(text: str) -> list[int]:
    """Where the last words begin, the longest end first."""
    starts = [k for k in range(len(text)) if text[k].isalnum() and (k == 0 or _parts(text[k - 1]))]
    return starts[-_MAX_WORDS:]


def _parts(letter: str) -> bool:
    return not letter.isalnum() and letter not in "-'"


def _like(end: str, concepts: Sequence[str]) -> tuple[str, ...]:
    begins = [concept for concept in concepts if concept.casefold().startswith(end)]
    inside = [c for c in concepts if f" {end}" in c.casefold() and c not in begins]
    return (*begins, *inside)
