"""What lies in the middle of the window: the canvas."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget


class Centre(QWidget):
    """Messages lie over the canvas, so that nothing moves under the pen when one comes."""

    def __init__(self, canvas: QWidget, messages: QWidget) -> None:
        super().__init__()
        middle = QGridLayout(self)
        middle.setContentsMargins(0, 0, 0, 0)
        middle.addWidget(canvas, 0, 0)
        middle.addWidget(messages, 0, 0, Qt.AlignmentFlag.AlignTop)
