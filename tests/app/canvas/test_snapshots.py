"""What the overlays look like, pixel by pixel, against pictures kept beside this file.

SNAPSHOTS=write makes the pictures anew: look at them before they are committed.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QImage, QPainter

from app.canvas.layers import Layers
from app.canvas.mask_layers import MaskLook
from app.canvas.transform import Transform
from app.document.document import Document
from lazydiff_core.contract import RGB

FOLDER = Path(__file__).with_name("snapshots")
VIEW = QRect(0, 0, 160, 120)
FLAT = Transform(1.0, 20.0, 10.0)
TURNED = Transform(1.3, 75.0, 0.0, 30.0)
LOOK = MaskLook()
CASES: dict[str, tuple[MaskLook, Transform, float]] = {
    "tint": (LOOK, FLAT, 1.0),
    "hatch": (replace(LOOK, style="hatch", opacity=80), FLAT, 1.0),
    "rest": (replace(LOOK, rest=True, colour="#00b7ff"), FLAT, 1.0),
    "turned": (LOOK, TURNED, 1.0),
    "turned-hatch": (replace(LOOK, style="hatch"), TURNED, 1.0),
    "mirrored": (LOOK, Transform(1.0, 140.0, 10.0, 0.0, True), 1.0),
    "grid": (LOOK, Transform(9.0, -400.0, -320.0), 1.0),
    "turned-squares": (LOOK, Transform(5.0, -90.0, -300.0, 30.0), 1.0),
    "dense": (LOOK, Transform(0.5, 10.0, 5.0), 2.0),
    "far": (LOOK, Transform(0.3, 60.0, 40.0), 1.0),
}


@pytest.fixture
def layers(document: Document) -> Layers:
    """A graded canvas of 120 x 100 with a hard blob and a soft one."""
    y, x = np.mgrid[:100, :120]
    document.replace(np.stack([2 * x, 2 * y, 255 - x - y], 2).astype(np.uint8))
    cover = np.zeros((100, 120), np.uint8)
    cv2.circle(cover, (40, 40), 22, 255, cv2.FILLED)
    soft = np.clip(255 * (1.4 - np.hypot(x - 85, y - 60) / 20), 0, 255)
    document.write_cover(document.box, np.maximum(cover, soft.astype(np.uint8)))
    return Layers(document)


def shown(layers: Layers, transform: Transform, ratio: float) -> RGB:
    """(H, W, 3) screen pixels of the view."""
    image = QImage(VIEW.size() * ratio, QImage.Format.Format_RGB32)
    image.fill(QColor(60, 60, 60))
    painter = QPainter(image)
    painter.scale(ratio, ratio)
    layers.paint(painter, VIEW, transform, ratio)
    painter.end()
    rows = np.frombuffer(image.constBits(), np.uint8)
    return rows.reshape(image.height(), image.width(), 4)[..., 2::-1].copy()


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("filled", [False, True])
def test_overlays_look_as_they_did(
    layers: Layers, document: Document, name: str, filled: bool
) -> None:
    look, transform, ratio = CASES[name]
    layers.set_mask_look(look)
    document.set_filled(filled)
    picture = shown(layers, transform, ratio)
    path = FOLDER / f"{name}{'-filled' if filled else ''}.png"
    if os.environ.get("SNAPSHOTS") == "write":
        FOLDER.mkdir(exist_ok=True)
        Image.fromarray(picture).save(path)
    kept = np.asarray(Image.open(path).convert("RGB"))
    assert picture.shape == kept.shape
    different = np.abs(picture.astype(int) - kept).max(axis=2) > 3
    # Interpolation differs by grey levels between builds of OpenCV, edges by single pixels.
    assert np.count_nonzero(different) <= 0.002 * different.size


def test_cases_tell_apart(layers: Layers) -> None:
    """No setting is without effect."""
    seen = set()
    for look, transform, ratio in CASES.values():
        layers.set_mask_look(look)
        seen.add(shown(layers, transform, ratio).tobytes())
    assert len(seen) == len(CASES)
