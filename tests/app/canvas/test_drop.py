"""A drop is answered "copy": after a "move" the sender would delete the artist's file."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.canvas.view import CanvasView
from app.document.document import Document

ANY = Qt.DropAction.CopyAction | Qt.DropAction.MoveAction
LEFT, SHIFT = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier


@pytest.mark.parametrize("kind", [QDragEnterEvent, QDragMoveEvent, QDropEvent])
def test_a_drop_that_proposes_a_move_is_answered_by_a_copy(
    qtbot: QtBot, document: Document, tmp_path: Path, kind: type[QDropEvent]
) -> None:
    view = CanvasView(document)
    view.hands_drops_to(lambda data: True)
    qtbot.addWidget(view)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "picture.png"))])
    at: QPoint | QPointF = QPointF(20, 20) if kind is QDropEvent else QPoint(20, 20)
    event = kind(at, ANY, data, LEFT, SHIFT)  # type: ignore[arg-type]
    event.setDropAction(Qt.DropAction.MoveAction)
    QApplication.sendEvent(view, event)
    assert event.isAccepted()
    assert event.dropAction() == Qt.DropAction.CopyAction
