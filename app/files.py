"""Opening, saving, pasting and dropping pictures, and the question before work is lost."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtCore import QMimeData, QObject, QSize, Signal
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter

from app.dialogs import Answer, Dialogs
from app.document import Document
from app.messages import Messages
from app.settings import SettingsStore
from lazydiff_core.contract import RGB
from lazydiff_core.errors import LazyDiffError
from lazydiff_core.files import write_files
from lazydiff_core.images import MOST_PIXELS, encode, read_image


class Files(QObject):
    """The File menu, and every other way a picture comes in or goes out."""

    opened = Signal()  # a picture with something on it has come in

    def __init__(
        self, document: Document, settings: SettingsStore, dialogs: Dialogs, messages: Messages
    ) -> None:
        super().__init__(document)
        self._document = document
        self._settings = settings
        self._dialogs = dialogs
        self._messages = messages

    # --- in --------------------------------------------------------------------------------------

    def new(self) -> None:
        if not self.may_discard():
            return
        size = self._dialogs.ask_size(self._document.size)
        if size is not None:
            self._document.replace(blank(size))

    def open(self) -> None:
        if not self.may_discard():
            return
        path = self._dialogs.ask_open(self._folder())
        if path is not None:
            self._load(path)

    def open_path(self, path: Path) -> None:
        """Open a picture named by a command, a drop or the recent files."""
        if self.may_discard():
            self._load(path)

    def paste(self) -> None:
        image = QGuiApplication.clipboard().image()
        if image.isNull():
            self._messages.news(self.tr("The clipboard holds no picture: copy one first."))
        elif self.may_discard():
            self._take(image)

    def drop(self, data: QMimeData) -> None:
        """Open what was dropped: the first local file, or a picture from another program."""
        local = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
        if local:
            self.open_path(local[0])
        elif data.hasImage() and self.may_discard():
            self._take(QImage(data.imageData()))
        else:
            self._messages.error(self.tr("Only pictures on this computer can be dropped here."))

    # --- out -------------------------------------------------------------------------------------

    def save(self) -> bool:
        """Save where the picture came from, or ask where; False if it was not saved."""
        path = self._document.path
        return self.save_as() if path is None else self._write(path)

    def save_as(self) -> bool:
        path = self._dialogs.ask_save(self._document.path or self._folder() / "untitled.png")
        return False if path is None else self._write(path)

    def copy(self) -> None:
        pixels = self._document.pixels.copy()
        height, width, _ = pixels.shape
        shown = QImage(pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888)
        QGuiApplication.clipboard().setImage(shown.copy())  # the array goes, the copy stays
        self._messages.news(self.tr("Picture copied."))

    def may_discard(self) -> bool:
        """True if nothing is lost by letting the picture go, or the artist says so."""
        if not self._document.is_modified:
            return True
        answer = self._dialogs.ask_unsaved(self.name())
        return answer == Answer.DISCARD or (answer == Answer.SAVE and self.save())

    def name(self) -> str:
        """What the picture is called."""
        path = self._document.path
        return self.tr("Untitled") if path is None else path.name

    # --- inside ----------------------------------------------------------------------------------

    def _load(self, path: Path) -> None:
        try:
            pixels = read_image(path)
        except LazyDiffError as error:
            self._settings.forget_file(path)
            self._messages.error(str(error))
            return
        self._document.replace(pixels, path)
        self._settings.remember_file(path)
        self.opened.emit()

    def _take(self, image: QImage) -> None:
        if image.width() * image.height() > MOST_PIXELS:
            self._messages.error(self.tr("That picture is too large: scale it down first."))
            return
        self._document.replace(_pixels_of(image))
        self._document.undo_stack.resetClean()
        self.opened.emit()

    def _write(self, path: Path) -> bool:
        try:
            write_files({path: encode(self._document.pixels, path)})
        except LazyDiffError as error:
            self._messages.error(str(error))
            return False
        self._document.saved_as(path)
        self._settings.remember_file(path)
        self._messages.news(self.tr("Saved {}.").format(path.name))
        return True

    def _folder(self) -> Path:
        return Path(self._settings.value.folder or Path.home())


def blank(size: QSize) -> RGB:
    """A white canvas, (H, W, 3) uint8."""
    return np.full((size.height(), size.width(), 3), 255, np.uint8)


def _pixels_of(image: QImage) -> RGB:
    """(H, W, 3) uint8 of any image, laid over white where it is transparent."""
    flat = QImage(image.size(), QImage.Format.Format_RGB888)
    flat.fill(QColor("white"))
    painter = QPainter(flat)
    painter.drawImage(0, 0, image)
    painter.end()
    rows = np.frombuffer(flat.constBits(), np.uint8).reshape(flat.height(), flat.bytesPerLine())
    return rows[:, : 3 * flat.width()].reshape(flat.height(), flat.width(), 3).copy()
