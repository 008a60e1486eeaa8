"""A contact sheet of prepared shards: pictures with their holes tinted, captions beneath."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from lazydiff_core.contract import RGB
from lazydiff_core.errors import TrainingError
from lazydiff_core.images.contact_sheet import contact_sheet
from lazydiff_core.training.webshards import (
    CAPTION,
    MASK,
    PICTURES,
    Files,
    find_shards,
    open_shards,
)

_SIDE, _COLUMNS = 256, 6
_TINT = np.array([255, 0, 90], np.float32)


def look_at(folder: Path, count: int = 24, seed: int = 0) -> RGB:
    """(H,W,3) uint8: some samples of all shards in a folder, by chance; TrainingError."""
    shards = open_shards(find_shards([folder]))
    numbers = np.random.default_rng(seed).permutation(len(shards))[:count]
    chosen = [shards.read(int(number))[1] for number in sorted(numbers)]
    captions = [files[CAPTION].decode("utf-8", "replace")[:34] for files in chosen]
    return contact_sheet([_view(files) for files in chosen], captions, _COLUMNS, _SIDE)


def _view(files: Files) -> RGB:
    name = next((name for name in PICTURES if name in files), None)
    if name is None:
        raise TrainingError("These shards were encoded: look at those they were made of.")
    image = cv2.imdecode(np.frombuffer(files[name], np.uint8), cv2.IMREAD_COLOR_RGB)
    mask = cv2.imdecode(np.frombuffer(files[MASK], np.uint8), cv2.IMREAD_GRAYSCALE)
    if image is None or mask is None or image.shape[:2] != mask.shape:
        raise TrainingError("A picture or its mask is damaged: prepare the shards again.")
    tinted = image.astype(np.float32)
    hole = mask > 127
    tinted[hole] = 0.55 * tinted[hole] + 0.45 * _TINT
    outline = cv2.morphologyEx(hole.astype(np.uint8), cv2.MORPH_GRADIENT, np.ones((5, 5), np.uint8))
    tinted[outline > 0] = _TINT
    return _boxed(tinted.astype(np.uint8))


def _boxed(image: RGB) -> RGB:
    """Scaled into a white square."""
    height, width = image.shape[:2]
    scale = _SIDE / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    square = np.full((_SIDE, _SIDE, 3), 250, np.uint8)
    top, left = (_SIDE - size[1]) // 2, (_SIDE - size[0]) // 2
    square[top : top + size[1], left : left + size[0]] = small
    return square
