"""The words that the artist has taught, with their pictures, and how to teach one more."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.panels.thumbnails import as_icon
from app.ui.qimage import image_of
from app.ui.sentences import in_words
from app.ui.widgets import answers, configure
from lazydiff_core.contract import RGBA
from lazydiff_core.errors import InputError, LazyDiffError
from lazydiff_core.images.cutouts import tight_square
from lazydiff_core.model_store import TaughtWords
from lazydiff_core.model_store.phrases import MAX_PHRASE_LETTERS, phrase_of

_ICON, _LARGE, _WIDTH, _HEIGHT = 64, 160, 340, 360


class WordDialog(QDialog):
    """Asks what a thing is called; `word` is what was written."""

    def __init__(self, thing: RGBA, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Teach a word"))
        picture = QLabel()
        picture.setPixmap(_pixmap(thing, _LARGE))
        picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        text = QLabel(self.tr("What is this called? You can then use the name in prompts."))
        text.setWordWrap(True)
        self.name = configure(QLineEdit(), name=self.tr("Word"), tip=self.tr("One word or a few"))
        self.name.setMaxLength(MAX_PHRASE_LETTERS)
        self.name.textChanged.connect(self._judge)
        self.accept_button = QPushButton(self.tr("Teach"))
        buttons = answers(self, self.accept_button, self.tr("Teach nothing"))
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 16)
        column.setSpacing(14)
        for widget in (picture, text, self.name, buttons):
            column.addWidget(widget)
        self._judge("")
        self.name.setFocus()

    @property
    def word(self) -> str:
        return self.name.text()

    def _judge(self, text: str) -> None:
        """Only what can be a word can be taught."""
        try:
            phrase_of(text)
        except InputError as error:
            self.accept_button.setEnabled(False)
            self.accept_button.setToolTip(in_words(str(error)))
        else:
            self.accept_button.setEnabled(True)
            self.accept_button.setToolTip(self.tr("Keep it; the model is loaded anew"))


class WordsDialog(QDialog):
    """Lists words; `forgotten` are those that were given up here."""

    def __init__(self, words: TaughtWords, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Taught words"))
        self._words = words
        self.forgotten: list[str] = []
        self.text = QLabel()
        self.text.setWordWrap(True)
        self.list = configure(
            QListWidget(), name=self.tr("Taught words"), tip=self.tr("Choose one to forget it")
        )
        self.list.setIconSize(QSize(_ICON, _ICON))
        self.list.setSpacing(4)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setMinimumSize(_WIDTH, _HEIGHT)
        for word, picture in words.pictures().items():
            self.list.addItem(QListWidgetItem(as_icon(_pixmap(picture, 2 * _ICON)), word))
        self.list.setCurrentRow(0)
        self.list.currentRowChanged.connect(self._refresh)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.forget = QPushButton(self.tr("Forget"))
        self.forget.setToolTip(self.tr("Prompts then treat it as plain text again"))
        self.forget.setAutoDefault(False)  # Enter must not forget
        buttons.addButton(self.forget, QDialogButtonBox.ButtonRole.DestructiveRole)
        close = buttons.button(QDialogButtonBox.StandardButton.Close)
        close.setDefault(True)
        close.setToolTip(self.tr("Back to the picture"))
        self.forget.clicked.connect(self.forget_chosen)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 16)
        column.setSpacing(14)
        for widget in (self.text, self.list, buttons):
            column.addWidget(widget)
        self._refresh()

    def forget_chosen(self) -> None:
        """Give the chosen word up, and its picture."""
        row = self.list.currentRow()
        word = self.list.item(row).text()
        try:
            self._words.remove(word)
        except LazyDiffError as error:
            self.text.setText(in_words(str(error)))
            return
        self.forgotten.append(word)
        self.list.takeItem(row)
        self._refresh()

    def _refresh(self) -> None:
        self.forget.setEnabled(self.list.currentRow() >= 0)
        self.text.setText(
            self.tr("You can use these words in prompts.")
            if self.list.count()
            else self.tr("None yet: mask a thing, then choose Generate > Teach a word.")
        )


def _pixmap(thing: RGBA, side: int) -> QPixmap:
    """The thing in a square of so many pixels; an empty one if nothing shows."""
    square = tight_square(thing, side)
    nothing = np.zeros((side, side, 4), np.uint8)
    return QPixmap.fromImage(image_of(nothing if square is None else square))
