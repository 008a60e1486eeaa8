"""A collapsible section of a panel."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QToolButton, QVBoxLayout, QWidget

from app.ui.icons import set_icon
from app.ui.widgets import configure


class Fold(QWidget):
    """A heading that shows or hides the content below it."""

    folded = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fold = configure(QToolButton(), style="fold")
        self._fold.setCheckable(True)
        self._fold.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._fold.setIconSize(QSize(14, 14))
        self._body = QWidget()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self._fold, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._body)
        self._fold.toggled.connect(self._show_body)
        self.set_open(False)

    def name_it(self, title: str, tip: str) -> None:
        """Set the text and tooltip of the heading."""
        self._fold.setText(title)
        configure(self._fold, name=title, tip=tip)

    @property
    def is_open(self) -> bool:
        return self._fold.isChecked()

    def set_open(self, shown: bool) -> None:
        self._fold.setChecked(shown)
        self._show_body(shown)

    def _show_body(self, shown: bool) -> None:
        self._body.setVisible(shown)
        set_icon(self._fold, "chevron-down" if shown else "chevron-right")
        self.folded.emit(not shown)
