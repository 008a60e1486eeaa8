"""Pictures at another size, by Lanczos' filter."""

from __future__ import annotations

import numpy as np
from PIL import Image

from lazydiff_core.contract import Pixels


def resized(pixels: Pixels, size: tuple[int, int]) -> Pixels:
    """(H, W, 1, 3 or 4) uint8 -> (height, width, the same), anti-aliased when it gets smaller.

    Colours count by their alpha, so that clear pixels colour nothing.
    """
    height, width = size
    planes = pixels.astype(np.float32)
    has_alpha = planes.shape[2] == 4
    if has_alpha:
        planes[..., :3] *= planes[..., 3:] / 255
    scaled = np.stack(
        [
            np.asarray(
                Image.fromarray(np.ascontiguousarray(planes[..., k])).resize(
                    (width, height), Image.Resampling.LANCZOS
                )
            )
            for k in range(planes.shape[2])
        ],
        axis=2,
    )
    if has_alpha:
        alpha = scaled[..., 3:].clip(0, 255)
        scaled[..., :3] *= 255 / np.maximum(alpha, 1)
    return np.asarray(np.rint(scaled.clip(0, 255)), np.uint8)
