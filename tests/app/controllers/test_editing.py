from __future__ import annotations

from collections.abc import Callable
from operator import methodcaller

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.canvas.view import CanvasView
from app.controllers.editing import Editing
from app.document.document import Document


@pytest.mark.parametrize("name", ["redo", "select_all", "clear_mask", "invert_mask"])
def test_nothing_comes_between_a_stroke(qtbot: QtBot, document: Document, name: str) -> None:
    view = CanvasView(document)
    qtbot.addWidget(view)
    view.resize(600, 600)
    editing = Editing(document, view)
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(300, 300))
    before = document.mask.copy()
    command: Callable[[Editing], None] = methodcaller(name)
    command(editing)
    assert (document.mask == before).all()
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(300, 300))
    assert document.undo_stack.count() == 1
