"""Which language a prompt is in, and the prompt in English, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final, NamedTuple

from lazydiff_core.model_store.phrases import words_of
from lazydiff_core.prompts.languages import (
    ENGLISH,
    Language,
    Meaning,
    english_words,
    fold,
    known_languages,
    synonyms,
)
from lazydiff_core.prompts.parts import (
    ASIDES,
    FILLERS,
    NEGATIONS,
    NUMBERS,
    QUALITIES,
    SHADES,
    STYLE_WORDS,
    Token,
    Vocabulary,
    colour_of,
    singular,
)

_PIECES: Final = re.compile(r"[,;.:!?/|\u3001\u3002\uff0c\uff1b\uff1a\uff01\uff1f\u0964\u060c]+")
_LOOSE: Final = 0.5  # letters that a word counts less whose spelling is not quite the language's
_OTHER: Final = "-"  # behind a word that is not English, lest English words are seen in it
# Letters of a word that, without its accents, or without an ending, is some language's by chance.
_SHORT_LOOSE, _SHORT_GUESS = 3, 5
_ARTICLES: Final = ("a", "an", "the")
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
        for n, word in enumerate(piece)
    ]
    in_phrases = {k for start, stop in vocabulary.matches(tokens) for k in range(start, stop)}
    return [
        _Found(token.word, _english(token.word, k in in_phrases, vocabulary), token.apart)
        for k, token in enumerate(tokens)
    ]


def _english(word: str, in_phrase: bool, vocabulary: Vocabulary) -> Meaning | None:
    if in_phrase or is_grammar(word):
        return Meaning(word)
    for said in singular(word):
        meant = synonyms().get(said, "")
        if meant and any(vocabulary.named(meant)):
            return Meaning(meant, near=True)
    return Meaning(word, known=False) if word in english_words() else None


def is_grammar(word: str) -> bool:
    """Whether an English word is understood without a vocabulary."""
    groups = (FILLERS, ASIDES, NEGATIONS, NUMBERS, SHADES, QUALITIES, STYLE_WORDS)
    return colour_of(word) is not None or any(word in group for group in groups)


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
        tokens += _split(meaning, one.said, one.apart, at)
    for apart, breath in _breaths(tokens):
        ordered = _in_order(breath, language, vocabulary)
        for k, token in enumerate(ordered):
            yield token._replace(apart=apart and k == 0)


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


def _breaths(tokens: Sequence[Token]) -> Iterator[tuple[bool, list[Token]]]:
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


def _in_order(breath: list[Token], language: Language, vocabulary: Vocabulary) -> list[Token]:
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
        last[-1] = _plural(last, vocabulary)
    return [token for group in groups.values() for word in group for token in word]


def _plural(thing: Sequence[Token], vocabulary: Vocabulary) -> Token:
    """The last word of several things, if the vocabulary knows them by it, too."""
    *before, last = (token.word for token in thing)
    many = last if last.endswith("s") else f"{last}s"
    same = vocabulary.named(" ".join([*before, many])) == vocabulary.named(
        " ".join([*before, last])
    )
    return thing[-1]._replace(word=many) if same else thing[-1]
