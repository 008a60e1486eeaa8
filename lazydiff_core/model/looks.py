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

from lazydiff_core.model.codec import LatentCodec
from lazydiff_core.model.config import LOOK_CELLS, LazyConfig
from lazydiff_core.model.prompt import Looks

# A hole's side over the extent of the object in it: what training masks leave around it.
ROOM, MARGIN = 1.05, 1.15


def looks_at_tokens(looks: Looks, frame_BN6: Tensor, config: LazyConfig) -> Tensor:
    """(B,N,S*(patch^2*C+1)): the cells of the look that each token covers, and which are known.

    The thing lies in the middle of its hole, as large as the hole has room for: where training
    targets lie on a grid an even number of grid steps across (ADR 4), and else with a margin.
    frame_BN6: regions.token_frames.
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
    sized = [
        cv2.resize(_clear(one), (side, side), interpolation=cv2.INTER_AREA) for one in renderings
    ]
    given = torch.from_numpy(np.stack(sized)).permute(0, 3, 1, 2)
    cover = given[:, 3:]
    here = next(codec.parameters())
    rendered = (2 * given[:, :3] - cover).to(here)
    latents = codec.encode(rendered) - codec.encode(torch.zeros_like(rendered[:1]))
    fields = torch.cat([latents.float().cpu(), F.avg_pool2d(cover, codec.scale)], dim=1)
    extents = [_extents(one[..., 3]) for one in renderings]
    return Looks(fields[:, None], torch.tensor(extents)[:, None])


def _clear(rendering: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """In [0,1], colours times alpha: what is clear has no colour of its own."""
    pixels = rendering.astype(np.float32) / np.float32(255)
    pixels[..., :3] *= pixels[..., 3:]
    return pixels


def _extents(alpha: npt.NDArray[np.uint8]) -> tuple[float, float]:
    """Width and height of what shows, over the square's side."""
    rows, columns = np.nonzero(alpha > 12)
    if not rows.size:
        return 1.0, 1.0
    high, wide = alpha.shape
    return (int(np.ptp(columns)) + 1) / wide, (int(np.ptp(rows)) + 1) / high
