"""What a fill costs with a public model, lazily and by what its rivals do.

Every way runs the model's networks in their real shapes, on tensors without data under a counter,
or with random weights under a clock. All ways keep the prompt and the picture for the next variant.
Left out for all: blending, resizing and the sampler's own arithmetic.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from math import ceil
from typing import Any, Final, TypeAlias

import numpy as np

from lazydiff_core.backends.cached_dit.cache_settings import CacheSettings
from lazydiff_core.backends.cached_dit.refresh_run import full_steps
from lazydiff_core.bench.headline_stages import Context, Decode, Encode, Piece, Read, Stages, Step
from lazydiff_core.bench.latent_cost import middle_square
from lazydiff_core.bench.public_models import SIDE, WORDS
from lazydiff_core.contract import Computed, EngineInfo, Mask
from lazydiff_core.engine.model_crop import crop_for_model
from lazydiff_core.geometry.box import Box, bounding_box
from lazydiff_core.geometry.tokens import computed_tokens, token_mask
from lazydiff_core.model.autoencoders.lazy_codec import DECODE_MARGIN

CANVASES: Final = (1024, 2048)
RATIOS: Final = (0.02, 0.05, 0.1, 0.25)
MARGIN: Final = 64  # pixels that crop-and-stitch leaves around the hole
TOKEN: Final = 16  # pixels a side, in all of these models
STAGES: Final = ("text", "encode", "context", "denoise", "decode_first", "decode")

Amounts: TypeAlias = dict[str, float]
# Pieces and how often each is run, of a stage.
Stage: TypeAlias = tuple[tuple[Piece, int], ...]
# What so many runs of something take, by kind: "flops" and "bytes", or "seconds".
Measure: TypeAlias = Callable[[Callable[[], object], int], Amounts]


@dataclass(frozen=True)
class Way:
    """One way to fill a hole.

    tokens, text_tokens: of picture and prompt, computed at a step of most.
    padding_kept: keys and values of the prompt's padding are kept, as those of the canvas are.
    """

    backend: str
    tokens: int
    text_tokens: int
    stages: dict[str, Stage]
    padding_kept: bool = False


@dataclass(frozen=True)
class HeadlineRow:
    """What one way takes for one hole.

    amounts: kind -> stage or total -> amount. "context" is what is kept of the canvas beside its
             latents; the app makes it while the pen rests. "decode_first" decodes the first
             picture, "decode" each further one, of which lazy ways make the hole alone.
             "first_image" is all of them but "decode", "next_variant" denoising and decoding;
             "first_image_ahead" leaves out what the app does before there is a prompt.
    """

    backend: str
    model: str
    canvas: int
    mask_ratio: float
    steps: int
    tokens: int
    text_tokens: int
    padding_kept: bool
    amounts: dict[str, Amounts]

    @property
    def label(self) -> str:
        return f"{self.backend}, padding kept" if self.padding_kept else self.backend

    def to_dict(self) -> dict[str, Any]:
        return {
            "backend": self.backend, "model": self.model, "canvas": self.canvas,
            "mask_ratio": self.mask_ratio, "steps": self.steps, "tokens": self.tokens,
            "text_tokens": self.text_tokens, "padding_kept": self.padding_kept,
            "extrapolated": False,
        } | self.amounts  # fmt: skip


@dataclass(frozen=True)
class Plan:
    """What to fill, and by whom.

    padded:   tokens of a prompt with the padding that the model sees; None = it sees none.
    settings: of the lazy ways.
    """

    model: str
    steps: int
    padded: int | None
    settings: CacheSettings = field(default_factory=CacheSettings)
    canvases: tuple[int, ...] = CANVASES
    ratios: tuple[float, ...] = RATIOS

    def holes(self, canvas: int) -> list[float]:
        """Shares of a canvas; of a large one also those that are as large on the smallest."""
        same = [ratio * (min(self.canvases) / canvas) ** 2 for ratio in self.ratios]
        return sorted({round(ratio, 6) for ratio in (*self.ratios, *same)})


def headline_rows(
    plan: Plan,
    stages: Stages,
    measure: Measure,
    paper: Stages | None = None,
    say: Callable[[str], None] = lambda news: None,
) -> list[HeadlineRow]:
    """Rows in the order canvas, mask, way.

    paper: the networks of the paper's sizes, for a row "lazydiffusion"; None = without it.
    """

    def of(source: Stages) -> Callable[[Piece, int], Amounts]:
        return lru_cache(maxsize=None)(lambda piece, times: measure(source.run(piece), times))

    public, papers = of(stages), None if paper is None else of(paper)
    rows = []
    for canvas in plan.canvases:
        for ratio in plan.holes(canvas):
            say(f"{canvas}^2, {ratio:.1%}")
            hole = middle_square(canvas, ratio)
            found = [(way, public) for way in _ways(plan, canvas, hole)]
            if papers is not None:
                found.append((_paper(plan, canvas, hole), papers))
            for way, amounts_of in found:
                row = HeadlineRow(
                    way.backend, plan.model, canvas, ratio, plan.steps, way.tokens,
                    way.text_tokens, way.padding_kept, _amounts(way, amounts_of),
                )  # fmt: skip
                rows.append(row)
    return rows


def _amounts(way: Way, amounts_of: Callable[[Piece, int], Amounts]) -> dict[str, Amounts]:
    found: dict[str, Amounts] = {}
    for stage in STAGES:
        for piece, times in way.stages.get(stage, ()):
            for kind, amount in amounts_of(piece, times).items():
                of = found.setdefault(kind, dict.fromkeys(STAGES, 0.0))
                of[stage] += amount
    for of in found.values():
        of["first_image_ahead"] = of["text"] + of["denoise"] + of["decode_first"]
        of["first_image"] = sum(of[stage] for stage in STAGES if stage != "decode")
        of["next_variant"] = of["denoise"] + of["decode"]
    return found


def _ways(plan: Plan, canvas: int, hole: Box) -> Iterator[Way]:
    yield _plain("whole_canvas", canvas, plan)
    crop = min(canvas, TOKEN * ceil((hole.width + 2 * MARGIN) / TOKEN))
    yield _plain("crop_and_stitch", crop, plan)
    yield _plain("crop_and_stitch_enlarged", SIDE, plan)
    if plan.padded:  # diffusers' inpainting of such models shows them the picture besides
        yield _plain("whole_canvas_and_reference", canvas, plan, pictures=2)
    for padding_kept in (False, True) if plan.padded else (False,):
        yield from _lazy(plan, canvas, hole, padding_kept)


def _plain(backend: str, side: int, plan: Plan, pictures: int = 1) -> Way:
    """Every token of `pictures` squares of `side` pixels, at each step."""
    tokens, text = pictures * (side // TOKEN) ** 2, plan.padded or WORDS
    decode = ((Decode(side), 1),)
    stages: dict[str, Stage] = {
        "text": ((Read(), 1),), "encode": ((Encode(side), 1),),
        "denoise": ((Step(side, tokens, text), plan.steps),),
        "decode_first": decode, "decode": decode,
    }  # fmt: skip
    return Way(backend, tokens, text, stages)


def _lazy(plan: Plan, canvas: int, hole: Box, padding_kept: bool) -> Iterator[Way]:
    """The hole's tokens in the model's window, with what is kept of the others."""
    settings, steps = plan.settings, plan.steps
    grid, part = window_of(canvas, hole, settings.computed())
    everything, count = grid.size, int(grid.sum())
    padded = plan.padded or WORDS
    text = WORDS if padding_kept else padded
    padding = padded - text
    full = len(full_steps(steps, settings.every, settings.last_full))
    whole = Step(SIDE, everything, padded)
    lazy = Step(SIDE, count, text, everything - count + padding)
    ways: list[tuple[str, dict[str, Stage]]] = [
        ("refresh", {"denoise": ((whole, full), (lazy, steps - full))}),
        (
            "bank",
            {
                "context": ((Step(SIDE, everything - count, padded), steps),),
                "denoise": ((lazy, steps),),
            },
        ),
    ]
    if plan.padded:
        # What is to be seen of the window, whose tokens see each other alone, at one timestep.
        seen = everything - count
        context: Stage = ((Step(SIDE, seen, 0), 1),)
        if padding_kept:  # that of each step, beside it
            context = (*context, (Step(SIDE, 0, padded, seen), steps))
        ways.append(("reference", {"context": context, "denoise": ((lazy, steps),)}))
    for backend, own in ways:
        yield Way(backend, count, text, _around(part) | own, padding_kept)


def _paper(plan: Plan, canvas: int, hole: Box) -> Way:
    """LazyDiffusion in the paper's sizes, with as many steps."""
    grid, _ = window_of(canvas, hole, Computed())
    count = int(grid.sum())
    part = bounding_box(grid).scale(TOKEN).grow(DECODE_MARGIN).clip(Box.of((SIDE, SIDE)))
    own: dict[str, Stage] = {
        "context": ((Context(count), 1),), "denoise": ((Step(SIDE, count, 0), plan.steps),)
    }  # fmt: skip
    return Way("lazydiffusion", count, 0, _around(part) | own)


def _around(part: Box) -> dict[str, Stage]:
    """Prompt and pictures of a lazy way. The first decoding records what later ones reuse.

    part: the pixels of the window that later ones decode.
    """
    return {
        "text": ((Read(), 1),), "encode": ((Encode(SIDE), 1),),
        "decode_first": ((Decode(SIDE), 1),), "decode": ((Decode(SIDE, part), 1),),
    }  # fmt: skip


def window_of(canvas: int, hole: Box, computed: Computed) -> tuple[Mask, Box]:
    """The tokens of the model's window that are computed for a hole, and its pixels that are
    decoded.

    They are those of the engine: its window, its border, and the rim of `computed`.
    """
    mask = np.zeros((canvas, canvas), np.bool_)
    mask[hole.slices] = True
    info = EngineInfo("", "", "cpu", SIDE, TOKEN, (), "", 1, 1.0, computed=computed)
    crop = crop_for_model(np.zeros((canvas, canvas, 3), np.uint8), mask, "auto", info)
    return computed_tokens(token_mask(crop.input.mask, TOKEN), computed), crop.input.wanted
