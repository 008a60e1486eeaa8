"""The last line of the gallery: the offline switch, and the account for models on request."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.panels.gallery.transfer import Transfer
from app.ui.sentences import in_words
from app.ui.widgets import answers, configure
from lazydiff_core.model_store.hub_account import is_signed_in, sign_in, sign_out

_WIDTH = 460


class AccountLine(QWidget):
    """Says whether there is a token; the button signs in or out, on another thread."""

    offline_wanted = Signal(bool)
    said = Signal(str)  # what came of it, in the artist's language

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._signed_in = False
        self.offline = configure(
            QCheckBox(self.tr("Offline")),
            name=self.tr("Offline"),
            tip=self.tr("Ask no hub and no other machine for anything."),
        )
        self.offline.clicked.connect(self.offline_wanted)
        self.button = QPushButton()
        self.button.setAutoDefault(False)
        self.button.clicked.connect(self._on_click)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.offline)
        row.addStretch(1)
        row.addWidget(self.button)
        self._show_account(False)

    def show_offline(self, offline: bool) -> None:
        self.offline.setChecked(offline)
        self.button.setEnabled(not offline or self._signed_in)

    def look(self) -> None:
        """See whether there is a token."""
        self._run(is_signed_in)

    def sign_in_with(self, token: str) -> None:
        """Have the hub check a token; huggingface_hub keeps it."""
        self._run(partial(_signed_in_with, token), self.tr("You are signed in."))

    def _on_click(self) -> None:
        if self._signed_in:
            self._run(_signed_out, self.tr("You are signed out; the token is deleted."))
            return
        dialog = TokenDialog(self)
        if dialog.exec():
            self.sign_in_with(dialog.token.text())

    def _run(self, work: object, news: str = "") -> None:
        assert callable(work)
        transfer = Transfer()
        self.button.setEnabled(False)
        transfer.done.connect(partial(self._on_done, news))
        transfer.failed.connect(self._on_failed)
        transfer.run(work, transfer.done)

    def _on_done(self, news: str, signed_in: bool) -> None:
        self._show_account(signed_in)
        if news:
            self.said.emit(news)

    def _on_failed(self, sentence: str) -> None:
        self._show_account(self._signed_in)
        self.said.emit(in_words(sentence))

    def _show_account(self, signed_in: bool) -> None:
        self._signed_in = signed_in
        text = self.tr("Sign out") if signed_in else self.tr("Sign in with a token…")
        tip = (
            self.tr("Delete the token that huggingface_hub keeps on this computer.")
            if signed_in
            else self.tr("For models whose owners want to be asked first.")
        )
        self.button.setText(text)
        configure(self.button, name=text, tip=tip)
        self.show_offline(self.offline.isChecked())


class TokenDialog(QDialog):
    """Asks for a token; it is shown as dots and kept nowhere but in its field."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Sign in with a token"))
        text = QLabel(
            self.tr(
                "Make a token that may read (Settings > Access Tokens of your account on the hub), "
                "agree to the model\u2019s terms on its page there, and paste the token here. "
                "huggingface_hub checks and keeps it; it is in no setting and no log of LazyDiff."
            )
        )
        text.setWordWrap(True)
        self.token = configure(
            QLineEdit(), name=self.tr("Token"), tip=self.tr("It begins with hf_.")
        )
        self.token.setEchoMode(QLineEdit.EchoMode.Password)
        self.accept_button = configure(
            QPushButton(self.tr("Sign in")), tip=self.tr("Have the hub check the token")
        )
        self.accept_button.setEnabled(False)
        self.token.textChanged.connect(lambda t: self.accept_button.setEnabled(bool(t.strip())))
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 16)
        column.setSpacing(14)
        column.addWidget(text)
        column.addWidget(self.token)
        column.addWidget(answers(self, self.accept_button, self.tr("Stay signed out")))
        self.setMinimumWidth(_WIDTH)


def _signed_in_with(token: str) -> bool:
    sign_in(token)
    return is_signed_in()


def _signed_out() -> bool:
    sign_out()
    return is_signed_in()
