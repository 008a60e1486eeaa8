"""Time and error of lazy encoding and decoding against full passes.

A canvas has been encoded before; then a square of it changes, or is filled. Errors of `LazyCodec`
against the autoencoder itself: of latents in standard deviations, of pixels in levels of 255.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any, Literal, TypeAlias

import numpy as np
import torch
from torch import Tensor

from lazydiff_core.bench.latency import some_canvas
from lazydiff_core.contract import Box
from lazydiff_core.engine.engine import Clock
from lazydiff_core.model.autoencoders.latent_codec import LatentCodec
from lazydiff_core.model.autoencoders.layer_crops import cut_cells
from lazydiff_core.model.autoencoders.lazy_codec import DECODE_MARGIN, LazyCodec
from lazydiff_core.model.autoencoders.recorded_passes import RecordedPasses

RATIOS = (0.02, 0.1, 0.25)
Direction: TypeAlias = Literal["encode", "decode"]


@dataclass(frozen=True)
class LatentRow:
    """Time and error of one direction at one mask size.

    *_seconds: medians.
    error_*:   in standard deviations (encode) or levels of 255 (decode).
    shift:     how far statistics moved, in standard deviations; 0 if crops are exact.
    fell_back: the lazy pass was replaced by a full one.
    """

    direction: Direction
    mask_ratio: float
    full_seconds: float
    lazy_seconds: float
    error_mean: float
    error_p99: float
    error_max: float
    shift: float
    fell_back: bool

    @property
    def times_faster(self) -> float:
        return self.full_seconds / self.lazy_seconds

    def to_dict(self) -> dict[str, Any]:
        return asdict(self) | {"times_faster": self.times_faster}


@torch.inference_mode()
def measure_latents(
    codec: LatentCodec,
    side: int = 512,
    ratios: Sequence[float] = RATIOS,
    rounds: int = 3,
    clock: Clock = time.perf_counter,
) -> list[LatentRow]:
    """Rows for canvases of `side` pixels, holes in the middle."""
    first, second = _canvases(side)
    return [
        row for ratio in ratios for row in _rows(codec.eval(), first, second, ratio, rounds, clock)
    ]


def _canvases(side: int) -> tuple[Tensor, Tensor]:
    """Two different canvases, (1,3,S,S) in [-1,1]."""
    one = torch.from_numpy(some_canvas(side)).permute(2, 0, 1)[None].float() / 127.5 - 1
    return one, one.flip(2).contiguous()


def _rows(
    codec: LatentCodec,
    first: Tensor,
    second: Tensor,
    ratio: float,
    rounds: int,
    clock: Clock,
) -> Iterator[LatentRow]:
    scale, lazy = codec.scale, LazyCodec(codec)
    cells = middle_square(first.shape[2] // scale, ratio)
    edited = first.clone()
    edited[(..., *cells.scale(scale).slices)] = cut_cells(second, cells.scale(scale))

    def encode_first() -> None:
        lazy.forget()
        lazy.encode(first)

    comparison = _Comparison(encode_first, rounds, clock, lazy.encoder)
    latents = comparison.run(lambda: lazy.encode(edited), lambda: codec.encode(edited))
    expected = codec.encode(edited)
    yield comparison.row("encode", ratio, (latents - expected).abs() / expected.std())

    before, bounds = codec.encode(first), Box.of(tuple(expected.shape[2:]))
    filled = before.clone()  # as after denoising: only the hole's latents are new
    filled[(..., *cells.slices)] = cut_cells(expected, cells)
    wanted = cells.grow(-(-DECODE_MARGIN // scale)).clip(bounds).scale(scale)

    def decode_first() -> None:
        lazy.forget()
        lazy.decode_box(before, wanted)

    comparison = _Comparison(decode_first, rounds, clock, lazy.decoder)
    part = comparison.run(lambda: lazy.decode_box(filled, wanted), lambda: codec.decode(filled))
    picture = cut_cells(codec.decode(filled), wanted)
    yield comparison.row("decode", ratio, (part - picture).abs() * 127.5)


class _Comparison:
    """Runs lazy and full passes in turn; `prepare` first makes the lazy one encode a canvas."""

    def __init__(
        self,
        prepare: Callable[[], None],
        rounds: int,
        clock: Clock,
        passes: RecordedPasses | None,
    ) -> None:
        self.prepare, self.rounds, self.clock, self.passes = prepare, rounds, clock, passes
        self.lazy: list[float] = []
        self.full: list[float] = []
        self.fell_back = False

    def run(self, lazy: Callable[[], Tensor], full: Callable[[], Tensor]) -> Tensor:
        """Time both passes; returns the result of the last lazy one."""
        for _ in range(self.rounds):
            self.prepare()
            passes = self.passes.full_passes if self.passes else 0
            begin = self.clock()
            made = lazy()
            self.lazy.append(self.clock() - begin)
            begin = self.clock()
            full()
            self.full.append(self.clock() - begin)
            self.fell_back = bool(self.passes and self.passes.full_passes > passes)
        return made

    def row(self, direction: Direction, ratio: float, off: Tensor) -> LatentRow:
        return LatentRow(
            direction,
            ratio,
            median(self.full),
            median(self.lazy),
            float(off.mean()),
            float(np.quantile(off.float().cpu().numpy(), 0.99)),
            float(off.max()),
            self.passes.statistics.shift if self.passes else 0.0,
            self.fell_back,
        )


def middle_square(cells: int, ratio: float) -> Box:
    """A square in the middle of a grid of `cells` a side, that takes about `ratio` of it."""
    width = max(1, round(cells * math.sqrt(ratio)))
    return Box.of((cells, cells)).centred((width, width))
