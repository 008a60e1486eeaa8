"""A widget that takes what is dropped on it, if somebody wants it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QWidget


class DropTarget(QWidget):
    """Takes files and pictures."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._take_drop: Callable[[QMimeData], bool] = lambda data: False
        self.setAcceptDrops(True)

    def hands_drops_to(self, take: Callable[[QMimeData], bool]) -> None:
        """Let `take` have what is dropped; False from `take` means that it is not taken."""
        self._take_drop = take

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802
        if event.mimeData().hasUrls() or event.mimeData().hasImage():
            _accept_copy(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:  # noqa: N802
        _accept_copy(event)

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        if self._take_drop(event.mimeData()):
            _accept_copy(event)
        else:
            event.setDropAction(Qt.DropAction.IgnoreAction)
            event.ignore()


def _accept_copy(event: QDropEvent) -> None:
    """Answer "copy", whatever was proposed: after a "move" a file manager deletes the file."""
    event.setDropAction(Qt.DropAction.CopyAction)
    event.accept()
