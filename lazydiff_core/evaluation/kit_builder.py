"""Builds the evaluation kit from the picture sets, the sticker bank and a trained judge."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from io import BytesIO
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import torch
from PIL import Image

from lazydiff_core.errors import TrainingError
from lazydiff_core.evaluation.frechet import Moments, frechet_distance, moments
from lazydiff_core.evaluation.judge import (
    Judge,
    Opinion,
    crop_hole,
    judge_crops,
    load_judge,
    save_judge,
)
from lazydiff_core.evaluation.kit import KIT_STYLES, Kit, ReferenceScores, load_kit, sticker_path
from lazydiff_core.evaluation.trials import prompt_trials, with_truth
from lazydiff_core.model.files.tensors import write_tensors
from lazydiff_core.model.references.lexicon import STYLES
from lazydiff_core.storage.safe_files import write_files
from lazydiff_core.training.stickers import Sticker, StickerBank, render_stickers

STORED_SIZE = 192
REFERENCE_ROUNDS = 3
REFERENCE_SEED = 400_000
# Things whose prompt says no colour, which a grid's tint may change.
GRID_CONCEPTS = (
    "strawberry", "carrot", "croissant", "doughnut", "cupcake", "birthday", "cat", "bear", "owl",
    "penguin", "turtle", "fish", "ladybug", "tulip", "sunflower", "cactus", "house", "bus",
    "rocket", "guitar", "bell", "key", "gift", "umbrella",
)  # fmt: skip

# Asked for singly besides: what people paint, and what has one colour that a prompt may change.
MORE_THINGS = (
    "apple", "mushroom", "teapot", "elephant", "bird", "rose", "deciduous_tree", "star", "cloud",
    "car", "boat", "balloon", "chair", "tophat", "dress", "heart",
)  # fmt: skip

Drawn = list[tuple[Sticker, npt.NDArray[np.uint8]]]


def build_kit(bank_folder: Path, assets: Path, holdout: Path, judge_folder: Path, out: Path) -> Kit:
    """Write a complete kit to `out`; raises TrainingError if a source lacks a rendering."""
    bank, judge = StickerBank.load(bank_folder), load_judge(judge_folder)
    heldout = render_stickers(assets, _heldout_of(bank, judge, holdout))
    grids, more = _all_styles(bank, GRID_CONCEPTS), _all_styles(bank, MORE_THINGS)
    for sticker, pixels in (*heldout, *grids, *more):
        path = sticker_path(out, sticker)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_files({path: _webp(pixels)})
    kit = _assemble(judge, heldout, grids, more)
    roles = {name: list(getattr(kit, name)) for name in ("heldout", "grids", "things")}
    listed = {"stickers": [asdict(s) for s in kit.bank.stickers], **roles}
    write_files({out / "kit.json": (json.dumps(listed, indent=1) + "\n").encode()})
    save_judge(out / "judge", judge)
    reference, reference_scores = measure_reference(kit, bank)
    tensors = {
        "mean": reference.mean,
        "covariance": reference.covariance,
        "count": np.array(reference.count),
        "frechet": np.array(reference_scores.frechet),
        "top1": np.array(reference_scores.top1),
    }
    reference_path = out / "reference.safetensors"
    write_tensors(reference_path, {k: torch.from_numpy(v) for k, v in tensors.items()})
    return load_kit(out)


def _assemble(judge: Judge, heldout: Drawn, grids: Drawn, more: Drawn) -> Kit:
    drawn = [*heldout, *grids, *more]
    bank = StickerBank(tuple(s for s, _ in drawn), np.stack([pixels for _, pixels in drawn]))
    held, gridded = len(heldout), len(heldout) + len(grids)
    return Kit(
        judge,
        bank,
        heldout=tuple(range(held)),
        grids=tuple(range(held, gridded)),
        things=tuple(range(held, len(drawn))),
        reference=Moments(np.zeros(1), np.zeros((1, 1)), 0),
        reference_scores=ReferenceScores(0.0, 0.0),
    )


def _heldout_of(bank: StickerBank, judge: Judge, holdout: Path) -> list[Sticker]:
    """The held-out renderings in the kit's styles of concepts that the judge knows."""
    known = {s.codepoint.removesuffix("-fe0f"): s for s in bank.stickers}
    found = []
    for pair in json.loads(holdout.read_text(encoding="utf-8"))["pairs"]:
        other = known.get(pair["codepoint"].removesuffix("-fe0f"))
        if other and other.concept in judge.config.concepts and pair["style"] in KIT_STYLES:
            found.append(Sticker(other.concept, other.codepoint, pair["style"], other.name))
    return found


def _all_styles(bank: StickerBank, concepts: Sequence[str]) -> Drawn:
    """Renderings of concepts in every style of the kit; TrainingError if one is missing."""
    drawn = []
    for style in KIT_STYLES:
        for concept in concepts:
            index = bank.of(concept, style)
            if index is None:
                raise TrainingError(f"The sticker bank lacks {concept} in the style {style}.")
            drawn.append((bank.stickers[index], bank.pixels[index]))
    return drawn


def _webp(pixels: npt.NDArray[np.uint8]) -> bytes:
    size = (STORED_SIZE, STORED_SIZE)
    small = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
    small[small[..., 3] == 0] = 0
    buffer = BytesIO()
    Image.fromarray(small).save(buffer, "WEBP", lossless=True)
    return buffer.getvalue()


def measure_reference(kit: Kit, bank: StickerBank) -> tuple[Moments, ReferenceScores]:
    """Moments of real renderings on REFERENCE_ROUNDS canvases a concept, and what those get.

    Every concept is shown in the style that the bundled model learns first. What they get is that
    of one further round, on the canvases that models are tried on.
    """
    concepts = kit.judge.config.concepts
    rounds = [
        real_opinion(kit, bank, REFERENCE_SEED + k * 1000).features for k in range(REFERENCE_ROUNDS)
    ]
    reference = moments(np.concatenate(rounds))
    seen = real_opinion(kit, bank, 0)
    right = seen.concepts.argmax(1) == np.arange(len(concepts))
    apart = frechet_distance(moments(seen.features), reference)
    return reference, ReferenceScores(apart, float(right.mean()))


def real_opinion(kit: Kit, bank: StickerBank, first_seed: int) -> Opinion:
    """What the judge says of real renderings in the holes of prompt trials, one a concept."""
    crops = []
    for trial in prompt_trials(kit, kit.judge.config.concepts, first_seed):
        style = next(s for s in STYLES if bank.of(trial.concept, s) is not None)
        index = bank.of(trial.concept, style)
        assert index is not None
        filled = with_truth(trial, bank.pixels[index])
        assert filled.truth is not None
        crops.append(crop_hole(filled.truth, trial.mask))
    return judge_crops(kit.judge, crops)
