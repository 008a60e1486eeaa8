"""The languages that prompts are read in, and what their words are in English.

resources/words/languages.toml: what was written for this project: articles, colours, numbers,
surfaces, endings. resources/words/names.json.xz: names of pictures, from Unicode's annotations
(packaging/word_names.py), a line of JSON a language.
"""

from __future__ import annotations

import json
import lzma
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from typing import Any, Final, NamedTuple

from lazydiff_core.model_store.phrases import words_of
from lazydiff_core.prompts.english import colour_of
from lazydiff_core.storage.resources import resource

ENGLISH: Final = "en"
NEAR: Final = "~"  # before the English of a word that is only close to it
_MIN_STEM: Final = 3
_MIN_HEAD: Final = 4  # letters of the last part of a compound
# Marks of Latin, Greek and Cyrillic, of Hebrew, and of Arabic.
_STRIPPED: Final = dict.fromkeys(
    (*range(0x300, 0x370), *range(0x591, 0x5BE), *range(0x64B, 0x656)), None
)
# Katakana as hiragana, and letters of Arabic that are written alike.
_ALIKE_LETTERS: Final = {
    **{code: code - 0x60 for code in range(0x30A1, 0x30F7)},
    0x649: 0x64A,
    0x629: 0x647,
}
# Lists in languages.toml, and what those of their words are in English that have no column.
_ALIKE: Final = {"a": "a", "skipped": "", "and": "and", "with": "with", "without": "without"}


class Meaning(NamedTuple):
    """What a word is in English.

    english: "" for one that says nothing. near: it is only close. known: whether it says what is to
    be painted, or is only known to be of the language (`others`).
    """

    english: str
    near: bool = False
    known: bool = True


@dataclass(frozen=True, eq=False)
class Language:
    """exact: folded words and phrases -> their meaning; stems: the same without endings."""

    code: str
    name: str
    exact: Mapping[str, Meaning]
    shown: Mapping[str, str]  # words as they are written -> English; for search and suggestions
    written: frozenset[str] = frozenset()  # every word as it is written
    things: Mapping[str, str] = field(default_factory=dict)  # of colours: "rose", the flower
    endings: tuple[str, ...] = ()
    prefixes: tuple[tuple[str, str], ...] = ()
    plurals: tuple[str, ...] = ()
    singular: frozenset[str] = frozenset()  # folded words before one of something
    head_first: bool = False
    compounds: bool = False
    spaceless: bool = False
    stems: Mapping[str, Meaning] = field(default_factory=dict)

    def spells(self, word: str) -> bool:
        """Whether a word has the accents that it is written with."""
        return self.fold(word) not in self.exact or word in self._spelled

    def word(self, word: str) -> Meaning | None:
        """What one word means, in whatever case or number it stands; None where it is not known."""
        return _meaning(self, word)

    def look_up(self, word: str) -> Meaning | None:
        """The same, without having kept it."""
        folded = self.fold(word)
        found = self.exact.get(folded)
        if found is None:
            found = next((hit for stem in self._stems(folded) if (hit := self._at(stem))), None)
        if found is None and self.compounds:
            found = self._head(folded)
        return found

    def phrase(self, words: tuple[str, ...]) -> Meaning | None:
        """What some words mean together."""
        folded = tuple(map(self.fold, words))
        found = self.exact.get(" ".join(folded))
        return found or self.stems.get(" ".join(map(self.stem, folded)))

    def is_plural(self, word: str) -> bool:
        """Whether a noun has the ending, or the vowel, of several."""
        if not self.plurals:
            return False
        folded = self.fold(word)
        if folded in self.exact:
            return self.compounds and not self.spells(word)  # "Vögel"
        return any(
            folded.endswith(ending) and self._at(folded.removesuffix(ending)) is not None
            for ending in self.plurals
        )

    def prefixed(self, word: str) -> tuple[str, str] | None:
        """(English of what is written before a word in one with it, the rest); None for nothing."""
        folded = self.fold(word)
        for prefix, english in self.prefixes:
            rest = folded[len(prefix) :]
            if folded.startswith(prefix) and len(rest) >= 2 and self.word(rest) is not None:
                return english, rest
        return None

    def fold(self, word: str) -> str:
        return fold(word, self.code == "vi")

    def stem(self, folded: str) -> str:
        """A word without the longest ending that leaves enough of it."""
        return next(self._stems(folded), folded)

    def _stems(self, folded: str) -> Iterator[str]:
        for ending in self.endings:
            if folded.endswith(ending) and len(folded) - len(ending) >= self._shortest:
                yield folded[: -len(ending)]
        yield folded

    def _at(self, stem: str) -> Meaning | None:
        return self.exact.get(stem) or self.stems.get(stem)

    def _head(self, folded: str) -> Meaning | None:
        """The last part of a compound, or a shade and its colour ("dunkelrot")."""
        for start in range(_MIN_STEM, len(folded) - _MIN_STEM + 1):
            first, rest = folded[:start], folded[start:]
            head = next((hit for stem in self._stems(rest) if (hit := self._at(stem))), None)
            if head is None or not head.known or not head.english:
                continue
            shade = self.exact.get(first)
            if shade is not None and shade.english in ("light", "dark"):
                return Meaning(f"{shade.english} {head.english}")
            if len(rest) >= _MIN_HEAD and head.english not in ("and", "with", "without", "a"):
                return Meaning(head.english, near=True)
        return None

    @cached_property
    def _spelled(self) -> frozenset[str]:
        return frozenset(word.lower() for word in self.written)

    @cached_property
    def _shortest(self) -> int:
        return 1 if self.code == "ko" else _MIN_STEM

    @cached_property
    def longest(self) -> int:
        """Words, or letters where words are not parted, of the longest phrase."""
        each = (len(key) if self.spaceless else key.count(" ") + 1 for key in self.exact)
        return min(max(each, default=1), 12)


@lru_cache(maxsize=8192)
def _meaning(language: Language, word: str) -> Meaning | None:
    return language.look_up(word)


@lru_cache(maxsize=4096)
def fold(word: str, marks: bool = False) -> str:
    """A word in one spelling: no capitals and, unless `marks`, no accents; one kana."""
    if word.isascii():
        return word.lower()
    parted = unicodedata.normalize("NFKD", word.casefold())
    if not marks:
        parted = parted.translate(_STRIPPED)
    return unicodedata.normalize("NFC", parted).translate(_ALIKE_LETTERS)


@cache
def known_languages() -> Mapping[str, Language]:
    """Every language besides English, by its code; read once."""
    lines = lzma.decompress(resource("words/names.json.xz").read_bytes()).decode().splitlines()
    return languages(dict(map(json.loads, lines)))


def languages(names: Mapping[str, Mapping[str, str]]) -> dict[str, Language]:
    """The languages with these names of pictures: of each code, what is said -> English."""
    table = dict(_table())
    columns = {key: row.split(";") for key, row in table.pop("columns").items()}
    table.pop(ENGLISH)
    return {code: _language(code, row, columns, names.get(code, {})) for code, row in table.items()}


@cache
def synonyms() -> Mapping[str, str]:
    """English words that a vocabulary need not hold -> phrases that are close to them."""
    rows = (row.partition("=") for row in _list(_table()[ENGLISH], "near"))
    return {said: meant for said, _, meant in rows}


@cache
def english_words() -> frozenset[str]:
    """English words that are known to be such, and not what they look like."""
    return frozenset(_list(_table()[ENGLISH], "others"))


@cache
def language_name(code: str) -> str:
    """What a language is called in English."""
    return str(_table()[code]["name"])


@cache
def _table() -> Mapping[str, Any]:
    return tomllib.loads(resource("words/languages.toml").read_text(encoding="utf-8"))


def _language(
    code: str, row: Mapping[str, Any], columns: Mapping[str, list[str]], names: Mapping[str, str]
) -> Language:
    marks = code == "vi"
    exact: dict[str, Meaning] = {}
    shown: dict[str, str] = {}
    written: set[str] = set()

    def add(word: str, meaning: Meaning) -> None:
        key = " ".join(fold(one, marks) for one in words_of(word)) or fold(word, marks)
        if word and key:
            written.add(word)
            exact.setdefault(key, meaning)
            if meaning.known and meaning.english and not meaning.near:
                shown.setdefault(word, meaning.english)

    for word in _list(row, "others"):
        said, _, english = word.partition("=")
        add(said, Meaning(english, known=bool(english)))
    for key, english in _ALIKE.items():
        for word in _list(row, key):
            add(word, Meaning(english))
    for key, column in columns.items():
        for said, english in zip(_list(row, key), column, strict=False):
            for word in said.split(","):
                add(word, Meaning(english))
    for word in _list(row, "nouns"):
        said, _, english = word.partition("=")
        add(said, Meaning(english.removeprefix(NEAR), near=english.startswith(NEAR)))
    colours = {key for key, meaning in exact.items() if colour_of(meaning.english)}
    things = {key: english for said, english in names.items() if (key := fold(said)) in colours}
    for said, english in names.items():
        add(said, Meaning(english.removeprefix(NEAR), near=english.startswith(NEAR)))
    endings = tuple(
        sorted((fold(one, marks) for one in _list(row, "endings") if one), key=len)[::-1]
    )
    prefixes = (prefix.partition("=") for prefix in _list(row, "prefixes"))
    bare = Language(code, row["name"], exact, shown, frozenset(written), things, endings)
    stems: dict[str, Meaning] = {}
    for key, meaning in exact.items():
        stems.setdefault(" ".join(map(bare.stem, key.split(" "))), meaning)
    return Language(
        code,
        row["name"],
        exact,
        shown,
        frozenset(written),
        things,
        endings,
        tuple((fold(prefix), english) for prefix, _, english in prefixes),
        tuple(_list(row, "plurals")),
        frozenset(fold(one) for key in ("a", "one") for one in _list(row, key)),
        row.get("head_first", False),
        row.get("compounds", False),
        row.get("spaceless", False),
        stems,
    )


def _list(row: Mapping[str, Any], key: str) -> list[str]:
    return str(row[key]).split(";") if row.get(key) else []
