from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF, QSize

from app.canvas.transform import LARGEST, Transform
from app.canvas.view_state import look_of, transform_of

CANVAS = QSize(400, 300)


@pytest.mark.parametrize("angle", [0.0, 30.0, -135.0])
@pytest.mark.parametrize("mirrored", [False, True])
def test_one_looks_at_the_same_place_in_a_window_of_another_size(
    angle: float, mirrored: bool
) -> None:
    at = Transform(2.5, angle=angle, mirrored=mirrored)
    shift = QPointF(500, 400) - at.to_view(QPointF(120, 80))
    at = at.moved(shift)
    look = look_of(at, QSize(1000, 800))

    again = transform_of(look, QSize(640, 480), CANVAS)

    assert (again.scale, again.angle, again.mirrored) == (2.5, pytest.approx(angle), mirrored)
    middle = again.to_canvas(QPointF(320, 240))
    assert (middle.x(), middle.y()) == (pytest.approx(120), pytest.approx(80))


def test_what_is_missing_or_absurd_becomes_usual() -> None:
    plain = transform_of({}, QSize(400, 300), CANVAS)
    absurd = transform_of({"zoom": 1e9, "x": -1e9, "angle": 1e6}, QSize(400, 300), CANVAS)

    assert plain == Transform()
    assert absurd.scale == LARGEST
    assert absurd.to_canvas(QPointF(200, 150)).x() == pytest.approx(0, abs=1e-6)
