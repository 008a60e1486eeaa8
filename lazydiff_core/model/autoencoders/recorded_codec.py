"""Crops of layers that look at the whole picture: they replay a full pass, corrected and checked.

What such layers saw in the last full pass is on the tape, tile by tile. A crop puts its own part in
the place of what was there; how far that moves the statistics tells whether replaying is good
enough. If not, a full pass is made after all. Ours; measured in docs/lazy-latents.md.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from lazydiff_core.contract import Box
from lazydiff_core.model.autoencoders.codec import Tape
from lazydiff_core.model.autoencoders.layer_crops import (
    Step,
    cut_cells,
    run_whole,
    run_within,
    spread,
    work_within,
)

MOST_WORK = 0.8  # of a full pass: beyond it there is little left to save
MOST_SHIFT = 0.05  # of statistics, in standard deviations


@dataclass(frozen=True, eq=False)
class _Full:
    """A full pass: what went in and what came out."""

    x: Tensor
    y: Tensor


class TapedPasses:
    """One direction of an autoencoder with a tape. `full_passes` counts them."""

    def __init__(self, steps: list[Step], tape: Tape) -> None:
        self.steps, self.tape = steps, tape
        self.full_passes = 0
        self._last: _Full | None = None

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
        with self.tape.recording():
            y = run_whole(self.steps, x)
        self._last = _Full(x, y)
        self.full_passes += 1
        return y

    def _compare(self, x: Tensor) -> tuple[_Full | None, Box | None]:
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
        """None where a full pass is cheaper or replaying is not good enough."""
        if work_within(self.steps, x, region) > MOST_WORK:
            return None
        with self.tape.replaying():
            part = run_within(self.steps, x, region)
        return part if self.tape.shift <= MOST_SHIFT else None
