"""The words that a model knows, and what they look like: a few numbers for each rendering.

A small model cannot keep hundreds of things in its weights. So it is told, with a prompt, what the
thing looks like in each style it is known in, and learns to paint that into a scene, in the style,
colours and light of its surroundings. After retrieval-augmented diffusion (Blattmann et al. 2022),
with words instead of pictures as the query; the rest is ours.

Shape legend: K renderings, P parts of each, C numbers a part, L numbers of a part's look.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor
from torch.nn import functional as F

from lazydiff_core.errors import ModelError
from lazydiff_core.model.files.config import LOOK_CELLS
from lazydiff_core.model.files.tensors import write_tensors
from lazydiff_core.model.references.variations import Pose, poses_of
from lazydiff_core.model.text.prompt import Looks
from lazydiff_core.model_store.phrases import words_of

TENSORS = ("codes", "extents", "turns", "styles", "mean", "axes", "meanings")
# What reading a file raises that is none, or of which any part is another thing than expected.
UNREADABLE = (
    OSError, SafetensorError, LookupError, TypeError, ValueError, AttributeError, RecursionError,
)  # fmt: skip
PLACES = 3  # a rendering is cut into so many rows and columns
TAUGHT = "taught "  # before the name of a word that was added after training
UNNAMED = "thing"  # says nothing of what a thing looks like
STYLES = ("fluent-3d", "noto", "fluent-flat", "twemoji")
# What a prompt may call them.
STYLE_WORDS = {"glossy": 0, "3d": 0, "cartoon": 1, "flat": 2, "simple": 3}
# Words before which the thing is named that a prompt is about: "a cat with a hat".
_ASIDES = re.compile(r"\b(?:with|in|on|at|under|near|beside|behind|by|and|over|from)\b")
# Cosine of a prompt's mean state to a word's, from which on the word is taken to be meant.
LEAST_LIKENESS = 0.6


@dataclass(frozen=True, eq=False)
class Lexicon:
    """Renderings of the words a model knows.

    codes: (K,P,C) float16, parts row by row. extents: (K,2), turns: (K,2,4) float16, of Looks.
    styles: (K,) int64 places in STYLES, each once a word. mean (L,), axes (L,C) float32: a part's
    look less the mean, times the axes, is its code; by them words are added.
    spans: word -> its rows of codes, [start, stop); words without renderings have none.
    phrases: what people write -> word, lower case. meanings: (words, W) float16, the mean text
    state of each word, in the order of `spans`, for prompts that hold no phrase. leaning: words
    that may be turned a little. one_way: those that may not be mirrored.
    """

    codes: Tensor
    extents: Tensor
    turns: Tensor
    styles: Tensor
    mean: Tensor
    axes: Tensor
    spans: Mapping[str, tuple[int, int]]
    phrases: Mapping[str, str]
    meanings: Tensor
    leaning: frozenset[str]
    one_way: frozenset[str]

    @property
    def channels(self) -> int:
        """Numbers of a cell of its looks."""
        return len(self.mean) // (LOOK_CELLS // PLACES) ** 2

    def looks(self, word: str) -> Looks | None:
        """What a word looks like, (1, STYLES, ...); empty in styles that it is not known in.

        None for a word without renderings.
        """
        start, stop = self.spans[word]
        if start == stop:
            return None
        parts = self.codes[start:stop].float() @ self._back + self.mean
        known = whole_of(parts)
        fields = known.new_zeros(1, len(STYLES), *known.shape[1:])
        extents = known.new_zeros(1, len(STYLES), 2)
        turns = known.new_zeros(1, len(STYLES), 2, 4)
        styles = self.styles[start:stop]
        fields[0, styles] = known
        extents[0, styles] = self.extents[start:stop].float()
        turns[0, styles] = self.turns[start:stop].float()
        return Looks(fields, extents, turns)

    def poses(self, word: str) -> tuple[Pose, ...]:
        """How else a word may be painted, in the order in which seeds take it."""
        return poses_of(leaning=word in self.leaning, one_way=word in self.one_way)

    def find(self, prompt: str) -> str | None:
        """The word that a prompt is about, by the phrases in it; None where it has none.

        Phrases of three words and more ("house with garden") go first, then what stands before
        "with", "in" and the like. Of several phrases the longest counts, of these the last: "a
        green apple on a plate" is a green apple, "apple pie" a pie.
        """
        whole = prompt.lower()
        for part, least in ((whole, 3), (_ASIDES.split(whole, maxsplit=1)[0], 1), (whole, 1)):
            words = words_of(part)
            for length in range(min(len(words), self._longest), least - 1, -1):
                for start in range(len(words) - length, -1, -1):
                    word = self._named(" ".join(words[start : start + length]))
                    if word is not None:
                        return word
        return None

    def said(self, prompt: str, word: str) -> str:
        """The prompt as the text encoder is to read it.

        A word that was taught means nothing to the model, so that its phrases become "thing".
        """
        if not word.startswith(TAUGHT):
            return prompt
        said = prompt.lower()
        for phrase, meant in self.phrases.items():
            if meant == word:
                letters = r"\W+".join(map(re.escape, phrase.split()))
                said = re.sub(rf"(?<!\w){letters}(?:e?s)?(?!\w)", UNNAMED, said)
        return said

    def styled(self, prompt: str) -> tuple[str, int | None]:
        """The prompt without a word for a style, and that style's place in STYLES; or None.

        A word that belongs to the thing's name ("flat shoe") says nothing of a style.
        """
        for name, style in STYLE_WORDS.items():
            rest = re.sub(rf"(?<!\w){name}(?!\w)\s*", "", prompt, flags=re.IGNORECASE)
            if rest != prompt and self.find(rest) == self.find(prompt):
                return rest, style
        return prompt, None

    def _named(self, phrase: str) -> str | None:
        if phrase in self.phrases:
            return self.phrases[phrase]
        singular = re.sub(r"(?<=s|x|z|h)es$|(?<=[^s])s$", "", phrase)
        return self.phrases.get(singular)

    def nearest(self, meaning: Tensor) -> str | None:
        """The word nearest in meaning to a mean text state (W,); None where none is near."""
        likeness = F.normalize(meaning.float(), dim=0) @ self._directions.T
        best = int(likeness.argmax())
        return self._words[best] if float(likeness[best]) >= LEAST_LIKENESS else None

    @cached_property
    def _words(self) -> tuple[str, ...]:
        return tuple(self.spans)

    @cached_property
    def _directions(self) -> Tensor:
        return F.normalize(self.meanings.float(), dim=1)

    @cached_property
    def _back(self) -> Tensor:
        """(C,L): from codes to looks."""
        back: Tensor = torch.linalg.pinv(self.axes)
        return back

    @cached_property
    def _longest(self) -> int:
        return max((len(phrase.split()) for phrase in self.phrases), default=0)


def parts_of(fields_KCnn: Tensor) -> Tensor:
    """(K,C,n,n) -> (K,P,L), parts row by row."""
    cells = fields_KCnn.shape[-1] // PLACES
    cut = fields_KCnn.unflatten(2, (PLACES, cells)).unflatten(4, (PLACES, cells))
    parts: Tensor = cut.permute(0, 2, 4, 1, 3, 5).flatten(3).flatten(1, 2)
    return parts


def whole_of(parts_KPL: Tensor) -> Tensor:
    """The inverse of `parts_of` for fields of LOOK_CELLS."""
    cells = LOOK_CELLS // PLACES
    cut = parts_KPL.unflatten(1, (PLACES, PLACES)).unflatten(3, (-1, cells, cells))
    fields: Tensor = cut.permute(0, 3, 1, 4, 2, 5).flatten(4).flatten(2, 3)
    return fields


def save_lexicon(path: Path, lexicon: Lexicon) -> None:
    """Write one safetensors file; raises TargetError."""
    words = {
        "spans": dict(lexicon.spans),
        "phrases": dict(lexicon.phrases),
        "leaning": sorted(lexicon.leaning),
        "one_way": sorted(lexicon.one_way),
    }
    tensors = {name: getattr(lexicon, name) for name in TENSORS}
    write_tensors(path, tensors, {"words": json.dumps(words)})


def load_lexicon(path: Path) -> Lexicon:
    """Read what `save_lexicon` wrote; ModelError where it is missing, damaged or senseless."""
    try:
        with safe_open(path, "pt") as file:
            words = json.loads((file.metadata() or {})["words"])
            # Copies: what is mapped dies with the file, and the program with it.
            codes, extents, turns, styles, mean, axes, meanings = (
                file.get_tensor(name).clone() for name in TENSORS
            )
        spans = {str(word): (int(a), int(b)) for word, (a, b) in words["spans"].items()}
        phrases = {str(phrase): str(word) for phrase, word in words["phrases"].items()}
        leaning, one_way = (frozenset(map(str, words[name])) for name in ("leaning", "one_way"))
    except UNREADABLE as error:
        raise ModelError(f"{path} is not a readable lexicon: {error!r}.") from error
    fits = (
        codes.ndim == 3
        and codes.shape[1] == PLACES**2
        and extents.shape == (len(codes), 2)
        and turns.shape == (len(codes), 2, 4)
        and styles.shape == (len(codes),)
        and not styles.is_floating_point()
        and axes.shape == (len(mean), codes.shape[2])
        and len(mean) > 0
        and len(mean) % (LOOK_CELLS // PLACES) ** 2 == 0
        and meanings.ndim == 2
        and len(meanings) == len(spans) > 0
        and all(0 <= a <= b <= len(codes) for a, b in spans.values())
        and set(phrases.values()) <= set(spans)
        and bool(((styles >= 0) & (styles < len(STYLES))).all())
        and bool(((extents > 0) & (extents <= 1)).all())
        and bool((turns[..., :2] > 0).all())
        and all(bool(values.isfinite().all()) for values in (codes, turns, mean, axes, meanings))
    )
    if not fits:
        raise ModelError(f"{path} is not a readable lexicon: its parts do not fit together.")
    return Lexicon(
        codes, extents, turns, styles.long(), mean, axes, spans, phrases, meanings, leaning, one_way
    )
