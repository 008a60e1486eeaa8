"""What a prompt is made of: the things and surfaces in it, their colours, and what is not known.

Which of a prompt's words are known says a vocabulary; what a word looks like is no matter here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final, Literal

from lazydiff_core.images.colour_names import Colour
from lazydiff_core.model_store.phrases import words_of
from lazydiff_core.prompts.breath import Breath, Named, Token, dropped, main_of, second_of, text_of
from lazydiff_core.prompts.english import (
    ASIDES,
    NEGATIONS,
    SHADES,
    colour_of,
    number_of,
    singular,
)
from lazydiff_core.prompts.skin import TONED, tone_at, tone_of

Kind = Literal["concept", "surface", "taught", "nearest", "unknown", "text"]

TAUGHT: Final = "taught "  # before the name of a word that was added after training


@dataclass(frozen=True)
class Part:
    """Some words of a prompt, and what they mean.

    meaning: the word of the vocabulary, "" where none is known. surface: the surface that the same
    words also name, which a large hole takes. colour: what it is to be painted in. native: the
    colour is in the name of the thing, which has it anyway. count: how many of it. aside: it is
    said of what comes before it ("with a hat"), not for itself ("and a hat"). missing: the words
    of it that are not known. unheeded: words that are known and cannot be painted. tone: of a
    person's skin, "" where none is said. second: the other colour of a thing in two.
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
    tone: str = ""
    second: Colour | None = None

    @property
    def name(self) -> str:
        """The word as it is shown."""
        return bare(self.meaning).replace("_", " ")

    def understood(self) -> dict[str, str | int]:
        """The entry of `fill --json`; how many is said of more than one."""
        if self.kind == "text":
            return {"text": self.text, "kind": self.kind}
        entry: dict[str, str | int] = {
            "text": self.text,
            "kind": self.kind,
            "as": bare(self.meaning),
            "colour": str(self.colour or ""),
        }
        if self.second is not None:
            entry["second_colour"] = str(self.second)
        if self.count > 1:
            entry["count"] = self.count
        if self.tone:
            entry["skin"] = self.tone
        if self.unheeded:
            entry["unheeded"] = " ".join(self.unheeded)
        return entry


# A sky, and what is in it -> the surface that is both.
_ON_SKIES: Final = {
    ("blue_sky", "star"): "starry sky",
    ("night", "star"): "starry sky",
    ("blue_sky", "cloud"): "cloudy sky",
}
_PLAIN: Final = (None, Colour("white"))  # how stars and clouds are there


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
        words = [token.word for token in tokens]
        parts: list[Part] = []
        breath = Breath()
        k = 0
        while k < len(tokens):
            token, stop = tokens[k], ends.get(k, k + 1)
            acts = not token.apart and breath.acts_by(token, is_phrase=stop > k + 1)
            if acts:
                breath.qualities.append(token)
            did = k in ends and breath.has_acted  # "a man walking" a dog
            if token.apart or acts or did or (token.word in ASIDES and k not in ends):
                goes_on = token.apart or token.word == "and"
                waits = goes_on and breath.is_colours  # "red, blue and white" of what follows
                if not waits:
                    self._end(breath, parts)
                aside = bool(parts) and (breath.aside if goes_on else True)
                breath = Breath(breath if waits else None, aside=aside, added=token.word == "and")
            tone, said = tone_at(words[k:])
            if said:
                stop = k + said
                breath.toned(tone, tokens[k:stop])
            elif k in ends and not acts and not self._is_adjective(k, tokens, ends):
                breath.known(list(tokens[k:stop]))
            elif not acts and (token.word not in ASIDES or token.word in NEGATIONS):
                after = tokens[stop] if stop < len(tokens) else Token("", apart=True)
                shades = colour_of(after.word) is not None and not after.apart
                breath.other(token, is_shade=shades and token.word in SHADES)
            k = stop
        self._end(breath, parts)
        if not parts and breath.colours:  # of nothing
            parts.append(
                Part(text_of(breath.adjectives), "unknown", colour=main_of(breath.colours))
            )
        return tuple(self._with_skies(parts))

    def _with_skies(self, parts: Sequence[Part]) -> Iterator[Part]:
        """The parts, a sky and the stars or clouds that it is said to be with as one surface."""
        before: Part | None = None
        for part in parts:
            phrase = _ON_SKIES.get((before.meaning, part.meaning), "") if before else ""
            both = self.named(phrase)[1] if phrase and part.aside and part.colour in _PLAIN else ""
            if before and both:
                text, unheeded = f"{before.text} {part.text}", before.unheeded + part.unheeded
                before = replace(before, text=text, meaning=both, unheeded=unheeded)
                continue
            if before:
                yield before
            before = part
        if before:
            yield before

    def _end(self, breath: Breath, parts: list[Part]) -> None:
        """Add what was said in one breath to the parts."""
        if not (breath.name or parts):
            breath.unknown += breath.qualities
        missing = tuple(one.text for one in breath.unknown if one.text)
        if breath.unknown and not breath.name:
            parts.append(
                Part(
                    text_of([*breath.adjectives, *breath.unknown]),
                    "unknown",
                    colour=main_of(breath.colours),
                    aside=breath.aside,
                    missing=missing,
                )
            )
        elif breath.unknown:
            parts.append(Part(" ".join(missing), "unknown", aside=breath.aside, missing=missing))
        if breath.name:
            parts.append(self._part(breath))
        elif parts and parts[-1].meaning and not breath.unknown:
            people = [k for k, part in enumerate(parts) if part.meaning.startswith(TONED)]
            k = people[-1] if breath.tone and people else len(parts) - 1
            parts[k] = _said_of(parts[k], breath)

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

    def _part(self, breath: Breath) -> Part:
        name = " ".join(token.word for token in breath.name)
        thing, surface = self.named(name)
        is_person = thing.startswith(TONED)
        own = _own_colours([token.word for token in breath.name])
        kind: Kind = "surface" if not thing else "taught" if thing.startswith(TAUGHT) else "concept"
        colour = None if is_person else main_of(breath.colours or own)
        second = second_of(breath.colours) if thing and not is_person else None
        tone = breath.tone
        if is_person:
            tone = tone or next(filter(None, (tone_of(one.colour) for one in breath.colours)), "")
        count = breath.count
        if not count:
            is_plural = name not in self.things and thing and not breath.aside
            count = number_of(name) if is_plural else 1
        return Part(
            text_of([*breath.adjectives, *breath.name]),
            "nearest" if any(token.near for token in breath.name) else kind,
            thing or surface,
            surface if thing else "",
            colour,
            native=not breath.colours and bool(own) and not is_person,
            count=count,
            aside=breath.aside,
            unheeded=(
                *(one.text for one in breath.qualities),
                *self._qualifiers(breath),
                *(
                    one.text
                    for one in breath.colours
                    if one.colour not in (colour, second)
                    and not (tone and tone_of(one.colour) == tone)
                ),
            ),
            tone=tone if is_person else "",
            second=second,
        )

    def _qualifiers(self, breath: Breath) -> Iterator[str]:
        """What is known, too, and only stands before what is painted: the desert of a desert rose.

        Not what names the same: desert dunes.
        """
        meant = {*self.named(" ".join(token.word for token in breath.name))} - {""}
        for name in breath.qualifiers:
            if not meant & {*self.named(" ".join(token.word for token in name))}:
                yield text_of(name)

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


def tokens_of(prompt: str) -> list[Token]:
    """The words of a prompt, in lower case."""
    words = (
        (word, k > 0 and n == 0)
        for k, piece in enumerate(re.split(r"[,;.:!?/|]+", prompt))
        for n, word in enumerate(words_of(piece))
    )
    return [Token(word, apart, at=at) for at, (word, apart) in enumerate(words)]


def bare(word: str) -> str:
    """A word of the vocabulary without what it is marked with."""
    return word.removeprefix(TAUGHT).removeprefix(TONED)


def _said_of(part: Part, breath: Breath) -> Part:
    """A part with what was said after it: "a cat in red", "a cat in red and white", "a woman with
    dark skin"."""
    unheeded = (*part.unheeded, *(one.text for one in breath.qualities))
    colour, tone, text = part.colour, part.tone, part.text
    if part.meaning.startswith(TONED):
        tone = breath.tone or tone  # what is said to be red is worn
        text = " ".join(filter(None, (text, text_of(breath.adjectives) if breath.tone else "")))
        return replace(
            part,
            text=text,
            tone=tone,
            unheeded=(*unheeded, *(one.text for one in breath.colours)),
        )
    if breath.tone:
        unheeded = (*unheeded, text_of(breath.adjectives))
    second = part.second
    if breath.colours and colour is None and not breath.tone:
        colour = main_of(breath.colours)
        second = second_of(breath.colours) if part.kind != "surface" else None
    rest = dropped(breath.colours, colour, second)
    return replace(part, colour=colour, second=second, unheeded=(*unheeded, *rest))
