"""What LazyDiff is, and the licences of everything inside."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QListWidget,
    QPlainTextEdit,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from app.system.licences import Part
from app.ui.widgets import configure


class AboutDialog(QDialog):
    """A list of all parts at the left, the text of the chosen one's licence at the right."""

    def __init__(self, version: str, parts: Sequence[Part], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts = parts
        self.setWindowTitle(self.tr("About LazyDiff"))
        said = self.tr(
            "Paint a mask, say what should appear: that region, and only that region, is "
            "generated, at a cost set by the mask."
        )
        what = QLabel(f"<h3>LazyDiff {version}</h3><p>{said}</p>")
        what.setWordWrap(True)
        self.list = configure(
            QListWidget(),
            name=self.tr("Everything inside"),
            tip=self.tr("What LazyDiff is made of, and under which licenses"),
        )
        self.list.addItems([part.title for part in parts])
        self.list.currentRowChanged.connect(self._show_text)
        self.text = configure(
            QPlainTextEdit(),
            name=self.tr("License text"),
            tip=self.tr("The license of what is chosen at the left"),
        )
        self.text.setReadOnly(True)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(self.list)
        split.addWidget(self.text)
        split.setSizes([280, 440])
        split.setChildrenCollapsible(False)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.button(QDialogButtonBox.StandardButton.Close).setToolTip(self.tr("Close"))
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(12)
        column.addWidget(what)
        column.addWidget(split, 1)
        column.addWidget(buttons)
        self.resize(780, 520)
        self.list.setCurrentRow(0)

    def _show_text(self, row: int) -> None:
        self.text.setPlainText(self._parts[row].text() if row >= 0 else "")
