"""How well what was typed fits a name: parts of words and letters in order count."""

from __future__ import annotations

_WORD, _INSIDE, _LETTERS = 4.0, 3.0, 2.0


def closeness(typed: str, text: str) -> float:
    """0 if a word of `typed` is not in `text`; the larger, the better it fits. Ours.

    A word fits best at the beginning of a word of `text`, then inside of one, then with its
    letters in order and not too far apart. Nothing typed fits everything.
    """
    wanted, name = typed.casefold().split(), text.casefold()
    parts = [_closeness_of_word(word, name) for word in wanted]
    if not all(parts):
        return 0.0
    # Among equals the shorter name, of which more was typed.
    return 1.0 + sum(parts) + sum(map(len, wanted)) / (1 + len(name))


def _closeness_of_word(word: str, name: str) -> float:
    if any(part.startswith(word) for part in name.split()):
        return _WORD
    if word in name:
        return _INSIDE
    span = _shortest_span(word, name)
    return _LETTERS * len(word) / span if span and span <= 3 * len(word) else 0.0


def _shortest_span(word: str, name: str) -> int:
    """How many letters of `name` hold those of `word` in order; 0 if none do."""
    spans = []
    for start, letter in enumerate(name):
        if letter != word[0]:
            continue
        at = start
        for wanted in word[1:]:
            at = name.find(wanted, at + 1)
            if at < 0:
                break
        else:
            spans.append(at - start + 1)
    return min(spans, default=0)
