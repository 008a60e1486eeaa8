"""Crops through layers that depend on the whole picture, with recorded statistics.

The last full pass recorded its statistics per tile. A crop replaces its own tiles. If that moves
the statistics too far, reusing them is too inaccurate and a full pass runs instead. Measured in
docs/lazy-latents.md.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from lazydiff_core.contract import Box
from lazydiff_core.geometry.box import EMPTY
from lazydiff_core.model.autoencoders.latent_codec import RecordedStatistics
from lazydiff_core.model.autoencoders.layer_crops import (
    LayerStep,
    cut_cells,
    run_whole,
    run_within,
    spread,
    work_within,
)
from lazydiff_core.model.autoencoders.recorded_layers import TILES

MAX_WORK = 0.8  # share of a full pass; above it, a crop saves too little
MAX_SHIFT = 0.05  # of any statistic, in standard deviations


@dataclass(frozen=True, eq=False)
class _FullPass:
    """Input and output of a full pass."""

    x: Tensor
    y: Tensor


class RecordedPasses:
    """Encoder or decoder of an autoencoder that records statistics.

    full_passes: number of full passes so far.
    """

    def __init__(self, steps: list[LayerStep], statistics: RecordedStatistics) -> None:
        self.steps, self.statistics = steps, statistics
        self.full_passes = 0
        self._last: _FullPass | None = None

    def forget(self) -> None:
        """Drop the recorded pass: the next pass is a full one."""
        self._last = None

    def all_of(self, x: Tensor) -> Tensor:
        """The whole output, computing only what differs from the last full pass."""
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
        # The crop includes every change that moves the statistics: they are kept by whole tiles.
        for step in self.steps:
            changed = step.makes(changed)
        region = wanted.union(_whole_tiles(changed, last.y))
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
        """The last full pass, None if of another size; the box of inputs that differ, or None."""
        last = self._last
        if last is None or last.x.shape != x.shape:
            return None, None
        differs = (last.x != x).any(1)[0]
        rows, columns = (torch.nonzero(differs.any(axis)).flatten().tolist() for axis in (1, 0))
        if not rows:
            return last, None
        return last, Box(columns[0], rows[0], columns[-1] + 1, rows[-1] + 1)

    def _crop(self, x: Tensor, region: Box) -> Tensor | None:
        """The output cells `region`; None if a crop saves too little or is too inaccurate."""
        if work_within(self.steps, x, region) > MAX_WORK:
            return None
        with self.statistics.reusing():
            part = run_within(self.steps, x, region)
        return part if self.statistics.shift <= MAX_SHIFT else None


def _whole_tiles(box: Box, y_BCHW: Tensor) -> Box:
    """The tiles of an output that lie in a box, and a cell around them, without which they would
    not count (recorded_layers.py); EMPTY if there are none."""
    bounds = Box.of(tuple(y_BCHW.shape[2:]))
    size = max(1, bounds.height // TILES)
    tiles = Box(-(-box.left // size), -(-box.top // size), box.right // size, box.bottom // size)
    return EMPTY if tiles.is_empty else tiles.scale(size).grow(1).clip(bounds)
