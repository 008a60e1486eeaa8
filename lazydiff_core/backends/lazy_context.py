"""What a lazy model knows of a canvas: its encoding, and how what is visible may go on."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from torch import Tensor

from lazydiff_core.blending.grounds import Ground, ground_around
from lazydiff_core.blending.poisson import membrane
from lazydiff_core.contract import RGB, Mask
from lazydiff_core.images.patterns import continued
from lazydiff_core.model.network.decoder import Hole
from lazydiff_core.model.references.teller import is_large


@dataclass(frozen=True, eq=False)
class LazyContext:
    """The encoded canvas.

    hole:    the tokens to compute and their context, batch 1.
    visible: (1,C,h,w) latents of the canvas, blank in the hole.
    grid:    (rows, columns) bool, True = computed.
    image:   (1,3,S,S) canvas in [-1,1], 0 in the hole.
    mask:    (S,S) bool, the hole.
    inside:  (S,S) bool, where there is a picture; None = everywhere.
    """

    hole: Hole
    visible: Tensor
    grid: Mask
    image: Tensor
    mask: Mask
    inside: Mask | None = None

    @property
    def canvas(self) -> RGB:
        """(S,S,3): the canvas, grey in the hole."""
        return _in_bytes(self._pixels)

    @cached_property
    def pattern(self) -> RGB | None:
        """(S,S,3): the canvas, its hole filled as the pattern around it repeats; None where there
        is none."""
        filled = continued(self._pixels, self.mask)
        return None if filled is None else _in_bytes(filled)

    @property
    def smooth(self) -> RGB | None:
        """(S,S,3): the canvas, a large hole, which invites something of its own, filled as smoothly
        as its border allows. None with a small one."""
        if not is_large(self.mask):
            return None
        pixels = self._pixels
        return _in_bytes(np.where(self.mask[..., None], membrane(pixels, self.mask), pixels))

    @cached_property
    def ground(self) -> Ground | None:
        """The ground around the hole where it is smooth."""
        return ground_around(self.canvas, self.mask, self.inside)

    @property
    def _pixels(self) -> npt.NDArray[np.float32]:
        """(S,S,3) in [-1,1]."""
        pixels = self.image[0].float().cpu().permute(1, 2, 0)
        return np.ascontiguousarray(pixels, np.float32)


@dataclass(frozen=True, eq=False)
class LazyLatents:
    """What has been made for a context.

    tokens:   (B,N,P) latents of the hole's tokens, one sample a seed.
    outlines: one a seed: (S,S) in [0,1], how much of each pixel belongs to the things asked for;
              the rest is ground, which goes on where it is smooth. None = all is as it was made.
    """

    tokens: Tensor
    outlines: tuple[npt.NDArray[np.float32] | None, ...]


def _in_bytes(pixels: npt.NDArray[np.float32]) -> RGB:
    return np.asarray(np.rint(np.clip(pixels * 127.5 + 127.5, 0, 255)), np.uint8)
