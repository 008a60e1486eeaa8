"""The evaluation kit shipped in resources/eval: the judge, some renderings, reference features.

judge/                       the judge
stickers/STYLE/CONCEPT.webp  renderings: those held out, those of grids and single things
kit.json                     which renderings are held out, make grids, are asked for singly
reference.safetensors        mean, covariance and count of real renderings' features; what those get
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image
from safetensors.numpy import load_file

from lazydiff_core.errors import ModelError
from lazydiff_core.evaluation.frechet import Moments
from lazydiff_core.evaluation.judge import Judge, load_judge
from lazydiff_core.training.stickers import STICKER_SIZE, Sticker, StickerBank

Pixels = npt.NDArray[np.uint8]

KIT_STYLES = ("fluent-3d", "noto", "fluent-flat")  # MIT and Apache-2.0


@dataclass(frozen=True)
class ReferenceScores:
    """Scores of the real renderings on the same canvases: the best that a model can reach.

    frechet: distance of as many real renderings' features as a model is asked for from the
    reference. top1: share of them that the judge names.
    """

    frechet: float
    top1: float


@dataclass(frozen=True, eq=False)
class Kit:
    """`bank` holds the renderings; `heldout`, `grids` and `things` index it.

    `reference` are moments of real renderings' features, `reference_scores` what those get.
    """

    judge: Judge
    bank: StickerBank
    heldout: tuple[int, ...]
    grids: tuple[int, ...]
    things: tuple[int, ...]
    reference: Moments
    reference_scores: ReferenceScores

    def prompt(self, concept: str) -> str:
        """The prompt for a concept."""
        config = self.judge.config
        return config.prompts[config.concepts.index(concept)]

    @property
    def thing_names(self) -> tuple[str, ...]:
        """The concepts of `things`, in the order of the kit."""
        return tuple(dict.fromkeys(self.bank.stickers[k].concept for k in self.things))

    def renderings_of(self, concept: str) -> list[Pixels]:
        """The renderings of one of `things`, one per style."""
        chosen = (k for k in self.things if self.bank.stickers[k].concept == concept)
        return [np.asarray(self.bank.pixels[k]) for k in chosen]

    def grid_of(self, style: str) -> tuple[int, ...]:
        """The grid renderings of one style."""
        return tuple(k for k in self.grids if self.bank.stickers[k].style == style)


def sticker_path(folder: Path, sticker: Sticker) -> Path:
    """The file of a rendering in the kit."""
    return folder / "stickers" / sticker.style / f"{sticker.concept}.webp"


def load_kit(folder: Path) -> Kit:
    """Read a kit; raises ModelError if it is incomplete."""
    try:
        listed = json.loads((folder / "kit.json").read_text(encoding="utf-8"))
        stickers = tuple(Sticker(**row) for row in listed["stickers"])
        pixels = np.stack([_read(sticker_path(folder, sticker)) for sticker in stickers])
        tensors = load_file(folder / "reference.safetensors")
        moments = Moments(tensors["mean"], tensors["covariance"], int(tensors["count"]))
        reference_scores = ReferenceScores(float(tensors["frechet"]), float(tensors["top1"]))
        roles = {name: tuple(listed[name]) for name in ("heldout", "grids", "things")}
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise ModelError(f"{folder} holds no complete evaluation kit: {error!r}.") from error
    judge = load_judge(folder / "judge")
    bank = StickerBank(stickers, pixels)
    return Kit(judge, bank, **roles, reference=moments, reference_scores=reference_scores)


def _read(path: Path) -> Pixels:
    with Image.open(path, formats=["WEBP"]) as image:
        pixels = np.array(image.convert("RGBA"))
    size = (STICKER_SIZE, STICKER_SIZE)
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_CUBIC), np.uint8)
