"""What a lexicon keeps of a rendering, before it is shortened: latents, part by part. Ours.

Shape legend: B renderings, S side in pixels, L numbers a part.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn import functional as F

from lazydiff_core.model.codec import LatentCodec
from lazydiff_core.model.lexicon import PLACES

CELLS = 4  # latent cells along a part's side


@torch.no_grad()
def looks_of(codec: LatentCodec, renderings: npt.NDArray[np.uint8]) -> Tensor:
    """(B, PLACES^2, L) float32: the rendering on grey, and how much it covers.

    renderings: (B,S,S,4) uint8, straight alpha. L is CELLS^2 x (latent channels + 1).
    """
    side = PLACES * CELLS * codec.scale
    sized = [
        cv2.resize(_clear(one), (side, side), interpolation=cv2.INTER_AREA) for one in renderings
    ]
    given = torch.from_numpy(np.stack(sized)).permute(0, 3, 1, 2)
    cover = given[:, 3:]
    latents = codec.encode(2 * given[:, :3] - cover)
    cells = torch.cat([latents, 2 * F.avg_pool2d(cover, codec.scale) - 1], dim=1)
    cut = cells.unflatten(2, (PLACES, CELLS)).unflatten(4, (PLACES, CELLS))
    looks: Tensor = cut.permute(0, 2, 4, 1, 3, 5).flatten(3).flatten(1, 2)
    return looks


def _clear(rendering: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """In [0,1], colours times alpha: what is clear has no colour of its own."""
    pixels = rendering.astype(np.float32) / np.float32(255)
    pixels[..., :3] *= pixels[..., 3:]
    return pixels
