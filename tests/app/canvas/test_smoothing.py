from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF

from app.canvas.smoothing import Smoother


def test_without_smoothing_it_follows_at_once() -> None:
    smoother = Smoother(QPointF(0, 0), 1.0, 0, 10)
    assert smoother.follow(QPointF(3, 4), 0.5) == (QPointF(3, 4), 0.5)


def test_small_steps_are_followed_late_and_large_ones_at_once() -> None:
    slow = Smoother(QPointF(0, 0), 1.0, 80, 10)
    place, pressure = slow.follow(QPointF(2, 0), 0.0)
    assert place.x() == pytest.approx(0.4)
    assert 0 < pressure < 1
    quick = Smoother(QPointF(0, 0), 1.0, 80, 10)
    assert quick.follow(QPointF(400, 0), 1.0)[0].x() == pytest.approx(392)


def test_it_stays_where_the_hand_stays() -> None:
    smoother = Smoother(QPointF(5, 5), 0.7, 90, 10)
    assert smoother.follow(QPointF(5, 5), 0.7) == (QPointF(5, 5), 0.7)
