from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.canvas.view import CanvasView
from app.controllers.history import HistoryController
from app.document.commands import replace_mask
from app.document.document import Document


@pytest.fixture
def view(qtbot: QtBot, document: Document) -> CanvasView:
    """A view whose last step was undone."""
    made = CanvasView(document)
    qtbot.addWidget(made)
    made.resize(600, 600)
    replace_mask(document, "Invert mask", ~document.cover)
    document.undo_stack.undo()
    return made


def test_steps_are_taken_back_and_again(document: Document, view: CanvasView) -> None:
    history = HistoryController(view)
    history.redo()
    assert document.mask.all()
    history.undo()
    assert not document.mask.any()


def test_undoing_takes_a_stroke_under_way_back_and_redoing_waits(
    document: Document, view: CanvasView
) -> None:
    history = HistoryController(view)
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(300, 300))
    assert document.mask.any()
    history.redo()
    assert not document.mask.all()
    history.undo()
    assert not document.mask.any()
    assert document.undo_stack.count() == 1
