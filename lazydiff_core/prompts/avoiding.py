"""What a prompt asks to leave out: "a cat without a hat", "no clouds"."""

from __future__ import annotations

from collections.abc import Sequence

from lazydiff_core.prompts.breath import Token
from lazydiff_core.prompts.english import ASIDES, FILLERS, NEGATIONS
from lazydiff_core.prompts.parts import Vocabulary

_GOES_ON = ("and", "or")  # "without hat or shoes"


def parted(
    tokens: Sequence[Token], vocabulary: Vocabulary
) -> tuple[tuple[Token, ...], tuple[Token, ...]]:
    """Tokens of what is to be painted, and of what is to be left out.

    What is left out ends at a comma or at the next "in", "with" and the like. A negation in a name
    ("no entry") is part of the name.
    """
    named = {k for start, stop in vocabulary.matches(tokens) for k in range(start, stop)}
    wanted: list[Token] = []
    avoided: list[Token] = []
    is_avoided = False
    for k, token in enumerate(tokens):
        if token.word in NEGATIONS and k not in named:
            is_avoided = True
            avoided.append(Token("", apart=True, said=""))
            if token.apart:  # what comes after is still not said of what came before
                wanted.append(Token("", apart=True, said=""))
            continue
        ends = token.apart or (token.word in ASIDES and token.word not in _GOES_ON)
        if ends and k not in named:
            is_avoided = False
        (avoided if is_avoided else wanted).append(token)
    found = _trimmed(avoided)
    return (_trimmed(wanted), found) if found else (tuple(tokens), ())  # "no" of nothing


def _trimmed(tokens: Sequence[Token]) -> tuple[Token, ...]:
    """Tokens without what nothing follows, or nothing stands before."""
    words = [token for token in tokens if token.word]
    while words and words[-1].word in (*ASIDES, *FILLERS):
        words.pop()
    return tuple(words)
