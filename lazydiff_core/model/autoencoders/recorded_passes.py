"""Crops of layers that depend on the whole picture: recorded statistics, corrected and checked.

The last full pass recorded its statistics tile by tile. A crop replaces its own tiles; how far
that moves the statistics tells whether reusing them is good enough. If not, a full pass is made.
Ours; measured in docs/lazy-latents.md.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from lazydiff_core.contract import Box
from lazydiff_core.model.autoencoders.latent_codec import RecordedStatistics
from lazydiff_core.model.autoencoders.layer_crops import (
    LayerStep,
    cut_cells,
    run_whole,
    run_within,
    spread,
    work_within,
)

MAX_WORK = 0.8  # of a full pass: beyond it there is little left to save
MAX_SHIFT = 0.05  # of statistics, in standard deviations


@dataclass(frozen=True, eq=False)
class _FullPass:
    """A full pass: what went in and what came out."""

    x: Tensor
    y: Tensor


class RecordedPasses:
    """One direction of an autoencoder that records statistics. `full_passes` counts them."""

    def __init__(self, steps: list[LayerStep], statistics: RecordedStatistics) -> None:
        self.steps, self.statistics = steps, statistics
        self.full_passes = 0
        self._last: _FullPass | None = None

    def forget(self) -> None:
        """The next pass is a full one."""
        self._last = None

    def all_of(self, x: Tensor) -> Tensor:
        """The whole output; only what differs from the last full pass is computed."""
        last, changed = self._compare(x)
        if last is None:
            return self._full(x)
        if changed is None:
            return last.y
        region = spread(self.steps, x, changed)
        part = self._crop(x, region)
        if part is None:
            return self._full(x)
        y = last.y.clone()
        y[(..., *region.slices)] = part
        return y

    def part_of(self, x: Tensor, wanted: Box) -> Tensor:
        """The output cells `wanted`."""
        last, changed = self._compare(x)
        if last is None:
            return cut_cells(self._full(x), wanted)
        if changed is None:
            return cut_cells(last.y, wanted)
        # All that has changed takes part, so that its share of the statistics is known.
        for step in self.steps:
            changed = step.makes(changed)
        region = wanted.union(changed)
        part = self._crop(x, region)
        if part is None:
            return cut_cells(self._full(x), wanted)
        return cut_cells(part, wanted, region)

    def _full(self, x: Tensor) -> Tensor:
        with self.statistics.recording():
            y = run_whole(self.steps, x)
        self._last = _FullPass(x, y)
        self.full_passes += 1
        return y

    def _compare(self, x: Tensor) -> tuple[_FullPass | None, Box | None]:
        """The last full pass, if it was of this size, and the box of inputs that differ."""
        last = self._last
        if last is None or last.x.shape != x.shape:
            return None, None
        differs = (last.x != x).any(1)[0]
        rows, columns = (torch.nonzero(differs.any(axis)).flatten().tolist() for axis in (1, 0))
        if not rows:
            return last, None
        return last, Box(columns[0], rows[0], columns[-1] + 1, rows[-1] + 1)

    def _crop(self, x: Tensor, region: Box) -> Tensor | None:
        """None where a full pass is cheaper or the statistics have moved too far."""
        if work_within(self.steps, x, region) > MAX_WORK:
            return None
        with self.statistics.reusing():
            part = run_within(self.steps, x, region)
        return part if self.statistics.shift <= MAX_SHIFT else None
