"""Samples for WebDataset shards, drawn by chance."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np

from lazydiff_core.training.webshards import write_shard

CAPTIONS = ("red disc", "a square", "blue triangle on grass", "")
FIRST = (0, 5, 9, 12)  # samples of three shards


def drawn_sample(seed: int, side: int = 80) -> dict[str, bytes]:
    """A coloured disc in noise; its mask is a disc of random size."""
    rng = np.random.default_rng(seed)
    image = rng.integers(0, 256, (side, side, 3), np.uint8)
    mask = np.zeros((side, side), np.uint8)
    left, top = (int(c) for c in rng.integers(24, side - 24, 2))
    radius = int(rng.integers(4, 20))
    cv2.circle(image, (left, top), radius, (int(rng.integers(256)), 40, 200), -1)
    cv2.circle(mask, (left, top), radius + 2, 255, -1)
    picture, hole = (cv2.imencode(".png", pixels)[1].tobytes() for pixels in (image, mask))
    return {"png": picture, "mask.png": hole, "txt": CAPTIONS[seed % 4].encode()}


def write_drawn_shards(folder: Path) -> None:
    """12 samples in 3 shards."""
    for first, end in pairwise(FIRST):
        samples = ((f"{k:05d}", drawn_sample(k)) for k in range(first, end))
        write_shard(folder / f"{first:03d}.tar", samples)
