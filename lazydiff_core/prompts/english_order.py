"""The order in which English says what is said of a thing: before it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from lazydiff_core.prompts.breath import Token
from lazydiff_core.prompts.english import (
    ASIDES,
    FILLERS,
    NUMBERS,
    QUALITIES,
    SHADES,
    STYLE_WORDS,
    colour_of,
    is_grammar,
)
from lazydiff_core.prompts.languages import Language
from lazydiff_core.prompts.parts import Vocabulary


def breaths(tokens: Sequence[Token]) -> Iterator[tuple[bool, list[Token]]]:
    """What is said up to the next comma, "and" or "with", which begins what follows it."""
    breath: list[Token] = []
    apart = False
    for token in tokens:
        joins = token.word in ASIDES and token.said != ""  # not within a name: "sun behind cloud"
        if token.apart or joins:
            if breath:
                yield apart, breath
            breath, apart = [], token.apart
        if token.word:
            breath.append(token._replace(apart=False))
    if breath:
        yield apart, breath


def in_order(breath: list[Token], language: Language, vocabulary: Vocabulary) -> list[Token]:
    """Joining word, article, number, qualities, style, shade, colour, thing."""
    words = [[token] for token in breath if token.said != ""]
    place = -1
    for token in breath:
        if token.said != "":
            place += 1
        else:
            words[place].append(token)

    def rank(word: list[Token]) -> int:
        said = " ".join(token.word for token in word)
        ranks = (
            said in ASIDES,
            said in FILLERS,
            said in NUMBERS,
            said in QUALITIES,
            said in STYLE_WORDS,
            not (is_grammar(said) or any(vocabulary.named(said)) or len(word) > 1),
            said in SHADES,
            all(colour_of(one.word) or one.word in SHADES for one in word),
        )
        return ranks.index(True) if any(ranks) else len(ranks)

    ordered = sorted(words, key=rank)
    groups = {key: list(group) for key, group in groupby(ordered, key=rank)}
    things = groups.get(8, [])
    if language.head_first and len(things) > 1:
        groups[8] = things[::-1]
    if things and len(groups.get(2, ())) == 1:
        last = groups[8][-1]
        last[-1] = plural(last, vocabulary)
    return [token for group in groups.values() for word in group for token in word]


def plural(thing: Sequence[Token], vocabulary: Vocabulary) -> Token:
    """The last word of several things, if the vocabulary knows them by it, too."""
    *before, last = (token.word for token in thing)
    many = last if last.endswith("s") else f"{last}s"
    same = vocabulary.named(" ".join([*before, many])) == vocabulary.named(
        " ".join([*before, last])
    )
    return thing[-1]._replace(word=many) if same else thing[-1]
