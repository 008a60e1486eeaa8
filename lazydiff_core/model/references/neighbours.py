"""The style of the things that a picture shows, found among the references themselves. Ours.

Things are what stands out from a smooth ground. Each is encoded as references are; the reference
that it is most like says its style, if it is like that one beyond doubt.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import cv2
import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn import functional as F

from lazydiff_core.contract import RGB, Box, Mask
from lazydiff_core.images.cutouts import thing_in
from lazydiff_core.images.smooth_grounds import fitted_ground
from lazydiff_core.model.autoencoders.latent_codec import LatentCodec
from lazydiff_core.model.references.lexicon import STYLES, Lexicon
from lazydiff_core.model.references.reference_latents import references_of

ALIKE = 0.8  # cosine from which on a thing is known; those in other colours reach 0.7
STANDS_OUT = 28.0  # levels of 255 between a thing and its ground
MAX_THINGS = 4  # the largest
SIZES = 0.08, 0.7  # of the picture's side: what is smaller is a speck, what is larger the ground
MIN_FULL = 0.2  # of its box that a thing covers
COARSE = 6  # cells along a thing in which it is compared


class Neighbours:
    """What is compared with: the references of a lexicon."""

    def __init__(self, codec: LatentCodec, lexicon: Lexicon) -> None:
        self.codec, self.lexicon = codec, lexicon

    @torch.no_grad()
    def style(self, picture: RGB, hole: Mask) -> int | None:
        """The style that most of the things in a picture (S,S,3) have which are known, a place in
        STYLES; None where none is. What lies in the hole (S,S) is not looked at."""
        votes = [0.0] * len(STYLES)
        for box, cover in things_in(picture, hole):
            sticker = thing_in(np.dstack([picture[box.slices], cover]))
            (found,) = references_of(self.codec, sticker[None], [0])
            alike = self._known @ _coarse(found.cells[None])[0]
            best = int(alike.argmax())
            if alike[best] >= ALIKE:
                votes[int(self.lexicon.styles[best])] += float(alike[best])
        return int(np.argmax(votes)) if any(votes) else None

    @cached_property
    def _known(self) -> Tensor:
        return _coarse(self.lexicon.cells.float() * self.lexicon.scales[..., None, None])


def things_in(picture: RGB, hole: Mask) -> list[tuple[Box, npt.NDArray[np.uint8]]]:
    """The largest things outside of the hole that are wholly shown: boxes, and which pixels of
    these they cover (255)."""
    apart = np.linalg.norm(picture - fitted_ground(picture, ~hole), axis=-1)
    stands_out = ((apart > STANDS_OUT) & ~hole).astype(np.uint8)
    square = np.ones((5, 5), np.uint8)
    closed = cv2.morphologyEx(stands_out, cv2.MORPH_CLOSE, square)
    solid = np.asarray(cv2.morphologyEx(closed, cv2.MORPH_OPEN, square), np.uint8)
    near = cv2.dilate(hole.astype(np.uint8), square).astype(np.bool_)
    found = sorted(_parts(solid, near), key=lambda part: -np.count_nonzero(part[1]))
    return found[:MAX_THINGS]


def _parts(solid: npt.NDArray[np.uint8], near: Mask) -> Iterator[tuple[Box, npt.NDArray[np.uint8]]]:
    high, wide = solid.shape
    count, labels, stats, _ = cv2.connectedComponentsWithStats(solid, connectivity=8)
    for k in range(1, count):
        x, y, w, h, area = (int(v) for v in stats[k])
        box = Box(x, y, x + w, y + h)
        size = max(w, h) / max(high, wide)
        is_whole = x > 1 and y > 1 and box.right < wide - 1 and box.bottom < high - 1
        if not (SIZES[0] <= size <= SIZES[1] and area >= MIN_FULL * w * h and is_whole):
            continue
        own = labels[box.slices] == k
        if (near[box.slices] & own).any():
            continue
        cover = own.astype(np.uint8)
        outlines, _ = cv2.findContours(cover, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
        yield box, np.asarray(cv2.drawContours(255 * cover, outlines, -1, 255, cv2.FILLED))


def _coarse(cells: Tensor) -> Tensor:
    """(K,·) unit vectors of cells (K,C,n,n)."""
    return F.normalize(F.adaptive_avg_pool2d(cells, COARSE).flatten(1), dim=1)
