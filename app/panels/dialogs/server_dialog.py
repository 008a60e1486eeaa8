"""Asks for another machine whose engine is to paint."""

from __future__ import annotations

from PySide6.QtWidgets import (
    QDialog,
    QFormLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.ui.sentences import in_words
from app.ui.widgets import answers, configure
from lazydiff_core.errors import InputError
from lazydiff_core.remote import Connection

_WIDTH = 420


class ServerDialog(QDialog):
    """`url` is the address and token that were written, as remote.Connection writes them."""

    def __init__(self, url: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Paint with another machine"))
        text = QLabel(
            self.tr(
                "Start \u201clazydiff serve --host 0.0.0.0\u201d there; it prints the address and "
                "the token. Pictures and prompts are sent to that machine."
            )
        )
        text.setWordWrap(True)
        self.address = configure(
            QLineEdit(), name=self.tr("Address"), tip=self.tr("Such as http://192.168.0.5:7860")
        )
        self.token = configure(
            QLineEdit(), name=self.tr("Token"), tip=self.tr("What lazydiff serve has printed")
        )
        self.token.setEchoMode(QLineEdit.EchoMode.Password)
        self.fault = configure(QLabel(), style="dim", name=self.tr("What is wrong"))
        self.fault.setWordWrap(True)
        fields = QFormLayout()
        fields.addRow(self.tr("Address"), self.address)
        fields.addRow(self.tr("Token"), self.token)
        self.accept_button = configure(
            QPushButton(self.tr("Connect")), tip=self.tr("Load its engine and paint with it")
        )
        buttons = answers(self, self.accept_button, self.tr("Go on with the current engine"))
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 16)
        column.setSpacing(14)
        column.addWidget(text)
        column.addLayout(fields)
        column.addWidget(self.fault)
        column.addWidget(buttons)
        self.setMinimumWidth(_WIDTH)
        self.address.textChanged.connect(self._judge)
        self.token.textChanged.connect(self._judge)
        if url:
            known = Connection.of(url)
            self.token.setText(known.token)
            self.address.setText(known.address)
        self._judge()

    @property
    def url(self) -> str:
        return self._connection().url

    def _connection(self) -> Connection:
        """Raises InputError for what is no address."""
        written = Connection.of(self.address.text())
        return Connection(written.address, self.token.text().strip() or written.token)

    def _judge(self) -> None:
        fault = ""
        try:
            self._connection()
        except InputError as error:
            fault = in_words(str(error))
        self.accept_button.setEnabled(not fault)
        self.fault.setText(fault if self.address.text() else "")
