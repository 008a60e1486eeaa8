"""From references to what a decoder is told: latents of a thing, in the middle of each hole. Ours.

Shape legend: C numbers a cell (latent channels and cover), n cells along a thing, h x w a window's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn import functional as F

from lazydiff_core.contract import Box
from lazydiff_core.images.colour_names import Colour
from lazydiff_core.images.cutouts import extents_of, premultiplied
from lazydiff_core.images.recolouring import misses, recoloured
from lazydiff_core.model.autoencoders.latent_codec import LatentCodec
from lazydiff_core.model.files.config import LOOK_CELLS, LazyConfig
from lazydiff_core.model.references.lexicon import Reference
from lazydiff_core.model.references.variations import (
    PLAIN,
    Extents,
    Pose,
    change_of,
    extents_in,
    posed,
    turns_of,
)

# A hole's side over that of the largest thing it has room for, and what is left around a thing
# where things may have any size.
ROOM, MARGIN = 1.05, 1.15
STRESS = 2.5  # times the detail that is lost; 2 and 3 were measured, too (docs/training-log.md)
REACH = 4  # times its cover a pixel is recoloured, at most all of it
STANDS_OUT = 0.1, 0.3  # from grey, of 1: between these a pixel comes to belong to the thing
FULL = 0.6, 0.9  # cover of a cell, as well
Pixels = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Variation:
    """How else a thing is to be painted than as it is known.

    native: the colour is in its name, so that it is changed only where it misses it. second: what
    patches of it are painted in.
    """

    pose: Pose = PLAIN
    colour: Colour | None = None
    native: bool = False
    second: Colour | None = None


@torch.no_grad()
def references_of(
    codec: LatentCodec, renderings: npt.NDArray[np.uint8], styles: Sequence[int]
) -> list[Reference]:
    """Of renderings (B,S,S,4) uint8, straight alpha, tight crops on a square."""
    side = LOOK_CELLS * codec.scale
    ready = [premultiplied(one) for one in renderings]
    sized = [cv2.resize(one, (side, side), interpolation=cv2.INTER_AREA) for one in ready]
    shown = [np.dstack([2 * one[..., :3] - one[..., 3:], one[..., 3:]]) for one in sized]
    cells = _cells(codec, np.stack(shown))
    return [
        Reference(field, extents_of(one), turns_of(premultiplied(one)[..., 3]), style)
        for field, one, style in zip(cells, renderings, styles, strict=True)
    ]


@torch.no_grad()
def varied(codec: LatentCodec, reference: Reference, variation: Variation, side: int) -> Tensor:
    """Cells (C,n,n) of the same thing, `side` pixels along its longer side.

    As it is known in the size that it is known in; else decoded, recoloured, moved, encoded again.
    """
    if variation == Variation() and side == LOOK_CELLS * codec.scale:
        return reference.cells
    picture = picture_of(codec, reference)
    if variation.colour is not None:
        before = np.asarray((picture[..., :3] + 1) / 2, np.float32)
        cover = picture[..., 3]
        if not variation.native or misses(before, cover, variation.colour):
            after = recoloured(before, cover, variation.colour, variation.second)
            # What is half covered is half grey already, and so changes half as much by itself.
            there = np.clip(REACH * cover, 0, 1)[..., None]
            picture[..., :3] = 2 * (before + (after - before) * there) - 1
    if variation.pose != PLAIN:
        picture = posed(picture, reference.extents, variation.pose, reference.turns)
    if side != len(picture):
        method = cv2.INTER_AREA if side < len(picture) else cv2.INTER_CUBIC
        picture = np.asarray(cv2.resize(picture, (side, side), interpolation=method), np.float32)
    return _cells(codec, picture[None])[0]


@torch.no_grad()
def emphasised(codec: LatentCodec, cells: Tensor) -> tuple[Tensor, Tensor]:
    """Cells (C,n,n) with the fine detail stressed that the autoencoder loses, and a model with it;
    and their outline, (side,side) in [0,1].

    What one more pass through the autoencoder takes away is added, as in van Cittert's
    deconvolution, STRESS times.
    """
    here = next(codec.parameters())
    latents = cells[None, :-1].to(here) + grey(codec, cells.shape[-1] * codec.scale)
    shown = codec.decode(latents).clamp(-1, 1)
    lost = latents - codec.encode(shown)
    there = (cells[-1:] > 0).float()
    stressed = cells[:-1] + STRESS * lost[0].float().cpu() * there
    return torch.cat([stressed, cells[-1:]]), _outline(shown[0].float().cpu(), cells[-1])


def _outline(shown: Tensor, cover: Tensor) -> Tensor:
    """(side,side) in [0,1]: how much of a pixel a thing covers, by what stands out from the grey
    that it is shown over (3,side,side), and, as it may be grey itself, by the cover of its cells.
    """
    smooth = F.interpolate(cover[None, None], shown.shape[1:], mode="bicubic")[0, 0]
    by_colour = _between(shown.abs().amax(0), *STANDS_OUT) * (smooth > 0.02)
    return torch.maximum(by_colour, _between(smooth, *FULL))


def _between(values: Tensor, low: float, high: float) -> Tensor:
    return ((values - low) / (high - low)).clamp(0, 1)


def varied_extents(reference: Reference, variation: Variation) -> Extents:
    """Width and height, over the longer of both, of a thing as it is to be painted."""
    if variation.pose == PLAIN:
        return reference.extents
    return extents_in(change_of(variation.pose, reference.turns), reference.extents)


def picture_of(codec: LatentCodec, reference: Reference) -> Pixels:
    """(side,side,4): the thing over grey, in [-1,1], and its cover in [0,1]."""
    side = LOOK_CELLS * codec.scale
    here = next(codec.parameters())
    latents = reference.cells[None, :-1].to(here) + grey(codec, side)
    shown = codec.decode(latents)[0].float().clamp(-1, 1).cpu().permute(1, 2, 0).numpy()
    cover = cv2.resize(reference.cells[-1].numpy(), (side, side), interpolation=cv2.INTER_CUBIC)
    both = [shown, np.clip(cover, 0, 1)[..., None]]
    return np.concatenate(both, axis=-1).astype(np.float32)


def _cells(codec: LatentCodec, pictures: Pixels) -> Tensor:
    """(B,C,n,n) on the CPU, of pictures (B,side,side,4): in [-1,1] over grey, and cover."""
    given = torch.from_numpy(np.ascontiguousarray(pictures)).permute(0, 3, 1, 2)
    latents = codec.encode(given[:, :3].to(next(codec.parameters()))) - grey(codec, given.shape[-1])
    cover = F.avg_pool2d(given[:, 3:], codec.scale)
    return torch.cat([latents.float().cpu(), cover], dim=1)


@torch.no_grad()
def grey(codec: LatentCodec, side: int) -> Tensor:
    """(1,c,n,n): the latents of nothing."""
    return codec.encode(next(codec.parameters()).new_zeros(1, 3, side, side))


def side_in(box: Box, extents: Extents, config: LazyConfig) -> int:
    """Pixels along the longer side of the thing that a hole with this bounding box asks for.

    The largest even number of grid steps that has room in it (ADR 4); any even number of cells
    with a margin around it, where things lie anywhere.
    """
    room = min(box.width / extents[0], box.height / extents[1])
    if config.object_grid:
        step, left = 2 * config.object_grid, ROOM
    else:
        step, left = 2 * config.latent_scale, MARGIN
    return max(1, int(room / (left * step))) * step


def lay(cells: Tensor, box: Box, window: Tensor, scale: int) -> None:
    """Lay cells (C,n,n) over the middle of a box of pixels into a window's (C,h,w); what lies
    outside is left away."""
    count = cells.shape[-1]
    top = round(((box.top + box.bottom) / 2) / scale - count / 2)
    left = round(((box.left + box.right) / 2) / scale - count / 2)
    high, wide = window.shape[-2:]
    y0, x0, y1, x1 = max(top, 0), max(left, 0), min(top + count, high), min(left + count, wide)
    window[:, y0:y1, x0:x1] = cells[:, y0 - top : y1 - top, x0 - left : x1 - left]


def covered(latents: Tensor) -> Tensor:
    """(c,h,w) latents, less grey, of what covers all of a window, as cells (c+1,h,w)."""
    return torch.cat([latents, torch.ones_like(latents[:1])])


@torch.no_grad()
def surface_latents(codec: LatentCodec, picture: npt.NDArray[np.uint8]) -> Tensor:
    """(1,c,h,w) on the CPU: latents, less those of grey, of a picture (side,side,3)."""
    given = torch.from_numpy(picture).permute(2, 0, 1)[None].float() / 127.5 - 1
    latents = codec.encode(given.to(next(codec.parameters())))
    return (latents - grey(codec, len(picture))).float().cpu()
