"""What lies in the middle of the window: the canvas, and the fill panel at its right."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QScrollArea, QWidget

from app.panels.fill.fill_panel import WIDTH, FillPanel
from app.ui.widgets import configure


class Centre(QWidget):
    """Messages lie over the canvas, so that nothing moves under the pen when one comes."""

    def __init__(self, canvas: QWidget, messages: QWidget, panel: FillPanel) -> None:
        super().__init__()
        side = configure(QScrollArea(), style="side")
        side.setWidgetResizable(True)
        side.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        side.setFixedWidth(WIDTH)
        side.setWidget(panel)
        form = panel.history.editor
        show_form = partial(side.ensureWidgetVisible, form)  # once it has its place
        form.opened.connect(lambda: QTimer.singleShot(0, form, show_form))
        middle = QGridLayout()
        middle.addWidget(canvas, 0, 0)
        middle.addWidget(messages, 0, 0, Qt.AlignmentFlag.AlignTop)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addLayout(middle, 1)
        row.addWidget(side)
