"""What a thing looks like at each token of a hole, and how a rendering becomes its look. Ours.

Shape legend: B samples, S styles, N tokens, C numbers a cell (latent channels and cover).
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn import functional as F

from lazydiff_core.images.cutouts import extents_of, premultiplied
from lazydiff_core.model.autoencoders.latent_codec import LatentCodec
from lazydiff_core.model.files.config import LOOK_CELLS, LazyConfig
from lazydiff_core.model.references.variations import (
    PLAIN,
    Change,
    Pose,
    change_of,
    extents_in,
    posed,
    turns_of,
)
from lazydiff_core.model.text.prompt import Looks

# A hole's side over the extent of the object in it: what training masks leave around it.
ROOM, MARGIN = 1.05, 1.15


def looks_at_tokens(looks: Looks, frame_BN6: Tensor, config: LazyConfig) -> Tensor:
    """(B,N,S*(patch^2*C+1)): the cells of the look that each token covers, and which are known.

    The thing lies in the middle of its hole, as large as the hole has room for: where training
    targets lie on a grid an even number of grid steps across (ADR 4), and else with a margin.
    frame_BN6: tokens.token_frames.
    """
    frame = frame_BN6.float()
    width, height = (config.side * torch.exp2(frame[..., k]) for k in (4, 5))
    shape = looks.extents.float().clamp_min(1e-3)[:, :, None]  # (B,S,1,2)
    room = torch.minimum(width[:, None] / shape[..., 0], height[:, None] / shape[..., 1])
    step = 2 * config.object_grid
    extent = room / MARGIN
    if step:
        extent = (room / (ROOM * step)).floor().clamp_min(1) * step
    patch, pixels = config.patch, config.token_pixels
    off = ((torch.arange(patch, device=frame.device) + 0.5) / patch - 0.5) * pixels
    dy, dx = torch.meshgrid(off, off, indexing="ij")
    x = (frame[..., 0] * width)[..., None] + dx.flatten()  # (B,N,patch^2), from the hole's middle
    y = (frame[..., 1] * height)[..., None] + dy.flatten()
    where = 2 * torch.stack([x, y], dim=-1)[:, None] / extent[..., None, None]
    cells = F.grid_sample(
        looks.fields.flatten(0, 1).float(), where.flatten(0, 1), align_corners=False
    )  # (B*S,C,N,patch^2), 0 outside
    b, s = looks.extents.shape[:2]
    known = (looks.extents[..., 0] > 0).to(cells)[:, None].expand(-1, frame.shape[1], -1)
    by_token = cells.unflatten(0, (b, s)).permute(0, 3, 1, 4, 2).flatten(2)
    return torch.cat([by_token, known], dim=-1)


def look_features(config: LazyConfig) -> int:
    """Numbers of `looks_at_tokens` a token."""
    return config.look_styles * (config.patch**2 * (config.latent_channels + 1) + 1)


@torch.no_grad()
def looks_of(codec: LatentCodec, renderings: npt.NDArray[np.uint8]) -> Looks:
    """Looks (B,1,...) of renderings (B,S,S,4) uint8, straight alpha, tight crops on a square."""
    side = LOOK_CELLS * codec.scale
    ready = [premultiplied(one) for one in renderings]
    sized = [cv2.resize(one, (side, side), interpolation=cv2.INTER_AREA) for one in ready]
    given = torch.from_numpy(np.stack(sized)).permute(0, 3, 1, 2)
    extents = torch.tensor([extents_of(one) for one in renderings])
    turns = torch.tensor([turns_of(one[..., 3]) for one in ready])
    fields = _fields(codec, 2 * given[:, :3] - given[:, 3:], given[:, 3:], _grey(codec))
    return Looks(fields[:, None], extents[:, None], turns[:, None])


@torch.no_grad()
def posed_looks(codec: LatentCodec, looks: Looks, pose: Pose) -> Looks:
    """What the same things look like in another pose: decoded, moved, encoded again."""
    if pose == PLAIN:
        return looks
    known = looks.extents[..., 0] > 0
    fields = looks.fields[known]
    here = next(codec.parameters())
    grey = _grey(codec)
    decoded = codec.decode(fields[:, :-1].to(here) + grey)
    cover = F.interpolate(fields[:, -1:].float().cpu(), scale_factor=codec.scale, mode="bicubic")
    shown = torch.cat([decoded.float().cpu(), cover.clamp(0, 1)], dim=1)
    moved, extents = [], []
    for picture, (width, height), both in zip(
        shown, looks.extents[known].tolist(), looks.turns[known].tolist(), strict=True
    ):
        turns = Change(*both[0]), Change(*both[1])
        pixels = np.ascontiguousarray(picture.permute(1, 2, 0))
        moved.append(posed(pixels, (width, height), pose, turns))
        extents.append(extents_in(change_of(pose, turns), (width, height)))
    given = torch.from_numpy(np.stack(moved)).permute(0, 3, 1, 2)
    new_fields, new_extents = looks.fields.clone(), looks.extents.clone()
    new_fields[known] = _fields(codec, given[:, :3], given[:, 3:], grey).to(looks.fields)
    new_extents[known] = torch.tensor(extents).to(looks.extents)
    return Looks(new_fields, new_extents, looks.turns)


def _fields(codec: LatentCodec, pictures: Tensor, cover: Tensor, grey: Tensor) -> Tensor:
    """(B,C,n,n) on the CPU: of pictures (B,3,side,side) in [-1,1], 0 where clear, and cover."""
    latents = codec.encode(pictures.to(next(codec.parameters()))) - grey
    return torch.cat([latents.float().cpu(), F.avg_pool2d(cover, codec.scale)], dim=1)


def _grey(codec: LatentCodec) -> Tensor:
    """(1,c,n,n): the latents of nothing."""
    side = LOOK_CELLS * codec.scale
    return codec.encode(next(codec.parameters()).new_zeros(1, 3, side, side))
