"""Pictures by the clipboard and by dragging: out of the canvas, and onto it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtCore import QMimeData, QObject, Signal
from PySide6.QtGui import QGuiApplication, QImage

from app.controllers.files import Files
from app.controllers.mask import MaskController
from app.controllers.sketch import SketchController
from app.document.document import Document
from app.panels.dialogs.dialogs import Dialogs, Dropped
from app.storage.formats import FLAT
from app.ui.messages import Messages
from app.ui.qimage import image_of, rgba_of
from lazydiff_core.contract import RGB, RGBA
from lazydiff_core.geometry.box import bounds_of
from lazydiff_core.images.reading import MAX_PIXELS
from lazydiff_core.model_store.registry import is_model_folder


class Clipboard(QObject):
    """Copy, paste and drop. What comes in becomes a picture, the sketch, the mask or a model."""

    model_dropped = Signal(object)  # Path of a model's folder

    def __init__(
        self,
        document: Document,
        files: Files,
        sketch: SketchController,
        mask: MaskController,
        dialogs: Dialogs,
        messages: Messages,
    ) -> None:
        super().__init__(document)
        self._document = document
        self._files = files
        self._sketch_controller, self._mask_controller = sketch, mask
        self._dialogs, self._messages = dialogs, messages

    # --- out -------------------------------------------------------------------------------------

    def copy(self) -> None:
        """What is seen, as one picture."""
        self._put(self._document.pixels, self.tr("Picture copied."))

    def copy_masked(self) -> None:
        """The pixels in the mask, as soft at its edges as it is."""
        place = bounds_of(self._document.mask)
        if not place.is_empty:
            part = place.slices
            pixels = np.dstack((self._document.pixels[part], self._document.cover[part]))
            self._put(pixels, self.tr("Masked area copied."))

    # --- in --------------------------------------------------------------------------------------

    def paste_new(self) -> None:
        """A copied picture, or file, as the picture."""
        data = QGuiApplication.clipboard().mimeData()
        local = _local_files(data)
        image = self._copied()
        if image is not None:
            self._files.take(image)
        elif local:
            self._files.open_path(local[0])
        else:
            self._nothing_copied()

    def paste_sketch(self) -> None:
        """A copied picture into this one, on the sketch's layer."""
        data = QGuiApplication.clipboard().mimeData()
        local = _local_files(data)
        image = self._copied()
        if image is None and not local:
            self._nothing_copied()
            return
        if self._add(image) if image is not None else self._sketch_controller.paste(local[0]):
            self._messages.news(
                self.tr("Pasted as a sketch. “Paste as new picture” in the Edit menu opens it.")
            )

    def drop(self, data: QMimeData) -> None:
        """The first local file or folder, or a picture from another program."""
        local = _local_files(data)
        if local:
            self._drop_path(local[0])
            if len(local) > 1:
                self._messages.news(self.tr("Only the first of {} was taken.").format(len(local)))
        elif data.hasImage():
            self._drop_image(QImage(data.imageData()))
        else:
            self._messages.error(self.tr("Only pictures on this computer can be dropped here."))

    # --- inside ----------------------------------------------------------------------------------

    def _drop_path(self, path: Path) -> None:
        if path.is_dir():
            if is_model_folder(path):
                self.model_dropped.emit(path)
            else:
                self._messages.error(
                    self.tr("{} holds no model: drop a picture, a project or a model's folder.")
                    .format(path.name)
                )  # fmt: skip
            return
        meant = Dropped.PICTURE
        if path.suffix.lower() in FLAT and self._is_begun():
            meant = self._dialogs.ask_dropped(path.name, mask=True)
        if meant is Dropped.PICTURE:
            self._files.open_path(path)
        elif meant is Dropped.SKETCH:
            self._sketch_controller.load_from(path)
        elif meant is Dropped.MASK:
            self._mask_controller.load_from(path)

    def _drop_image(self, image: QImage) -> None:
        meant = Dropped.PICTURE
        if self._is_begun():
            meant = self._dialogs.ask_dropped(self.tr("The picture"), mask=False)
        if meant is Dropped.PICTURE:
            self._files.take(image)
        elif meant is Dropped.SKETCH:
            self._add(image)

    def _is_begun(self) -> bool:
        """There is a picture that what is dropped could be meant for."""
        return self._document.path is not None or bool(
            self._document.edits or self._document.is_modified
        )

    def _add(self, image: QImage) -> bool:
        """Lay a picture over what is sketched; False if it is not done."""
        if image.width() * image.height() > MAX_PIXELS:
            self._messages.error(self.tr("That picture is too large: scale it down first."))
            return False
        return self._sketch_controller.add(rgba_of(image), self.tr("Paste as sketch"))

    def _copied(self) -> QImage | None:
        image = QGuiApplication.clipboard().image()
        return None if image.isNull() else image

    def _put(self, pixels: RGB | RGBA, news: str) -> None:
        QGuiApplication.clipboard().setImage(image_of(pixels))
        self._messages.news(news)

    def _nothing_copied(self) -> None:
        self._messages.news(self.tr("The clipboard holds no picture: copy one first."))


def _local_files(data: QMimeData) -> list[Path]:
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
