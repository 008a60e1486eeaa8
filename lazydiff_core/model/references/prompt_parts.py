"""What a prompt is made of: the things and surfaces in it, their colours, and what is not known.

Pure Python: it is read while a prompt is typed. Which of a prompt's words are known says a
vocabulary; what a word looks like is no matter here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final, Literal, NamedTuple

from lazydiff_core.images.colour_names import COLOURS, Colour
from lazydiff_core.model_store.phrases import words_of

Kind = Literal["concept", "surface", "taught", "nearest", "unknown", "text"]

TAUGHT: Final = "taught "  # before the name of a word that was added after training
# Other names of colours, and the shade that they stand for.
_SYNONYMS: Final = {
    "gray": Colour("grey"), "silver": Colour("grey", "light"), "golden": Colour("yellow"),
    "crimson": Colour("red", "dark"), "scarlet": Colour("red"), "maroon": Colour("red", "dark"),
    "violet": Colour("purple"), "lilac": Colour("purple", "light"), "navy": Colour("blue", "dark"),
    "cyan": Colour("turquoise"), "teal": Colour("turquoise", "dark"), "aqua": Colour("turquoise"),
    "magenta": Colour("pink", "dark"), "beige": Colour("brown", "light"),
}  # fmt: skip
_SHADES: Final = {"light": "light", "pale": "light", "dark": "dark", "deep": "dark"}
# Words after which another thing is named than the one that a prompt is about.
_ASIDES: Final = frozenset(
    ("with", "in", "on", "at", "under", "near", "beside", "behind", "by", "and", "over", "from")
)
_NUMBERS: Final = {
    "two": 2, "couple": 2, "pair": 2, "three": 3, "few": 3, "four": 4, "several": 4, "group": 4,
    "five": 5, "bunch": 5, "flock": 5, "herd": 5, "row": 5, "six": 6, "many": 6, "crowd": 6,
    "seven": 7, "eight": 8, "nine": 9, "2": 2, "3": 3, "4": 4, "5": 5, "6": 6, "7": 7, "8": 8,
    "9": 9,
}  # fmt: skip
# Words that say nothing of what is to be painted.
_FILLERS: Final = frozenset(
    ("a", "an", "the", "of", "some", "this", "that", "is", "are", "it", "its", "to", "for",
     "colour", "color", "coloured", "colored", "picture", "painting", "drawing")
)  # fmt: skip


@dataclass(frozen=True)
class Part:
    """Some words of a prompt, and what they mean.

    meaning: the word of the vocabulary, "" where none is known. surface: the surface that the same
    words also name, which a large hole takes. colour: what it is to be painted in. native: the
    colour is in the name of the thing, which has it anyway. count: how many of it. aside: it is
    said of what comes before it ("with a hat"), not for itself ("and a hat").
    """

    text: str
    kind: Kind
    meaning: str = ""
    surface: str = ""
    colour: Colour | None = None
    native: bool = False
    count: int = 1
    aside: bool = False

    def understood(self) -> dict[str, str | int]:
        """The entry of `fill --json`; how many is said of more than one."""
        if self.kind == "text":
            return {"text": self.text, "kind": self.kind}
        many = {"count": self.count} if self.count > 1 else {}
        return {
            "text": self.text,
            "kind": self.kind,
            "as": self.meaning.removeprefix(TAUGHT),
            "colour": str(self.colour or ""),
            **many,
        }


@dataclass(frozen=True)
class Vocabulary:
    """What people write -> the word it names: things (also those that were taught), surfaces."""

    things: Mapping[str, str]
    surfaces: Mapping[str, str] = field(default_factory=dict)

    def parts(self, prompt: str) -> tuple[Part, ...]:
        """The parts of a prompt in their order; the first that is known is what it is about.

        Of known phrases the longest count; of several in one breath ("apple pie") the last. A
        colour belongs to what it stands before, or to what stands before "in" it.
        """
        tokens = [_Token(*word) for word in _words(prompt)]
        ends = dict(self._matches(tokens))
        parts: list[Part] = []
        breath = _Breath()
        k = 0
        while k < len(tokens):
            token, stop = tokens[k], ends.get(k, k + 1)
            if token.apart or (token.word in _ASIDES and k not in ends):
                self._end(breath, parts)
                goes_on = token.apart or token.word == "and"
                waiting = breath.colours if token.word == "and" and not breath.name else ()
                aside = bool(parts) and (breath.aside if goes_on else True)
                breath = _Breath(waiting, aside=aside)
            words = [one.word for one in tokens[k:stop]]
            if k in ends and not self._is_adjective(k, tokens, ends):
                breath.known(words)
            elif token.word not in _ASIDES:
                after = tokens[stop] if stop < len(tokens) else _Token("", apart=True)
                shades = _colour(after.word) is not None and not after.apart
                breath.other(token.word, is_shade=shades and token.word in _SHADES)
            k = stop
        self._end(breath, parts)
        return tuple(parts)

    def _end(self, breath: _Breath, parts: list[Part]) -> None:
        """Add what was said in one breath to the parts."""
        if breath.unknown and not breath.name:
            text = " ".join([*breath.adjectives, *breath.unknown])
            parts.append(Part(text, "unknown", colour=_one(breath.colours), aside=breath.aside))
        elif breath.unknown:
            parts.append(Part(" ".join(breath.unknown), "unknown", aside=breath.aside))
        if breath.name:
            parts.append(self._part(breath))
        elif parts and parts[-1].meaning and not (parts[-1].colour or breath.unknown):
            parts[-1] = replace(parts[-1], colour=_one(breath.colours))  # "a cat in red"

    def _matches(self, tokens: list[_Token]) -> Iterator[tuple[int, int]]:
        """(start, stop) of known phrases, the longest first, none over another.

        Only phrases of three words and more may run over a word like "with".
        """
        taken = [False] * len(tokens)
        for length in range(min(len(tokens), self._longest), 0, -1):
            for start in range(len(tokens) - length, -1, -1):
                span = range(start, start + length)
                words = [tokens[k].word for k in span]
                if any(taken[k] for k in span) or any(tokens[k].apart for k in span[1:]):
                    continue
                if length < 3 and any(word in _ASIDES for word in words):
                    continue
                if any(self._named(" ".join(words))):
                    yield start, start + length
                    for k in span:
                        taken[k] = True

    def _is_adjective(self, start: int, tokens: list[_Token], ends: Mapping[int, int]) -> bool:
        """Whether a known phrase that is a colour's name, too, is the colour of what follows it."""
        if ends[start] - start > 1 or _colour(tokens[start].word) is None:
            return False
        for k in range(start + 1, len(tokens)):
            if tokens[k].apart or tokens[k].word in _ASIDES:
                return False
            if k in ends:
                return True
        return False

    def _part(self, breath: _Breath) -> Part:
        thing, surface = self._named(" ".join(breath.name))
        own = [colour for word in breath.name if (colour := _colour(word)) is not None]
        kind: Kind = "surface" if not thing else "taught" if thing.startswith(TAUGHT) else "concept"
        return Part(
            " ".join([*breath.adjectives, *breath.name]),
            kind,
            thing or surface,
            surface if thing else "",
            _one(breath.colours or own),
            native=not breath.colours and bool(own),
            count=breath.count,
            aside=breath.aside,
        )

    def _named(self, phrase: str) -> tuple[str, str]:
        """The thing and the surface that a phrase names, "" for none."""
        for said in (phrase, re.sub(r"(?<=s|x|z|h)es$|(?<=[^s])s$", "", phrase)):
            found = self.things.get(said, ""), self.surfaces.get(said, "")
            if any(found):
                return found
        return "", ""

    @cached_property
    def _longest(self) -> int:
        phrases = (*self.things, *self.surfaces)
        return max((len(phrase.split()) for phrase in phrases), default=0)


class _Token(NamedTuple):
    """A word, and whether a comma or the like stands before it."""

    word: str
    apart: bool


class _Breath:
    """What is said before the next "with", "and" or comma."""

    def __init__(self, colours: Sequence[Colour] = (), *, aside: bool = False) -> None:
        self.colours, self.aside, self.count = list(colours), aside, 1
        self.adjectives: list[str] = []
        self.unknown: list[str] = []
        self.name: list[str] = []
        self._shade = ""

    def known(self, words: list[str]) -> None:
        """A phrase of the vocabulary; one before it only qualifies it."""
        if self.name:
            self.adjectives += self.name
        self.name = words

    def other(self, word: str, *, is_shade: bool) -> None:
        """A word that is none; is_shade: the shade of the colour that follows."""
        colour = _colour(word)
        if is_shade:
            self._shade = _SHADES[word]
            self.adjectives.append(word)
        elif colour is not None:
            self.colours.append(replace(colour, shade=self._shade or colour.shade))
            self.adjectives.append(word)
            self._shade = ""
        elif word in _NUMBERS:
            self.count = _NUMBERS[word]
            self.adjectives.append(word)
        elif word not in _FILLERS:
            self.unknown.append(word)


def _words(prompt: str) -> Iterator[tuple[str, bool]]:
    for k, piece in enumerate(re.split(r"[,;.:!?/|]+", prompt)):
        for n, word in enumerate(words_of(piece)):
            yield word, k > 0 and n == 0


def _colour(word: str) -> Colour | None:
    return Colour(word) if word in COLOURS else _SYNONYMS.get(word)


def _one(colours: list[Colour]) -> Colour | None:
    """The colour that is named; None where several are: which is for what is not known."""
    return colours[0] if len(set(colours)) == 1 else None
