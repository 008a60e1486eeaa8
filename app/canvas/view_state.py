"""The view state as numbers for files, independent of the size of the window."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import QPointF, QSize

from app.canvas.transform import LARGEST, SMALLEST, Transform


def look_of(transform: Transform, view: QSize) -> dict[str, float]:
    """Scale, angle, mirrored (0 or 1) and the canvas point in the middle of the view."""
    middle = transform.to_canvas(_middle(view))
    return {
        "zoom": transform.scale,
        "angle": transform.angle,
        "mirrored": float(transform.mirrored),
        "x": middle.x(),
        "y": middle.y(),
    }


def transform_of(look: Mapping[str, float], view: QSize, canvas: QSize) -> Transform:
    """The inverse of `look_of`; missing or invalid values take defaults."""
    found = Transform(
        scale=min(max(look.get("zoom", 1.0), SMALLEST), LARGEST),
        angle=(look.get("angle", 0.0) + 180) % 360 - 180,
        mirrored=look.get("mirrored", 0.0) == 1.0,
    )
    x = min(max(look.get("x", canvas.width() / 2), 0.0), float(canvas.width()))
    y = min(max(look.get("y", canvas.height() / 2), 0.0), float(canvas.height()))
    shift = _middle(view) - found.to_view(QPointF(x, y))
    return replace(found, dx=shift.x(), dy=shift.y())


def _middle(view: QSize) -> QPointF:
    return QPointF(view.width() / 2, view.height() / 2)
