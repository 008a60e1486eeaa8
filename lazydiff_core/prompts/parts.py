"""What a prompt is made of: the things and surfaces in it, their colours, and what is not known.

Which of a prompt's words are known says a vocabulary; what a word looks like is no matter here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
SHADES: Final = {"light": "light", "pale": "light", "dark": "dark", "deep": "dark"}
# Words after which another thing is named than the one that a prompt is about.
ASIDES: Final = frozenset(
    ("with", "without", "in", "inside", "on", "at", "under", "above", "below", "near", "beside",
     "behind", "between", "by", "and", "over", "from")
)  # fmt: skip
# Words after which it is named what is not to be there.
NEGATIONS: Final = frozenset(("without", "no", "not"))
NUMBERS: Final = {
    "two": 2, "couple": 2, "pair": 2, "three": 3, "few": 3, "four": 4, "several": 4, "group": 4,
    "five": 5, "bunch": 5, "flock": 5, "herd": 5, "row": 5, "six": 6, "many": 6, "crowd": 6,
    "seven": 7, "eight": 8, "nine": 9, **{str(n): n for n in range(2, 10)},
}  # fmt: skip
# Names of styles, and their places in `lexicon.STYLES`.
STYLE_WORDS: Final = {"glossy": 0, "3d": 0, "cartoon": 1, "flat": 2, "simple": 3}
# What is understood and cannot be painted: more things than have room, and what they are like.
QUALITIES: Final = frozenset(
    ("ten", "eleven", "twelve", "dozen", "twenty", "hundred", "thousand",
     "small", "little", "tiny", "big", "large", "huge", "giant", "tall", "short", "long", "old",
     "ancient", "new", "young", "beautiful", "pretty", "lovely", "nice", "cute", "sweet", "funny",
     "happy", "sad", "angry", "fluffy", "soft", "shiny", "bright", "fresh", "ripe", "juicy",
     "colourful", "colorful", "wooden", "round", "thick", "thin", "wild", "single", "vintage",
     "modern", "antique", "magic", "magical", "elegant", "detailed", "realistic", "sleeping",
     "flying", "sitting", "open", "closed", "empty", "full", "half", "blooming", "tasty", "hot",
     "cold", "warm", "wet", "dry", "clean", "dirty", "broken", "fat", "slim", "steaming",
     "snowy", "rainy", "sunny", "frozen", "misty", "foggy", "windy", "spooky")
)  # fmt: skip
# Words that say nothing of what is to be painted.
FILLERS: Final = frozenset(
    ("a", "an", "the", "of", "some", "this", "that", "is", "are", "it", "its", "to", "for", "one",
     "colour", "color", "coloured", "colored", "picture", "painting", "drawing", "image",
     "illustration", "my", "very", "but")
)  # fmt: skip


@dataclass(frozen=True)
class Part:
    """Some words of a prompt, and what they mean.

    meaning: the word of the vocabulary, "" where none is known. surface: the surface that the same
    words also name, which a large hole takes. colour: what it is to be painted in. native: the
    colour is in the name of the thing, which has it anyway. count: how many of it. aside: it is
    said of what comes before it ("with a hat"), not for itself ("and a hat"). missing: the words
    of it that are not known. unheeded: words that are known and cannot be painted.
    """

    text: str
    kind: Kind
    meaning: str = ""
    surface: str = ""
    colour: Colour | None = None
    native: bool = False
    count: int = 1
    aside: bool = False
    missing: tuple[str, ...] = ()
    unheeded: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The word as it is shown."""
        return self.meaning.removeprefix(TAUGHT).replace("_", " ")

    def understood(self) -> dict[str, str | int]:
        """The entry of `fill --json`; how many is said of more than one."""
        if self.kind == "text":
            return {"text": self.text, "kind": self.kind}
        entry: dict[str, str | int] = {
            "text": self.text,
            "kind": self.kind,
            "as": self.meaning.removeprefix(TAUGHT),
            "colour": str(self.colour or ""),
        }
        if self.count > 1:
            entry["count"] = self.count
        if self.unheeded:
            entry["unheeded"] = " ".join(self.unheeded)
        return entry


class Token(NamedTuple):
    """A word in English.

    apart: whether a comma or the like stands before it. said: what the artist wrote for it, ""
    for a further word of the same; None = the word itself. near: it is only close to what was
    written. at: where it was written, before and after others.
    """

    word: str
    apart: bool = False
    said: str | None = None
    near: bool = False
    at: int = 0

    @property
    def text(self) -> str:
        return self.word if self.said is None else self.said


class Named(NamedTuple):
    """A colour and the word that it was asked for by."""

    colour: Colour
    text: str


@dataclass(frozen=True)
class Vocabulary:
    """What people write -> the word it names: things (also those that were taught), surfaces."""

    things: Mapping[str, str]
    surfaces: Mapping[str, str] = field(default_factory=dict)

    def parts(self, prompt: str) -> tuple[Part, ...]:
        """The parts of an English prompt."""
        return self.parts_of(tokens_of(prompt))

    def parts_of(self, tokens: Sequence[Token]) -> tuple[Part, ...]:
        """The parts in their order; the first that is known is what the prompt is about.

        Of known phrases the longest count; of several in one breath ("apple pie") the last. A
        colour belongs to what it stands before, or to what stands before "in" it.
        """
        ends = dict(self.matches(tokens))
        parts: list[Part] = []
        breath = _Breath()
        k = 0
        while k < len(tokens):
            token, stop = tokens[k], ends.get(k, k + 1)
            if token.apart or (token.word in ASIDES and k not in ends):
                goes_on = token.apart or token.word == "and"
                waits = goes_on and breath.is_colours  # "red, blue and white" of what follows
                if not waits:
                    self._end(breath, parts)
                aside = bool(parts) and (breath.aside if goes_on else True)
                breath = _Breath(breath if waits else None, aside=aside, added=token.word == "and")
            if k in ends and not self._is_adjective(k, tokens, ends):
                breath.known(list(tokens[k:stop]))
            elif token.word not in ASIDES or token.word in NEGATIONS:
                after = tokens[stop] if stop < len(tokens) else Token("", apart=True)
                shades = colour_of(after.word) is not None and not after.apart
                breath.other(token, is_shade=shades and token.word in SHADES)
            k = stop
        self._end(breath, parts)
        if not parts and breath.colours:  # of nothing
            parts.append(Part(text_of(breath.adjectives), "unknown", colour=_main(breath.colours)))
        return tuple(parts)

    def _end(self, breath: _Breath, parts: list[Part]) -> None:
        """Add what was said in one breath to the parts."""
        if not (breath.name or parts):
            breath.unknown += breath.qualities
        missing = tuple(one.text for one in breath.unknown if one.text)
        if breath.unknown and not breath.name:
            parts.append(
                Part(
                    text_of([*breath.adjectives, *breath.unknown]),
                    "unknown",
                    colour=_main(breath.colours),
                    aside=breath.aside,
                    missing=missing,
                )
            )
        elif breath.unknown:
            parts.append(Part(" ".join(missing), "unknown", aside=breath.aside, missing=missing))
        if breath.name:
            parts.append(self._part(breath))
        elif parts and parts[-1].meaning and not breath.unknown:
            parts[-1] = _said_of(parts[-1], breath)

    def matches(self, tokens: Sequence[Token]) -> Iterator[tuple[int, int]]:
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
                if length < 3 and any(word in ASIDES for word in words):
                    continue
                if any(self.named(" ".join(words))):
                    yield start, start + length
                    for k in span:
                        taken[k] = True

    def _is_adjective(self, start: int, tokens: Sequence[Token], ends: Mapping[int, int]) -> bool:
        """Whether a known phrase that is a colour's name, too, is the colour of what follows it."""
        if ends[start] - start > 1 or colour_of(tokens[start].word) is None:
            return False
        for k in range(start + 1, len(tokens)):
            if tokens[k].apart or tokens[k].word in ASIDES:
                return False
            if k in ends:
                return True
        return False

    def _part(self, breath: _Breath) -> Part:
        thing, surface = self.named(" ".join(token.word for token in breath.name))
        own = _own_colours([token.word for token in breath.name])
        kind: Kind = "surface" if not thing else "taught" if thing.startswith(TAUGHT) else "concept"
        return Part(
            text_of([*breath.adjectives, *breath.name]),
            "nearest" if any(token.near for token in breath.name) else kind,
            thing or surface,
            surface if thing else "",
            _main(breath.colours or own),
            native=not breath.colours and bool(own),
            count=breath.count,
            aside=breath.aside,
            unheeded=(
                *(one.text for one in breath.qualities),
                *_dropped(breath.colours, _main(breath.colours)),
            ),
        )

    def named(self, phrase: str) -> tuple[str, str]:
        """The thing and the surface that a phrase names, "" for none."""
        for said in singular(phrase):
            found = self.things.get(said, ""), self.surfaces.get(said, "")
            if any(found):
                return found
        return "", ""

    @cached_property
    def _longest(self) -> int:
        phrases = (*self.things, *self.surfaces)
        return max((len(phrase.split()) for phrase in phrases), default=0)


def _own_colours(name: Sequence[str]) -> list[Named]:
    """The colours in a name, each in the shade that stands before it: light blue heart."""
    shades = [SHADES.get(word, "") for word in ("", *name)]
    return [
        Named(replace(colour, shade=shade or colour.shade), word)
        for word, shade in zip(name, shades[:-1], strict=True)
        if (colour := colour_of(word)) is not None
    ]


class _Breath:
    """What is said before the next "with", "and" or comma."""

    def __init__(
        self, before: _Breath | None = None, *, aside: bool = False, added: bool = False
    ) -> None:
        self.aside, self.added = aside, added
        self.count: int = before.count if before else 1
        self.colours: list[Named] = before.colours if before else []
        self.adjectives: list[Token] = before.adjectives if before else []
        self.qualities: list[Token] = before.qualities if before else []
        self.unknown: list[Token] = []
        self.name: list[Token] = []
        self._shade = ""

    @property
    def is_colours(self) -> bool:
        """Whether colours are said, and not yet of what."""
        return bool(self.colours) and not (self.name or self.unknown)

    def known(self, tokens: list[Token]) -> None:
        """A phrase of the vocabulary; one before it only qualifies it."""
        if self.name:
            self.adjectives += self.name
        self.name = tokens
        colour = colour_of(tokens[0].word)
        if self._shade and colour is not None:  # "a dark blue car", where blue cars are known
            self.colours.append(Named(replace(colour, shade=self._shade), tokens[0].text))
            self._shade = ""

    def other(self, token: Token, *, is_shade: bool) -> None:
        """A word that is none; is_shade: the shade of the colour that follows."""
        word = token.word
        colour = colour_of(word)
        if is_shade:
            self._shade = SHADES[word]
            self.adjectives.append(token)
        elif colour is not None:
            shaded = replace(colour, shade=self._shade or colour.shade)
            self.colours.append(Named(shaded, token.text))
            self.adjectives.append(token)
            self._shade = ""
        elif word in NUMBERS:
            self.count = NUMBERS[word]
            self.adjectives.append(token)
        elif word in QUALITIES or (word.isdecimal() and word not in ("0", "1")):
            self.qualities.append(token)
        elif word not in FILLERS:
            self.unknown.append(token)


# How a plural ends -> how its word may: roses, boxes, potatoes, berries, leaves, knives.
_PLURALS = (
    ("ies", ("y", "ie")),
    ("ves", ("f", "fe", "ve")),
    ("es", ("e", "")),
    ("s", ("",)),
)
_IRREGULAR = {
    "cacti": "cactus",
    "children": "child",
    "feet": "foot",
    "geese": "goose",
    "men": "man",
    "mice": "mouse",
    "octopi": "octopus",
    "oxen": "ox",
    "people": "person",
    "teeth": "tooth",
    "women": "woman",
}


def tokens_of(prompt: str) -> list[Token]:
    """The words of a prompt, in lower case."""
    words = (
        (word, k > 0 and n == 0)
        for k, piece in enumerate(re.split(r"[,;.:!?/|]+", prompt))
        for n, word in enumerate(words_of(piece))
    )
    return [Token(word, apart, at=at) for at, (word, apart) in enumerate(words)]


def singular(phrase: str) -> Iterator[str]:
    """A phrase as it is, then what it may be the plural of."""
    yield phrase
    *before, word = phrase.split() or [""]
    if word in _IRREGULAR:
        yield " ".join([*before, _IRREGULAR[word]])
    for plural, ends in _PLURALS:
        if phrase.endswith(plural) and not phrase.endswith("ss"):
            yield from (phrase.removesuffix(plural) + end for end in ends)


def colour_of(word: str) -> Colour | None:
    """The colour that an English word names."""
    return Colour(word) if word in COLOURS else _SYNONYMS.get(word)


def _said_of(part: Part, breath: _Breath) -> Part:
    """A part with what was said after it: "a cat in red", "a cat in red and white"."""
    unheeded = (*part.unheeded, *(one.text for one in breath.qualities))
    colour = part.colour
    if breath.colours and colour is None:
        colour = _main(breath.colours)
    return replace(part, colour=colour, unheeded=(*unheeded, *_dropped(breath.colours, colour)))


def text_of(tokens: Iterable[Token]) -> str:
    """Tokens as they were written, in that order."""
    written = sorted(tokens, key=lambda token: token.at)
    return " ".join(token.text for token in written if token.text)


def _main(colours: Sequence[Named]) -> Colour | None:
    """What a thing is painted in: the first colour that is named, white last, since things have
    white parts anyway (a black and white cat)."""
    named = [one.colour for one in colours]
    return next((one for one in named if one.name != "white"), named[0] if named else None)


def _dropped(colours: Sequence[Named], painted: Colour | None) -> Iterator[str]:
    """The words of the colours that the thing is not painted in."""
    return (one.text for one in colours if one.colour != painted)
