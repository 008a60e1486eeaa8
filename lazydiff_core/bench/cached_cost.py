"""What a KV cache saves a public DiT: runs of `cached_dit` against full blended inpainting.

Weights and latents are random, which does not change the work. Runs are interleaved, so that other
load on the machine affects all of them. Only the denoiser is measured. FLOPs are counted without
computing anything, so that sizes that would take hours can be compared.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from functools import partial
from math import sqrt
from statistics import median
from typing import Any

import numpy as np
import torch
from torch.utils.flop_counter import FlopCounterMode

from lazydiff_core.backends.cached_dit.cache_plan import CachePlan
from lazydiff_core.backends.cached_dit.cache_settings import CacheSettings
from lazydiff_core.backends.cached_dit.denoise_loop import (
    Guidance,
    HoleNoise,
    Predictor,
    denoise,
    make_guidance,
)
from lazydiff_core.backends.cached_dit.kv_cache import KVCache
from lazydiff_core.backends.cached_dit.kv_entry import Storage
from lazydiff_core.backends.cached_dit.pixart import PixArt
from lazydiff_core.backends.cached_dit.refresh_run import RefreshRun, full_steps
from lazydiff_core.backends.cached_dit.token_canvas import TokenCanvas
from lazydiff_core.contract import Mask
from lazydiff_core.geometry.tokens import computed_tokens
from lazydiff_core.model.autoencoders.tiny_autoencoder import TinyAutoencoder
from lazydiff_core.model.text.prompt import Prompt
from lazydiff_core.model.text.text_encoder import stack_prompts
from lazydiff_core.sampling.schedule import Schedule

WORDS = 20  # tokens of the prompt, without padding
_TEXT_WIDTH = 64
_SCHEDULER = {
    "_class_name": "DPMSolverMultistepScheduler",
    "beta_start": 0.0001,
    "beta_end": 0.02,
    "beta_schedule": "linear",
}


@dataclass(frozen=True)
class DitSizes:
    """Sizes of a PixArt; `grid` is the number of tokens along a side."""

    grid: int
    width: int
    heads: int
    layers: int


SMALL = DitSizes(grid=48, width=384, heads=6, layers=2)  # a minute on two cores
QUICK = DitSizes(grid=32, width=192, heads=3, layers=1)
XL = DitSizes(grid=64, width=1152, heads=16, layers=28)  # PixArt-XL at 1024 pixels


@dataclass(frozen=True)
class RunCost:
    """Cost of one way to make `steps` steps for a mask.

    full:      steps that compute the whole canvas.
    hole:      tokens computed in the other steps, including the rim.
    flops:     of a run.
    seconds:   of the median run; None if only FLOPs were counted.
    ahead_*:   cost of filling a bank before there is a prompt.
    *_to_full: cost of a run with every step full, divided by the cost of this run.
    """

    way: str
    steps: int
    full: int
    mask_ratio: float
    tokens: int
    hole: int
    flops: float
    flops_to_full: float
    seconds: float | None = None
    seconds_to_full: float | None = None
    ahead_flops: float = 0.0
    ahead_seconds: float | None = None

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


class _RandomText:
    """Encodes a prompt as WORDS random tokens, an empty prompt as one."""

    def encode(self, prompts: list[str]) -> Prompt:
        rows = [torch.randn(WORDS if prompt else 1, _TEXT_WIDTH) for prompt in prompts]
        return stack_prompts(rows)


def random_pixart(sizes: DitSizes, device: str = "cpu") -> PixArt:
    """A PixArt of these sizes with random weights, without text encoder and autoencoder."""
    from diffusers import AutoencoderTiny, PixArtTransformer2DModel

    with torch.device(device):
        transformer: Any = PixArtTransformer2DModel(
            num_attention_heads=sizes.heads,
            attention_head_dim=sizes.width // sizes.heads,
            num_layers=sizes.layers,
            cross_attention_dim=sizes.width,
            sample_size=2 * sizes.grid,
            caption_channels=_TEXT_WIDTH,
            use_additional_conditions=False,
        )
    return PixArt(transformer.eval(), TinyAutoencoder(AutoencoderTiny()), _RandomText(), _SCHEDULER)


def square_hole(grid: int, ratio: float) -> Mask:
    """(grid, grid) bool: a square hole in the middle that takes about `ratio` of the grid."""
    side = max(1, round(grid * sqrt(ratio)))
    start = (grid - side) // 2
    hole = np.zeros((grid, grid), np.bool_)
    hole[start : start + side, start : start + side] = True
    return hole


@torch.inference_mode()
def count_cached(
    sizes: DitSizes = XL, mask_ratio: float = 0.1, steps: int = 20, guidance: float = 4.5
) -> list[RunCost]:
    """Rows "full", "refresh" (only the first step full) and "bank" (filled ahead)."""
    setting = _setting(sizes, mask_ratio, 1, guidance, "meta")  # all steps cost the same
    bank = setting.bank()
    entry = _flops(lambda: bank.at(0))
    lazy = _flops(lambda: setting.run(bank))
    whole = _flops(lambda: setting.run(setting.refresh(1)))
    grid = setting.canvas.grid
    rows = []
    for way, full in (("full", steps), ("refresh", 1), ("bank", 0)):
        flops = full * whole + (steps - full) * lazy
        ratio = steps * whole / flops
        row = RunCost(way, steps, full, mask_ratio, grid.size, int(grid.sum()), flops, ratio)
        rows.append(replace(row, ahead_flops=steps * entry) if way == "bank" else row)
    return rows


@torch.inference_mode()
def measure_cached(
    sizes: DitSizes = SMALL,
    mask_ratio: float = 0.1,
    steps: int = 20,
    times: int = 3,
    guidance: float = 4.5,
    clock: Callable[[], float] = time.perf_counter,
) -> list[RunCost]:
    """The rows of `count_cached`, with the seconds that runs take on the CPU by `clock`."""
    setting = _setting(sizes, mask_ratio, steps, guidance, "cpu")
    bank = setting.bank()
    ahead = _seconds(lambda: bank.fill(lambda: False), clock)
    ways = setting.ways(bank)
    runs: dict[str, list[float]] = {way: [] for way in ways}
    for _ in range(times):
        for way, make in ways.items():
            runs[way].append(_seconds(partial(setting.run, make()), clock))
    taken = {way: median(seconds) for way, seconds in runs.items()}
    return [
        replace(
            row,
            seconds=taken[row.way],
            seconds_to_full=taken["full"] / taken[row.way],
            ahead_seconds=ahead if row.way == "bank" else None,
        )
        for row in count_cached(sizes, mask_ratio, steps, guidance)
    ]


@dataclass(frozen=True)
class _Setting:
    """The inputs that all ways share."""

    family: PixArt
    canvas: TokenCanvas
    steps: int
    guidance: Guidance

    def schedule(self) -> Schedule:
        return Schedule("dpm++", _SCHEDULER, self.family.timetable(self.steps))

    def refresh(self, every: int) -> RefreshRun:
        plan, full = CachePlan("refresh", Storage(torch.float32)), full_steps(self.steps, every, 0)
        return RefreshRun(self.family, self.canvas, self.schedule(), plan, full)

    def bank(self) -> KVCache:
        plan, text = (
            CachePlan("bank", Storage(torch.float32)),
            self.family.batch([self.family.encode_prompt("")]),
        )
        return KVCache(self.family, self.canvas, self.schedule(), plan, text)

    def ways(self, bank: KVCache) -> dict[str, Callable[[], Predictor]]:
        return {
            "full": lambda: self.refresh(1),
            "refresh": lambda: self.refresh(self.steps),
            "bank": lambda: bank,
        }

    def run(self, way: Predictor) -> None:
        noise = HoleNoise(self.family, self.canvas, (1,))
        denoise(way, self.schedule(), noise.draw(), self.guidance, noise, lambda *_: None)


def _setting(sizes: DitSizes, ratio: float, steps: int, guidance: float, device: str) -> _Setting:
    family = random_pixart(sizes, device)
    # The hole fills its tokens, so those at its border are generated for the blender, too.
    grid = computed_tokens(square_hole(sizes.grid, ratio), CacheSettings(dilate=1).computed())
    tokens = torch.randn(1, family.shape.tokens, family.shape.token_width, device=device)
    guided = make_guidance(family, family.encode_prompt("a"), family.encode_prompt(""), guidance, 1)
    return _Setting(family, TokenCanvas(tokens, grid), steps, guided)


def _flops(run: Callable[[], object]) -> float:
    with FlopCounterMode(display=False) as counter:
        run()
    return float(counter.get_total_flops())


def _seconds(run: Callable[[], object], clock: Callable[[], float]) -> float:
    begin = clock()
    run()
    return clock() - begin
