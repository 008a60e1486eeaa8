"""Which language a prompt is in, and the prompt in English, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from lazydiff_core.model_store.phrases import words_of
from lazydiff_core.prompts.breath import Token
from lazydiff_core.prompts.english import ASIDES, colour_of, is_grammar, singular
from lazydiff_core.prompts.english_order import breaths, in_order, plural
from lazydiff_core.prompts.languages import (
    ENGLISH,
    Language,
    Meaning,
    english_words,
    fold,
    known_languages,
    synonyms,
)
from lazydiff_core.prompts.parts import Vocabulary

_PIECES: Final = re.compile(r"[,;.:!?/|\u3001\u3002\uff0c\uff1b\uff1a\uff01\uff1f\u0964\u060c]+")
_LOOSE: Final = 0.5  # letters that a word counts less whose spelling is not quite the language's
_OTHER: Final = "-"  # behind a word that is not English, lest English words are seen in it
# Letters of a word that, without its accents, or without an ending, is some language's by chance.
_SHORT_LOOSE, _SHORT_GUESS = 3, 5
_ARTICLES: Final = ("a", "an", "the")
_LONGEST: Final = 4  # words of a phrase that is close to another
_SHARE: Final = 0.5  # of the letters: more of them a language nobody asked for must know


class Translation(NamedTuple):
    """A prompt in English. code: its language; mixed: others, of which some of its words are."""

    code: str
    tokens: tuple[Token, ...]
    mixed: tuple[str, ...] = ()


def english_of(tokens: Iterable[Token]) -> str:
    """Tokens as one text."""
    words = ((", " if token.apart else " ") + token.word for token in tokens)
    return re.sub(r"\ba (?=[aeiou])", "an ", "".join(words).strip(" ,"))


def readable(english: str) -> str:
    """English as people are shown it, without the mark of what is not."""
    return re.sub(rf"(?<=\w){_OTHER}(?!\w)", "", english)


@dataclass(frozen=True)
class _Found:
    """Some of a prompt's letters: what is known of them, as one language reads them.

    loose: without the accents that the word is written with. guessed: by an ending or the last
    part of a compound. code: the language, if it is not the one that is read.
    """

    said: str
    meaning: Meaning | None
    apart: bool
    loose: bool = False
    guessed: bool = False
    code: str = ""


def translated(prompt: str, vocabulary: Vocabulary, hint: str = ENGLISH) -> Translation:
    """A prompt in the language that knows most of its letters; of several, in that of `hint`."""
    pieces = [words_of(piece) for piece in _PIECES.split(prompt)]
    english = _as_english(pieces, vocabulary)
    letters = sum(len(word) for piece in pieces for word in piece)
    best, most = ENGLISH, _known(english)
    reading = english
    if most < letters or hint != ENGLISH:
        for code, language in _by_hint(hint):
            found = list(_read(pieces, language, vocabulary))
            known = _known(found)
            if known and _wins(
                found, known, most, letters, vocabulary, is_asked=code == hint, over=best
            ):
                best, most, reading = code, known, found
    if best == ENGLISH:
        return _in_english(english, hint, vocabulary)
    reading, mixed = _with_others(reading, (ENGLISH, hint), best, vocabulary)
    tokens = _tokens(reading, known_languages()[best], vocabulary)
    return Translation(best, tuple(tokens), mixed)


def _wins(
    found: Sequence[_Found],
    known: float,
    most: float,
    letters: int,
    vocabulary: Vocabulary,
    *,
    is_asked: bool,
    over: str,
) -> bool:
    """Whether a language reads a prompt better than the best so far.

    A language that nobody asked for has to know most of it, and more than one word or something to
    paint. Where both know as much, it is the one that was asked for, or, of prompts that English
    does not wholly know, the other one, since what it lacks may be English.
    """
    if is_asked:  # but no guess of it is better than English that is wholly known
        return known >= most and (most < letters or not any(one.guessed for one in found))
    known = sum(map(_surely, found))
    is_english = found[0].said in _ARTICLES and not _surely(found[0])
    if is_english or known <= _SHARE * letters:
        return False
    sure = [one.meaning for one in found if one.meaning and _surely(one)]
    things = [one for one in sure if one.known and _is_thing(one.english, vocabulary)]
    if not things and len(sure) < 2:  # one word of style or number, which may be English, too
        return False
    says = any(one.known and one.english for one in sure)
    return known > most or (known == most < letters and over == ENGLISH and says)


def _by_hint(hint: str) -> list[tuple[str, Language]]:
    """All languages, that of `hint` first: others have to know more."""
    return sorted(known_languages().items(), key=lambda item: item[0] != hint)


def _known(found: Sequence[_Found]) -> float:
    return sum(len(one.said) - _LOOSE * one.loose for one in found if one.meaning is not None)


def _surely(one: _Found) -> float:
    """Letters that are known for sure: a short guess, or the last part of a compound, is half."""
    if one.meaning is None or (one.loose and len(one.said) <= _SHORT_LOOSE):
        return 0
    doubtful = one.guessed and (one.meaning.near or len(one.said) <= _SHORT_GUESS)
    return len(one.said) / 2 if doubtful else _known([one])


def _is_thing(english: str, vocabulary: Vocabulary) -> bool:
    """Whether it is something to paint, and not only how, or how many."""
    return colour_of(english) is not None or any(vocabulary.named(english))


# --- one language's reading ------------------------------------------------------------------


def _as_english(pieces: Sequence[Sequence[str]], vocabulary: Vocabulary) -> list[_Found]:
    tokens = [
        Token(word, k > 0 and n == 0)
        for k, piece in enumerate(pieces)
        for n, word in enumerate(half for word in piece for half in _halves(word, vocabulary))
    ]
    known = dict(vocabulary.matches(tokens))
    in_phrases = {k for start, stop in known.items() for k in range(start, stop)}
    found: list[_Found] = []
    k = 0
    while k < len(tokens):
        stop, meant = _near_phrase(tokens, k, known, vocabulary)
        if stop > k:
            said = " ".join(token.word for token in tokens[k:stop])
            found.append(_Found(said, Meaning(meant, near=True), tokens[k].apart))
            k = stop
            continue
        word = tokens[k].word
        found.append(_Found(word, _english(word, k in in_phrases, vocabulary), tokens[k].apart))
        k += 1
    return found


def _halves(word: str, vocabulary: Vocabulary) -> list[str]:
    """What a hyphen joins, if it is not known as one: "dark-skinned"."""
    halves = word.split("-")
    parts = len(halves) > 1 and all(len(half) > 1 for half in halves)
    return halves if parts and not any(vocabulary.named(word)) else [word]


def _near_phrase(
    tokens: Sequence[Token], start: int, known: Mapping[int, int], vocabulary: Vocabulary
) -> tuple[int, str]:
    """Where a phrase that is close to another one ends, and that one; longer than what is known."""
    for stop in range(min(start + _LONGEST, len(tokens)), start + 1, -1):
        if any(token.apart for token in tokens[start + 1 : stop]) or any(
            end > stop or end - k >= stop - start
            for k, end in known.items()
            if k < stop and end > start
        ):
            continue
        for said in singular(" ".join(token.word for token in tokens[start:stop])):
            meant = synonyms().get(said, "")
            if meant and _is_painted(meant, vocabulary):
                return stop, meant
    return start, ""


def _is_painted(english: str, vocabulary: Vocabulary) -> bool:
    parts = vocabulary.parts(english)
    return bool(parts) and all(part.meaning for part in parts)


def _english(word: str, in_phrase: bool, vocabulary: Vocabulary) -> Meaning | None:
    if in_phrase or is_grammar(word):
        return Meaning(word)
    for said in singular(word):
        meant = synonyms().get(said, "")
        if meant and any(vocabulary.named(meant)):
            several = Token(meant.split()[-1])
            before = meant.split()[:-1]
            if said != word:
                several = plural([*map(Token, before), several], vocabulary)
            return Meaning(" ".join([*before, several.word]), near=True)
    return Meaning(word, known=False) if word in english_words() else None


def _read(
    pieces: Sequence[Sequence[str]], language: Language, vocabulary: Vocabulary
) -> Iterator[_Found]:
    for k, piece in enumerate(pieces):
        apart = k > 0
        words = list(piece)
        while words:
            for found in _first(words, language, vocabulary):
                yield replace(found, apart=apart)
                apart = False


def _first(words: list[str], language: Language, vocabulary: Vocabulary) -> list[_Found]:
    """What stands first, taken off the words."""
    for count in range(min(language.longest, len(words)), 1, -1):
        phrase = tuple(words[:count])
        meaning = language.phrase(phrase)
        if meaning is not None and not language.spaceless:
            del words[:count]
            return [_Found(" ".join(phrase), meaning, False)]
    word = words.pop(0)
    if language.spaceless:
        return list(_segments(word, language))
    meaning = language.word(word)
    if meaning is not None:
        guessed = language.fold(word) not in language.exact
        return [_Found(word, meaning, False, not language.spells(word), guessed)]
    prefixed = language.prefixed(word)
    if prefixed is not None:
        english, rest = prefixed
        words.insert(0, rest)
        return [_Found(word[: len(word) - len(rest)], Meaning(english), False)]
    halves = [half for half in re.split(r"['-]", word) if half]
    if len(halves) > 1:
        words[:0] = halves
        return []
    return [_Found(word, None, False)]


def _segments(run: str, language: Language) -> Iterator[_Found]:
    """The longest words from left to right; what none begins with is one that is not known."""
    start = unknown = 0
    while start < len(run):
        for stop in range(min(len(run), start + language.longest), start, -1):
            meaning = language.exact.get(language.fold(run[start:stop]))
            if meaning is not None:
                if unknown < start:
                    yield _Found(run[unknown:start], None, False)
                yield _Found(run[start:stop], meaning, False)
                start = unknown = stop
                break
        else:
            start += 1
    if unknown < start:
        yield _Found(run[unknown:start], None, False)


# --- what belongs to another language --------------------------------------------------------


def _with_others(
    reading: Sequence[_Found], codes: Sequence[str], best: str, vocabulary: Vocabulary
) -> tuple[list[_Found], tuple[str, ...]]:
    """The reading with words that only another language knows, and which languages these are."""
    found = [
        one if one.meaning is not None else _elsewhere(one, codes, best, vocabulary)
        for one in reading
    ]
    return found, tuple(dict.fromkeys(one.code for one in found if one.code))


def _elsewhere(one: _Found, codes: Sequence[str], best: str, vocabulary: Vocabulary) -> _Found:
    for code in dict.fromkeys(codes):
        if code == best:
            continue
        if code == ENGLISH:
            meaning = _english(one.said, any(vocabulary.named(one.said)), vocabulary)
        else:
            language = known_languages().get(code)
            meaning = None if language is None else language.word(one.said)
        if meaning is not None and meaning.known and meaning.english:
            return _Found(one.said, meaning, one.apart, code=code)
    return one


def _in_english(found: Sequence[_Found], hint: str, vocabulary: Vocabulary) -> Translation:
    """English, in which some words may be of the other language, or in letters of their own."""
    codes = [hint, *(known_languages() if _is_foreign(found) else ())]  # reading them takes time
    reading, mixed = _with_others(found, codes, ENGLISH, vocabulary)
    tokens: list[Token] = []
    for at, one in enumerate(reading):
        meaning = one.meaning or Meaning(one.said)
        if meaning.english == one.said and not meaning.near:
            tokens.append(Token(one.said, one.apart, at=at))
        else:
            tokens += _split(meaning, one.said, one.apart, at)
    return Translation(ENGLISH, tuple(tokens), mixed)


def _is_foreign(found: Sequence[_Found]) -> bool:
    """Whether letters that are none of Latin's are not known."""
    return any(one.meaning is None and fold(one.said) > "\u0250" for one in found)


# --- English ---------------------------------------------------------------------------------


def _tokens(
    reading: Sequence[_Found], language: Language, vocabulary: Vocabulary
) -> Iterator[Token]:
    """Tokens in the order of English: what is said of a thing stands before it."""
    tokens: list[Token] = []
    for at, one in enumerate(_with_things(reading, language, vocabulary)):
        meaning = one.meaning
        if meaning is not None and not meaning.english and meaning.known:
            if one.apart and tokens:
                tokens.append(Token("", True))
            continue
        if meaning is None or not (meaning.known and _is_sayable(meaning.english, vocabulary)):
            meaning = Meaning(one.said + _OTHER)
        split = _split(meaning, one.said, one.apart, at)
        if any(vocabulary.named(meaning.english)) and _is_several(reading, at, language):
            split[-1] = plural(split, vocabulary)
        tokens += split
    for apart, breath in breaths(tokens):
        ordered = in_order(breath, language, vocabulary)
        for k, token in enumerate(ordered):
            yield token._replace(apart=apart and k == 0)


def _is_several(reading: Sequence[_Found], at: int, language: Language) -> bool:
    """Whether a noun is in the plural, and no word before it says that it is not."""
    if not language.is_plural(reading[at].said):
        return False
    for one in reading[at::-1]:
        if language.fold(one.said) in language.singular:
            return False
        if one.apart or (one.meaning is not None and one.meaning.english in ASIDES):
            break
    return True


def _is_sayable(english: str, vocabulary: Vocabulary) -> bool:
    return any(vocabulary.named(english)) or all(
        is_grammar(word) or any(vocabulary.named(word)) for word in english.split()
    )


def _split(meaning: Meaning, said: str, apart: bool, at: int) -> list[Token]:
    """A token for each English word; the first has what was said for all."""
    first, *others = meaning.english.split() or [""]
    rest = [Token(word, False, "", meaning.near, at) for word in others]
    return [Token(first, apart, said, meaning.near, at), *rest]


def _with_things(
    reading: Sequence[_Found], language: Language, vocabulary: Vocabulary
) -> Iterator[_Found]:
    """Words for a colour and a thing ("rose") are the thing where no other is named beside them."""
    names = [
        k
        for k, one in enumerate(reading)
        if one.meaning and any(vocabulary.named(one.meaning.english))
    ]
    for k, one in enumerate(reading):
        thing = language.things.get(language.fold(one.said))
        if thing and not set(names) - {k} and any(vocabulary.named(thing)):
            names.append(-1)  # one of them is enough
            yield _Found(one.said, Meaning(thing), one.apart)
        else:
            yield one
