"""The words that a model knows, and what they look like: the latents of each rendering.

A small model cannot keep hundreds of things in its weights. So it is told, with a prompt, what the
thing looks like in each style it is known in, and learns to paint that into a scene, in the style,
colours and light of its surroundings. After retrieval-augmented diffusion (Blattmann et al. 2022),
with words instead of pictures as the query; the rest is ours.

Shape legend: K renderings, C numbers a cell (latent channels and cover), M pictures of surfaces.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor

from lazydiff_core.errors import ModelError
from lazydiff_core.model.files.config import LOOK_CELLS
from lazydiff_core.model.files.tensors import write_tensors
from lazydiff_core.model.references.variations import Change, Extents, Pose, Turns, poses_of
from lazydiff_core.prompts.english import STYLE_WORDS
from lazydiff_core.prompts.parts import TAUGHT as TAUGHT
from lazydiff_core.prompts.parts import Vocabulary
from lazydiff_core.prompts.skin import TONED, TONES

TENSORS = (
    "cells", "scales", "extents", "turns", "styles", "surfaces", "surface_scales",
)  # fmt: skip
# Of files that hold some principal components of each of nine parts of a look.
PARTED = ("codes", "mean", "axes")
# What reading a file raises that is none, or of which any part is another thing than expected.
UNREADABLE = (
    OSError, SafetensorError, LookupError, TypeError, ValueError, AttributeError, RecursionError,
)  # fmt: skip
PLACES = 3  # a rendering is cut into so many rows and columns
UNNAMED = "thing"  # says nothing of what a thing looks like
STYLES = ("fluent-3d", "noto", "fluent-flat", "twemoji")


@dataclass(frozen=True, eq=False)
class Reference:
    """What one thing looks like in one style.

    cells (C,n,n): latents less those of plain grey, then cover in [0,1], over a square that the
    rendering fills along its longer side; 0 where there is nothing. extents: its width and height
    over the longer of both. turns: what turning does to it. style: its place in STYLES. tone: its
    place in TONES, 0 for what has none.
    """

    cells: Tensor
    extents: Extents
    turns: Turns
    style: int
    tone: int = 0


@dataclass(frozen=True, eq=False)
class Lexicon:
    """Renderings of the words a model knows, in 8 bits.

    cells: (K,C,n,n) int8, which times scales (K,C) float32 are the cells of References. extents:
    (K,2), turns: (K,2,4) float16. styles: (K,) int64 places in STYLES, each once a word.
    surfaces: (M,C-1,h,w) int8, which times surface_scales (M,C-1) are the latents, less grey, of
    windows that are all one surface. spans: word -> its rows of cells, [start, stop); none for a
    word without renderings, as many for each tone of a word that has TONED before it. grounds:
    word -> its rows of surfaces. phrases: what people write, lower case -> thing; surface_phrases:
    -> surface. leaning: words that may be turned a little. one_way: those that may not be mirrored.
    """

    cells: Tensor
    scales: Tensor
    extents: Tensor
    turns: Tensor
    styles: Tensor
    surfaces: Tensor
    surface_scales: Tensor
    spans: Mapping[str, tuple[int, int]]
    grounds: Mapping[str, tuple[int, int]]
    phrases: Mapping[str, str]
    surface_phrases: Mapping[str, str]
    leaning: frozenset[str]
    one_way: frozenset[str]

    @property
    def channels(self) -> int:
        """Numbers of a cell."""
        return self.cells.shape[1]

    def reference(self, word: str, style: int | None = None, tone: int = 0) -> Reference | None:
        """What a word looks like in a style, or where that is None or not known in its usual one.

        tone: of TONES, for a word that is known in them. None for a word without renderings.
        """
        start, stop = self.spans[word]
        if start == stop:
            return None
        if not word.startswith(TONED):
            tone = 0
        else:
            each = (stop - start) // len(TONES)
            start += tone * each
            stop = start + each
        styles = self.styles[start:stop].tolist()
        row = start + (styles.index(style) if style in styles else 0)
        cells = self.cells[row].float() * self.scales[row, :, None, None]
        width, height = self.extents[row].tolist()
        first, second = (Change(*turn) for turn in self.turns[row].tolist())
        return Reference(cells, (width, height), (first, second), int(self.styles[row]), tone)

    def surface(self, word: str, seed: int) -> Tensor | None:
        """(C-1,h,w) latents, less grey, of a window full of a surface; the seed says of which
        picture of it. None for a word that is no surface, or of which there is no picture."""
        start, stop = self.grounds.get(word, (0, 0))
        if start == stop:
            return None
        row = start + seed % (stop - start)
        return self.surfaces[row].float() * self.surface_scales[row, :, None, None]

    def poses(self, word: str) -> tuple[Pose, ...]:
        """How else a word may be painted, in the order in which seeds take it."""
        return poses_of(leaning=word in self.leaning, one_way=word in self.one_way)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """What prompts may name."""
        return Vocabulary(self.phrases, self.surface_phrases)

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
            if rest != prompt and self._meanings(rest) == self._meanings(prompt):
                return rest, style
        return prompt, None

    def _meanings(self, prompt: str) -> list[str]:
        return [part.meaning for part in self.vocabulary.parts(prompt) if part.meaning]


def joined(lexicon: Lexicon, more: Lexicon) -> Lexicon:
    """All things of both, and the surfaces of the first; what `more` calls something counts."""
    first = len(lexicon.cells)
    cells, scales, extents, turns, styles = (
        torch.cat([getattr(lexicon, name), getattr(more, name)]) for name in TENSORS[:5]
    )
    return replace(
        lexicon,
        cells=cells,
        scales=scales,
        extents=extents,
        turns=turns,
        styles=styles,
        spans={**lexicon.spans, **{w: (first + a, first + b) for w, (a, b) in more.spans.items()}},
        phrases={**lexicon.phrases, **more.phrases},
        leaning=lexicon.leaning | more.leaning,
        one_way=lexicon.one_way | more.one_way,
    )


def in_bytes(values_KC: Tensor) -> tuple[Tensor, Tensor]:
    """(K,C,...) as int8 and scales (K,C) float32, whose product is nearest to it."""
    scales = (values_KC.abs().flatten(2).amax(2) / 127).clamp_min(1e-8).float()
    shape = (*scales.shape, *[1] * (values_KC.ndim - 2))
    return (values_KC / scales.view(shape)).round().to(torch.int8), scales


def save_lexicon(path: Path, lexicon: Lexicon) -> None:
    """Write one safetensors file; raises TargetError."""
    words = {
        "spans": dict(lexicon.spans),
        "grounds": dict(lexicon.grounds),
        "phrases": dict(lexicon.phrases),
        "surface_phrases": dict(lexicon.surface_phrases),
        "leaning": sorted(lexicon.leaning),
        "one_way": sorted(lexicon.one_way),
    }
    tensors = {name: getattr(lexicon, name) for name in TENSORS}
    write_tensors(path, tensors, {"words": json.dumps(words)})


def load_lexicon(path: Path) -> Lexicon:
    """Read what `save_lexicon` wrote, now or when it kept parts of looks (ADR 22).

    ModelError where it is missing, damaged or senseless.
    """
    try:
        with safe_open(path, "pt") as file:
            words = json.loads((file.metadata() or {})["words"])
            # Copies: what is mapped dies with the file, and the program with it.
            tensors = {name: file.get_tensor(name).clone() for name in file.keys()}  # noqa: SIM118
        if "codes" in tensors:
            _from_parts(tensors, words)
        spans, grounds = (
            {str(word): (int(a), int(b)) for word, (a, b) in words[name].items()}
            for name in ("spans", "grounds")
        )
        phrases, surface_phrases = (
            {str(phrase): str(word) for phrase, word in words[name].items()}
            for name in ("phrases", "surface_phrases")
        )
        leaning, one_way = (frozenset(map(str, words[name])) for name in ("leaning", "one_way"))
        cells, scales, extents, turns, styles, surfaces, surface_scales = (
            tensors[name] for name in TENSORS
        )
        count, channels = cells.shape[:2]
        fits = (
            cells.dtype == surfaces.dtype == torch.int8
            and cells.shape == (count, channels, LOOK_CELLS, LOOK_CELLS)
            and scales.shape == (count, channels)
            and extents.shape == (count, 2)
            and turns.shape == (count, 2, 4)
            and styles.shape == (count,)
            and not styles.is_floating_point()
            and surfaces.ndim == 4
            and surfaces.shape[1] == channels - 1 > 0
            and surface_scales.shape == surfaces.shape[:2]
            and len(spans) > 0
            and all(0 <= a <= b <= count for a, b in spans.values())
            and not any((b - a) % len(TONES) for w, (a, b) in spans.items() if w.startswith(TONED))
            and all(0 <= a <= b <= len(surfaces) for a, b in grounds.values())
            and {*phrases.values(), *surface_phrases.values(), *grounds} <= set(spans)
            and bool(((styles >= 0) & (styles < len(STYLES))).all())
            and bool(((extents > 0) & (extents <= 1)).all())
            and bool((turns[..., :2] > 0).all())
            and all(bool(values.isfinite().all()) for values in (scales, turns, surface_scales))
        )
    except UNREADABLE as error:
        raise ModelError(f"{path} is not a readable lexicon: {error!r}.") from error
    if not fits:
        raise ModelError(f"{path} is not a readable lexicon: its parts do not fit together.")
    return Lexicon(
        cells, scales.float(), extents, turns, styles.long(), surfaces, surface_scales.float(),
        spans, grounds, phrases, surface_phrases, leaning, one_way,
    )  # fmt: skip


def _from_parts(tensors: dict[str, Tensor], words: dict[str, Any]) -> None:
    """Whole looks of codes (K,9,N) for nine parts of each, row by row, where a part's look (L,) is
    its code times the pseudo-inverse of axes (L,N), plus the mean; surfaces had no pictures."""
    codes, mean, axes = (tensors.pop(name) for name in PARTED)
    parts = codes.float() @ torch.linalg.pinv(axes.float()) + mean
    side = LOOK_CELLS // PLACES
    if parts.shape[1] != PLACES**2 or parts.shape[2] % side**2:
        raise ValueError("its looks have other parts")
    cut = parts.unflatten(1, (PLACES, PLACES)).unflatten(3, (-1, side, side))
    whole = cut.permute(0, 3, 1, 4, 2, 5).flatten(4).flatten(2, 3)
    tensors["cells"], tensors["scales"] = in_bytes(whole)
    channels = whole.shape[1] - 1
    tensors["surfaces"] = torch.zeros(0, channels, 1, 1, dtype=torch.int8)
    tensors["surface_scales"] = torch.zeros(0, channels)
    bare = {word for word, (start, stop) in words["spans"].items() if start == stop}
    phrases = words["phrases"]
    words["surface_phrases"] = {said: word for said, word in phrases.items() if word in bare}
    words["phrases"] = {said: word for said, word in phrases.items() if word not in bare}
    words["grounds"] = {}
