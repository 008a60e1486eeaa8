"""Pictures by the clipboard and by dragging: out of the canvas, and onto it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, Signal
from PySide6.QtGui import QGuiApplication

from app.controllers.files import Files
from app.controllers.mask import MaskController
from app.controllers.sketch import SketchController
from app.document.document import Document
from app.panels.dialogs.dialogs import Dialogs, Dropped
from app.storage.formats import FLAT
from app.storage.formats.contents import Opened
from app.storage.mime import holds_picture, reader_of
from app.system.background import in_background
from app.ui.messages import Messages
from app.ui.qimage import image_of
from lazydiff_core.contract import Pixels
from lazydiff_core.errors import LazyDiffError
from lazydiff_core.geometry.pixels import with_alpha
from lazydiff_core.images.cutouts import cut_out
from lazydiff_core.model_store.comfyui import is_comfyui
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
        self._busy = False

    # --- out -------------------------------------------------------------------------------------

    def copy(self) -> None:
        """What is seen, as one picture."""
        self._put(self._document.pixels, self.tr("Picture copied."))

    def copy_masked(self) -> None:
        """The pixels in the mask, as soft at its edges as it is."""
        if self._document.has_mask:
            pixels = cut_out(self._document.pixels, self._document.cover)
            self._put(pixels, self.tr("Masked area copied."))

    # --- in --------------------------------------------------------------------------------------

    def paste_new(self) -> None:
        """A copied picture, or file, as the picture."""
        data = QGuiApplication.clipboard().mimeData()
        local = _local_files(data)
        if holds_picture(data):
            self._take(data)
        elif local:
            self._files.open_path(local[0])
        else:
            self._nothing_copied()

    def paste_sketch(self) -> None:
        """A copied picture into this one, on the sketch's layer."""
        data = QGuiApplication.clipboard().mimeData()
        local = _local_files(data)
        if not holds_picture(data) and not local:
            self._nothing_copied()
            return
        if self._add(data) if holds_picture(data) else self._sketch_controller.paste(local[0]):
            self._messages.news(
                self.tr("Pasted as a sketch. “Paste as new picture” in the Edit menu opens it.")
            )

    def drop(self, data: QMimeData) -> bool:
        """The first local file or folder, or a picture from another program; False if not taken."""
        local = _local_files(data)
        if local:
            taken = self._drop_path(local[0])
            if taken and len(local) > 1:
                self._messages.news(self.tr("Only the first of {} was taken.").format(len(local)))
            return taken
        if holds_picture(data):
            return self._drop_picture(data)
        self._messages.error(self.tr("Only pictures on this computer can be dropped here."))
        return False

    # --- inside ----------------------------------------------------------------------------------

    def _drop_path(self, path: Path) -> bool:
        """Take a file or a folder; False if it is not taken."""
        if path.is_dir():
            return self._drop_folder(path)
        meant = Dropped.PICTURE
        if path.suffix.lower() in FLAT and self._is_begun():
            meant = self._dialogs.ask_dropped(path.name, mask=True)
        if meant is Dropped.PICTURE:
            return self._files.open_path(path)
        if meant is Dropped.SKETCH:
            return self._sketch_controller.load_from(path)
        return meant is Dropped.MASK and self._mask_controller.load_from(path)

    def _drop_folder(self, folder: Path) -> bool:
        if is_model_folder(folder) or is_comfyui(folder):
            self.model_dropped.emit(folder)
            return True
        text = self.tr("{} holds no model: drop a picture, a project or a model's folder.")
        self._messages.error(text.format(folder.name))
        return False

    def _drop_picture(self, data: QMimeData) -> bool:
        meant = Dropped.PICTURE
        if self._is_begun():
            meant = self._dialogs.ask_dropped(self.tr("The picture"), mask=False)
        if meant is Dropped.PICTURE:
            return self._take(data)
        return meant is Dropped.SKETCH and self._add(data)

    def _is_begun(self) -> bool:
        """There is a picture that what is dropped could be meant for."""
        return self._document.path is not None or bool(
            self._document.edits or self._document.is_modified
        )

    def _take(self, data: QMimeData) -> bool:
        opened = self._read(data)
        return opened is not None and self._files.take(opened)

    def _add(self, data: QMimeData) -> bool:
        """Lay a picture over what is sketched; False if it is not done."""
        opened = self._read(data)
        if opened is None:
            return False
        pixels = with_alpha(opened.picture.stack.base)
        return self._sketch_controller.add(pixels, self.tr("Paste as sketch"))

    def _read(self, data: QMimeData) -> Opened | None:
        if self._busy:
            return None
        try:
            self._busy = True
            return in_background(reader_of(data))
        except LazyDiffError as error:
            self._messages.error(str(error))
            return None
        finally:
            self._busy = False

    def _put(self, pixels: Pixels, news: str) -> None:
        QGuiApplication.clipboard().setImage(image_of(pixels))
        self._messages.news(news)

    def _nothing_copied(self) -> None:
        self._messages.news(self.tr("The clipboard holds no picture: copy one first."))


def _local_files(data: QMimeData) -> list[Path]:
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
