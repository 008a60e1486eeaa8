"""A prompt as the program understands it: in English, its parts, and what is not obeyed."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, Literal, NamedTuple

from lazydiff_core.images.colour_names import COLOURS
from lazydiff_core.model_store.phrases import words_of
from lazydiff_core.prompts.avoiding import parted
from lazydiff_core.prompts.breath import Token, text_of
from lazydiff_core.prompts.emoji import spelled
from lazydiff_core.prompts.english import STYLE_WORDS
from lazydiff_core.prompts.languages import ENGLISH, known_languages
from lazydiff_core.prompts.markup import plain
from lazydiff_core.prompts.parts import Part, Vocabulary
from lazydiff_core.prompts.skin import TONED
from lazydiff_core.prompts.translation import english_of, translated

MAX_SUGGESTIONS: Final = 3
_ALIKE: Final = 0.74  # from here on a word is taken for another one's slip of the pen
# Words that a prompt begins with which asks for something to go: English, German.
_REMOVALS: Final = frozenset(
    ("remove", "erase", "delete", "entferne", "entfernen", "lösche", "löschen")
)
NoteKind = Literal["weight", "extra", "unheeded", "left-out", "avoided", "removal"]


class Note(NamedTuple):
    """Something of a prompt that is not painted as it is written. text: its words."""

    kind: NoteKind
    text: str


@dataclass(frozen=True)
class Reading:
    """What is understood of a prompt.

    english:  what the model gets; the prompt itself, where it is in English or read as a whole.
    avoided:  what the prompt says is not to be there, in English; it is in neither of the others.
    parts:    what it is made of; one of kind "text" for a model that reads whole texts.
    language: code of the language that it is read in, "" for a model that reads whole texts.
    mixed:    codes of other languages, of which some of its words are.
    style:    the word for a style in it, in English; style_said: as it was written.
    notes:    what of it has no effect.
    """

    english: str = ""
    parts: tuple[Part, ...] = ()
    language: str = ""
    mixed: tuple[str, ...] = ()
    style: str = ""
    style_said: str = ""
    notes: tuple[Note, ...] = ()
    avoided: str = ""

    @property
    def unknown(self) -> tuple[str, ...]:
        """What is not known, as it was written."""
        return tuple(part.text for part in self.parts if part.kind == "unknown")

    @property
    def missing(self) -> tuple[str, ...]:
        """The single words that are not known."""
        return tuple(dict.fromkeys(word for part in self.parts for word in part.missing))


@dataclass(frozen=True)
class PromptReader:
    """Reads prompts for a model that knows these words; for one that knows none, as they are."""

    vocabulary: Vocabulary = field(default_factory=lambda: Vocabulary({}))

    @property
    def reads_words(self) -> bool:
        """Whether the model knows words one by one."""
        return bool(self.vocabulary.things or self.vocabulary.surfaces)

    def read(self, prompt: str, language: str = "") -> Reading:
        """What is understood of a prompt whose choices are made (`markup.chosen`).

        language: code of the artist's, which decides where a word means two things.
        """
        bare = plain(prompt)
        notes = (
            *(Note("weight", text) for text in bare.weighted),
            *(Note("extra", text) for text in bare.extras),
        )
        if not bare.text.strip():
            return Reading(bare.text, notes=notes)
        if not self.reads_words:
            return Reading(bare.text, (Part(bare.text, "text"),), notes=notes)
        text = spelled(bare.text, self.vocabulary)
        said = translated(text, self.vocabulary, language or ENGLISH)
        wanted, avoided = parted(said.tokens, self.vocabulary)
        tokens, style, style_said = self._styled(wanted)
        parts = self.vocabulary.parts_of(tokens)
        as_it_is = (
            said.code == ENGLISH
            and not avoided
            and all(token.said is None for token in said.tokens)
            and [token.word for token in said.tokens] == words_of(text)  # no hyphen is taken apart
        )
        if words_of(text)[:1] in ([word] for word in _REMOVALS):
            notes = (*notes, Note("removal", text))
        if style and STYLE_WORDS[style] and _subject(parts).startswith(TONED):
            notes = (*notes, Note("unheeded", style_said))  # people are known in the usual one
        if avoided:
            notes = (*notes, Note("avoided", text_of(avoided)))
        return Reading(
            text if as_it_is else english_of(wanted),
            parts,
            said.code,
            said.mixed,
            style,
            style_said,
            (*notes, *_not_obeyed(parts)),
            english_of(avoided),
        )

    def suggestions(self, word: str, language: str = "") -> tuple[str, ...]:
        """Known words that an unknown one may be meant to be: in the language that the prompt is
        read in, and what it is called in English."""
        found = [*self._called(word), *self._spelled_like(word, language)]
        return tuple(dict.fromkeys(found))[:MAX_SUGGESTIONS]

    def _styled(self, tokens: Sequence[Token]) -> tuple[Sequence[Token], str, str]:
        """Tokens without a word for a style, that word, and how it was written.

        A word that belongs to a thing's name ("flat shoe") says nothing of a style.
        """
        meant = _meanings(self.vocabulary.parts_of(tokens))
        for word in STYLE_WORDS:
            rest = [token for token in tokens if token.word != word]
            if len(rest) < len(tokens) and _meanings(self.vocabulary.parts_of(rest)) == meant:
                said = next(token.text for token in tokens if token.word == word)
                return rest, word, said
        return tokens, "", ""

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Every word of the vocabulary -> what it is best asked for by: its first phrase, one
        without a colour if it has any."""
        phrases: dict[str, list[str]] = {}
        for said, word in (*self.vocabulary.things.items(), *self.vocabulary.surfaces.items()):
            phrases.setdefault(word, []).append(said)
        return {
            word: next((one for one in said if not set(one.split()) & set(COLOURS)), said[0])
            for word, said in phrases.items()
        }

    def called(self, language: str) -> dict[str, list[str]]:
        """What the words of the vocabulary, colours and styles are called in a language; the
        colours and styles by their English names."""
        found: dict[str, list[str]] = {}
        if language in ("", ENGLISH) or language not in known_languages():
            for said, word in (*self.vocabulary.things.items(), *self.vocabulary.surfaces.items()):
                found.setdefault(word, []).append(said)
            return found
        for said, english in known_languages()[language].shown.items():
            thing, surface = self.vocabulary.named(english)
            own = english if english in COLOURS or english in STYLE_WORDS else ""
            for word in {thing, surface, own} - {""}:
                found.setdefault(word, []).append(said)
        return found

    def _called(self, word: str) -> Iterator[str]:
        """What a word of any language is in English."""
        for language in known_languages().values():
            meaning = language.exact.get(language.fold(word))
            if meaning and meaning.known and any(self.vocabulary.named(meaning.english)):
                yield meaning.english

    def _spelled_like(self, word: str, language: str) -> list[str]:
        words = self._in_english if language in ("", ENGLISH) else self._shown(language)
        near = [one for one in words if abs(len(one) - len(word)) <= 2]
        found = difflib.get_close_matches(word.lower(), near, MAX_SUGGESTIONS, _ALIKE)
        return [words[one] for one in found]

    @cached_property
    def _in_english(self) -> Mapping[str, str]:
        phrases = (*self.vocabulary.things, *self.vocabulary.surfaces)
        return {phrase: phrase for phrase in phrases}

    def _shown(self, language: str) -> Mapping[str, str]:
        found = known_languages().get(language)
        if found is None:
            return {}
        return {
            word.lower(): word
            for word, english in found.shown.items()
            if any(self.vocabulary.named(english))
        }


def _meanings(parts: Sequence[Part]) -> list[str]:
    return [part.meaning for part in parts if part.meaning]


def _subject(parts: Sequence[Part]) -> str:
    """The word that a prompt is about, "" for none."""
    return next((part.meaning for part in parts if part.meaning), "")


def _not_obeyed(parts: Sequence[Part]) -> Iterator[Note]:
    first = next((part for part in parts if part.meaning), None)
    for part in parts:
        if part.unheeded:
            yield Note("unheeded", " ".join(part.unheeded))
        if part.aside and part.meaning and part is not first:
            yield Note("left-out", part.text)
