"""What a prompt says in one breath: up to the next "with", "and" or comma."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from lazydiff_core.images.colour_names import Colour
from lazydiff_core.prompts.english import FILLERS, NUMBERS, QUALITIES, SHADES, VERBS, colour_of


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


class Breath:
    """What is said before the next "with", "and" or comma."""

    def __init__(
        self, before: Breath | None = None, *, aside: bool = False, added: bool = False
    ) -> None:
        self.aside, self.added = aside, added
        self.count: int = before.count if before else 0  # 0: it is not said how many
        self.colours: list[Named] = before.colours if before else []
        self.adjectives: list[Token] = before.adjectives if before else []
        self.qualities: list[Token] = before.qualities if before else []
        self.unknown: list[Token] = []
        self.name: list[Token] = []
        self.qualifiers: list[list[Token]] = []  # names before the one that counts
        self.tone = ""
        self._shade = ""

    @property
    def is_colours(self) -> bool:
        """Whether colours are said, and not yet of what."""
        return bool(self.colours) and not (self.name or self.unknown)

    @property
    def has_acted(self) -> bool:
        """Whether what is named does something in its name: a man walking."""
        return bool(self.name) and self.name[-1].word in VERBS

    def acts_by(self, token: Token, *, is_phrase: bool) -> bool:
        """Whether a word says what the thing does that was named before it."""
        return token.word in VERBS and not is_phrase and bool(self.name or self.unknown)

    def toned(self, tone: str, tokens: Sequence[Token]) -> None:
        """Words for a tone of skin."""
        self.tone = tone
        self.adjectives += tokens

    def known(self, tokens: list[Token]) -> None:
        """A phrase of the vocabulary; one before it only qualifies it."""
        if self.name:
            self.adjectives += self.name
            self.qualifiers.append(self.name)
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
        elif word in (*QUALITIES, *VERBS, *SHADES) or (word.isdecimal() and word not in ("0", "1")):
            self.qualities.append(token)
        elif word not in FILLERS:
            self.unknown.append(token)


def text_of(tokens: Iterable[Token]) -> str:
    """Tokens as they were written, in that order."""
    written = sorted(tokens, key=lambda token: token.at)
    return " ".join(token.text for token in written if token.text)


def main_of(colours: Sequence[Named]) -> Colour | None:
    """What a thing is painted in: the first colour that is named, white last, since things have
    white parts anyway (a black and white cat)."""
    named = [one.colour for one in colours]
    return next((one for one in named if one.name != "white"), named[0] if named else None)


def second_of(colours: Sequence[Named]) -> Colour | None:
    """The other colour of a thing in two: a black and white cat's white."""
    others = [one.colour for one in colours if one.colour != main_of(colours)]
    return others[0] if others else None


def dropped(colours: Sequence[Named], *painted: Colour | None) -> Iterator[str]:
    """The words of the colours that the thing is not painted in."""
    return (one.text for one in colours if one.colour not in painted)
