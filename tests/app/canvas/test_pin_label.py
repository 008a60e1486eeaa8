from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.canvas.pin_label import PinLabel

INSIDE = QRect(4, 4, 592, 392)


def test_labels_of_masks_that_lie_close_together_do_not_overlap(qtbot: QtBot) -> None:
    view = QWidget()
    qtbot.addWidget(view)
    labels = [PinLabel(number, "a red mushroom", view) for number in range(6)]
    for label in labels:
        label.adjustSize()

    @settings(max_examples=60, deadline=None)
    @given(st.lists(st.tuples(st.integers(0, 600), st.integers(0, 400)), min_size=6, max_size=6))
    def lie_apart(corners: list[tuple[int, int]]) -> None:
        placed: list[QRect] = []
        for label, (x, y) in zip(labels, corners, strict=True):
            label.place_above(QRect(x, y, 40, 40), INSIDE, placed)
            assert INSIDE.contains(label.geometry())
            assert not any(label.geometry().intersects(other) for other in placed)
            placed.append(label.geometry())

    lie_apart()


def test_a_label_alone_stands_right_above_its_mask(qtbot: QtBot) -> None:
    view = QWidget()
    qtbot.addWidget(view)
    label = PinLabel(1, "a red mushroom", view)
    label.adjustSize()
    label.place_above(QRect(100, 200, 40, 40), INSIDE, [])
    assert (label.x(), label.geometry().bottom()) == (100, 195)


def test_a_full_column_hides_no_label(qtbot: QtBot) -> None:
    view = QWidget()
    qtbot.addWidget(view)
    label = PinLabel(1, "a red mushroom", view)
    label.adjustSize()
    label.place_above(QRect(100, 200, 40, 40), INSIDE, [INSIDE])
    assert INSIDE.contains(label.geometry())
