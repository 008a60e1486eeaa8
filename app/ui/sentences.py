"""Translation of the core's messages into the artist's language."""

from __future__ import annotations

import re
from functools import cache

from app.ui.translation import translate
from lazydiff_core.storage.resources import resource


def in_words(sentence: str) -> str:
    """Translate a sentence of the core by its pattern; an unknown sentence stays as it is.

    The text in a blank may itself be a sentence of the core.
    """
    for pattern, shape in _shapes():
        found = pattern.fullmatch(sentence)
        if found is not None:
            return translate("Sentences", shape).format(*map(in_words, found.groups()))
    return sentence


def all_in_words(sentences: str) -> str:
    """Translate several sentences of the core, one after another."""
    whole = in_words(sentences)
    if whole != sentences:
        return whole
    return " ".join(map(in_words, re.split(r"(?<=\.) (?=[A-Z])", sentences)))


@cache
def _shapes() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Patterns and their source sentences, the most specific first."""
    shapes = resource("translations/sentences.txt").read_text(encoding="utf-8").splitlines()
    shapes.sort(key=lambda shape: -len(shape.replace("{}", "")))
    parts = ((map(re.escape, shape.split("{}")), shape) for shape in shapes)
    return tuple((re.compile("(.+?)".join(part), re.DOTALL), shape) for part, shape in parts)
