"""Complaint 10: large canvases cost memory and stutter after every stroke."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRect
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.canvas.view import CanvasView
from app.document.document import Document
from app.engine.prefetch import ContextPrefetcher
from app.engine.timetable import Kind, Row
from lazydiff_core.contract import Box
from tests.app.canvas.driving import drag
from tests.app.doubles import PATIENCE_MS

SIDE = 8192
MEGABYTE = 1 << 20


@pytest.fixture
def large(qtbot: QtBot, document: Document) -> Iterator[CanvasView]:
    """The whole of a canvas of 8192 x 8192 in a view of 900 x 700."""
    document.replace(np.zeros((SIDE, SIDE, 3), np.uint8))
    view = CanvasView(document)
    qtbot.addWidget(view)
    view.resize(900, 700)
    with qtbot.waitExposed(view, timeout=PATIENCE_MS):
        view.show()
    view.camera.fit()
    view.grab()  # halved copies are made once
    yield view
    tracemalloc.stop()


def peak(act: object) -> float:
    """Megabytes that something takes at most, beyond what is there already."""
    assert callable(act)
    tracemalloc.start()
    act()
    QApplication.processEvents()
    most = tracemalloc.get_traced_memory()[1] / MEGABYTE
    tracemalloc.stop()
    return most


def test_a_stroke_copies_no_canvas(large: CanvasView, document: Document) -> None:
    large.set_brush_size(200)
    points = [(1000.0 + 300 * k, 1000.0 + 280 * k) for k in range(20)]
    assert peak(lambda: drag(large, *points)) < 24
    assert document.mask[1000, 1000]
    assert document.undo_stack.count() == 1
    assert peak(document.undo_stack.undo) < 24
    assert not document.has_mask
    assert peak(document.undo_stack.redo) < 24


def test_a_step_of_the_history_holds_what_it_changed(large: CanvasView, document: Document) -> None:
    large.set_brush_size(200)
    # From corner to corner at once: more than that of a canvas of 192 MB, but not all of its mask.
    assert peak(lambda: drag(large, (100, 100), (8000, 8000))) < 40
    command = document.undo_stack.command(0)
    assert getattr(command, "nbytes", None) is not None
    assert command.nbytes < MEGABYTE  # type: ignore[attr-defined]


def test_only_the_changed_rectangle_is_painted_again(
    large: CanvasView, document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    painted: list[QRect] = []
    paint = large.layers.paint
    monkeypatch.setattr(
        large.layers, "paint", lambda p, rect, *rest: (painted.append(rect), paint(p, rect, *rest))
    )
    document.write_mask(Box(4000, 4000, 4300, 4300), np.ones((300, 300), np.bool_))
    large.grab()
    shown = large.transform.rect_to_view(QRect(4000, 4000, 300, 300)).toAlignedRect()
    assert painted
    assert all(shown.adjusted(-4, -4, 4, 4).contains(rect) for rect in painted)
    painted.clear()
    large._pointer = QPointF(300, 300)
    large.set_brush_size(500)
    large.grab()
    assert painted == [], "the ring of the brush passes over what has been painted"


def test_resting_the_pen_copies_what_the_model_sees(document: Document) -> None:
    document.replace(np.zeros((4096, 4096, 3), np.uint8))
    document.write_mask(Box(2000, 2000, 2200, 2200), np.ones((200, 200), np.bool_))
    prefetcher = ContextPrefetcher(document)
    prefetcher.native_side = 512
    row = Row(Kind.CONTEXT)
    assert peak(lambda: prefetcher.work(row)) < 24
    assert prefetcher.work(row) is not None
