"""Shows what would be copied for a report of a fault, before it is."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QLabel,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from app.ui.widgets import configure


class DiagnosticsDialog(QDialog):
    """compose: makes the text, given whether files, prompts and the log are to be in it."""

    def __init__(self, compose: Callable[[bool], str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Diagnostics"))
        self.resize(640, 460)
        self._compose = compose
        hint = QLabel(
            self.tr(
                "For a bug report. It is only copied: LazyDiff sends nothing anywhere. "
                "Your picture is never in it."
            )
        )
        hint.setWordWrap(True)
        self._text = configure(
            QPlainTextEdit(),
            name=self.tr("What is copied"),
            tip=self.tr("Word for word what would be copied"),
        )
        self._text.setReadOnly(True)
        self._text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self._private = configure(
            QCheckBox(self.tr("With names of files, prompts and the end of the log")),
            tip=self.tr("Check this only if whoever reads the report may see them"),
        )
        self._private.toggled.connect(self._show)
        button = QDialogButtonBox.StandardButton
        buttons = QDialogButtonBox(button.Close)
        copy = buttons.addButton(self.tr("Copy"), QDialogButtonBox.ButtonRole.AcceptRole)
        copy.setToolTip(self.tr("Put it on the clipboard"))
        buttons.button(button.Close).setToolTip(self.tr("Copy nothing"))
        buttons.accepted.connect(self._copy)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 16)
        column.setSpacing(12)
        for widget in (hint, self._text, self._private, buttons):
            column.addWidget(widget)
        self._show()

    def _show(self) -> None:
        self._text.setPlainText(self._compose(self._private.isChecked()))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._text.toPlainText())
        self.accept()
