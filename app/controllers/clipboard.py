"""Pictures by the clipboard and by dragging: out of the canvas, and onto it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
from PySide6.QtCore import QMimeData, QObject, Signal
from PySide6.QtGui import QGuiApplication

from app.controllers.files import Files
from app.controllers.mask import MaskController
from app.controllers.sketch import SketchController
from app.document.commands import add_edit
from app.document.cutouts import pasted
from app.document.document import Document
from app.document.layer_commands import delete
from app.document.variants import VariantBrowser
from app.panels.dialogs.dialogs import Dialogs, Dropped
from app.storage.formats import FLAT
from app.storage.formats.contents import Opened
from app.storage.mime import holds_picture, reader_of
from app.system.background import in_background
from app.ui.messages import Messages
from app.ui.qimage import image_of
from lazydiff_core.contract import RGBA, Pixels
from lazydiff_core.errors import LazyDiffError
from lazydiff_core.geometry.pixels import with_alpha
from lazydiff_core.geometry.placement import Placement
from lazydiff_core.images.cutouts import cut_out
from lazydiff_core.images.reading import read_rgba
from lazydiff_core.model_store.comfyui import is_comfyui
from lazydiff_core.model_store.registry import FILE_SUFFIXES, is_model_folder
from lazydiff_core.model_store.single_files import is_lora_file


class Clipboard(QObject):
    """Copy, paste and drop. What comes in becomes a picture, the sketch, the mask or a model."""

    model_dropped = Signal(object)  # Path of a model's folder or file
    lora_dropped = Signal(object)  # Path

    def __init__(
        self,
        document: Document,
        files: Files,
        sketch: SketchController,
        mask: MaskController,
        dialogs: Dialogs,
        messages: Messages,
        browser: VariantBrowser,
        transform: Callable[[], object],
    ) -> None:
        """transform: takes up the layer that is browsed."""
        super().__init__(document)
        self._browser, self._transform = browser, transform
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

    def copy_layer(self) -> None:
        """What the browsed layer shows, transparent around it."""
        edit = self._browser.edit
        if edit is not None and edit.shows:
            alpha = np.rint(edit.share() * edit.mask * 255).astype(np.uint8)
            pixels = np.dstack((edit.pixels[..., :3], alpha))
            self._put(np.ascontiguousarray(pixels), self.tr("Layer copied."))

    def cut_layer(self) -> None:
        """The same, and take the layer off."""
        edit = self._browser.edit
        if edit is not None and edit.shows:
            self.copy_layer()
            delete(self._document, edit.id)

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

    def paste(self) -> None:
        """A copied picture into this one, as a layer that is taken up."""
        data = QGuiApplication.clipboard().mimeData()
        local = _local_files(data)
        if holds_picture(data):
            self._lay(data)
        elif local:
            self._lay_file(local[0])
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
            self._messages.news(self.tr("Pasted as a sketch, for a fill to start from."))

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
        if path.suffix.lower() in FILE_SUFFIXES:
            return self._drop_weights(path)
        meant = Dropped.PICTURE
        if path.suffix.lower() in FLAT and self._is_begun():
            meant = self._dialogs.ask_dropped(path.name, mask=True)
        if meant is Dropped.PICTURE:
            return self._files.open_path(path)
        if meant is Dropped.LAYER:
            return self._lay_file(path)
        if meant is Dropped.SKETCH:
            return self._sketch_controller.load_from(path)
        return meant is Dropped.MASK and self._mask_controller.load_from(path)

    def _drop_weights(self, path: Path) -> bool:
        try:
            is_lora = in_background(partial(is_lora_file, path))
        except LazyDiffError as error:
            self._messages.error(str(error))
            return False
        (self.lora_dropped if is_lora else self.model_dropped).emit(path)
        return True

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
        if meant is Dropped.LAYER:
            return self._lay(data)
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

    def _lay(self, data: QMimeData) -> bool:
        opened = self._read(data)
        name = self.tr("Pasted")
        return opened is not None and self._add_layer(with_alpha(opened.picture.stack.base), name)

    def _lay_file(self, path: Path) -> bool:
        try:
            picture = in_background(partial(read_rgba, path))
        except LazyDiffError as error:
            self._messages.error(str(error))
            return False
        return self._add_layer(picture, path.stem)

    def _add_layer(self, picture: RGBA, name: str) -> bool:
        """Lay it over the middle of the canvas, reduced if it is larger; False if it is clear."""
        box, (height, width) = self._document.box, picture.shape[:2]
        scale = min(1.0, box.width / width, box.height / height)
        middle = Placement.on(box.centred((round(height * scale), round(width * scale))))
        placement = replace(middle, scale_x=scale, scale_y=scale)
        channels = 4 if self._document.has_alpha else 3
        edit = in_background(partial(pasted, picture, placement, box, channels, name))
        if edit is None:
            self._messages.news(self.tr("This picture is transparent all over: nothing to paste."))
            return False
        before = self._document.pixels[edit.box.slices].copy()
        add_edit(self._document, self.tr("Paste"), replace(edit, before=before))
        self._browser.select(edit.id)
        self._transform()
        return True

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
