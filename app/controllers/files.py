"""Opening and saving pictures, and the question before work is lost."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, QSize, Signal
from PySide6.QtGui import QImage

from app.document.document import Document
from app.panels.dialogs.dialogs import Answer, Dialogs, Taken
from app.storage import formats
from app.storage.formats.contents import Opened
from app.storage.formats.project import SUFFIX
from app.storage.journal.reader import Recovered
from app.storage.project_lock import ProjectLock
from app.storage.snapshot import project_of, show
from app.system.background import in_background
from app.system.settings import SettingsStore
from app.ui.messages import Messages, Offer
from app.ui.qimage import rgb_of
from lazydiff_core.contract import RGB
from lazydiff_core.errors import LazyDiffError
from lazydiff_core.images.reading import MAX_PIXELS


class Files(QObject):
    """The File menu, and every other way a picture comes in or goes out.

    view: asked for where one is looking, which projects keep.
    """

    opened = Signal()  # a picture with something on it has come in
    view_known = Signal(object)  # dict[str, float]: where one was looking when it was saved
    recipes_found = Signal(object)  # tuple[Recipe, ...]: what the picture tells of its fills

    def __init__(
        self,
        document: Document,
        settings: SettingsStore,
        dialogs: Dialogs,
        messages: Messages,
        view: Callable[[], Mapping[str, float]] = dict,
    ) -> None:
        super().__init__(document)
        self._document = document
        self._settings = settings
        self._dialogs = dialogs
        self._messages = messages
        self._view = view
        self._busy = False
        self._read_only: Path | None = None  # the file that is seen, of another window
        self.project_lock = ProjectLock(settings.folder / "open", self)
        document.path_changed.connect(self._release)
        document.replaced.connect(self._forget_read_only)

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

    def take(self, image: QImage) -> None:
        """Begin with a picture from another program; it belongs to no file."""
        if image.width() * image.height() > MAX_PIXELS:
            self._messages.error(self.tr("That picture is too large: scale it down first."))
        elif self.may_discard():
            self._document.replace(rgb_of(image))
            self._document.undo_stack.resetClean()
            self.opened.emit()

    # --- out -------------------------------------------------------------------------------------

    def save(self) -> bool:
        """Save where the picture came from, or ask where; False if it was not saved."""
        path = self._document.path
        return self.save_as() if path is None else self._save(path)

    def save_as(self) -> bool:
        path = self._dialogs.ask_save(self._suggested())
        return False if path is None else self._save(path)

    def export(self) -> bool:
        """Write a copy of what is seen; what the picture is called and saved as stays."""
        path = self._dialogs.ask_export(self._suggested().with_suffix(".png"))
        return path is not None and self._write(path)

    def write_recipes(self, wanted: bool) -> None:
        """Whether pictures are to tell how their fills were made; projects always do."""
        self._settings.update(write_recipes=wanted)

    def recover(self, found: Recovered) -> None:
        """Go on with what a crash has left; it is not saved yet."""
        path = found.path if found.path is not None and self._claim(found.path) else None
        show(found.picture, self._document, path, saved=False)
        self._messages.news(self.tr("Restored. Save it to keep it."))
        self._has_come(found.picture.view)

    def may_discard(self) -> bool:
        """True if nothing is lost by letting the picture go, or the artist says so."""
        if not self._document.is_modified:
            return True
        answer = self._dialogs.ask_unsaved(self.name())
        return answer == Answer.DISCARD or (answer == Answer.SAVE and self.save())

    def name(self) -> str:
        """What the picture is called."""
        path = self._document.path
        if path is None and self._read_only is not None:
            return self.tr("{} (read-only)").format(self._read_only.name)
        return self.tr("Untitled") if path is None else path.name

    # --- inside ----------------------------------------------------------------------------------

    def _load(self, path: Path) -> None:
        if self._busy:
            return
        taken = self._ask_whose(path)
        if taken in (Taken.SHOW, Taken.KEEP):
            return
        opened = self._read(path)
        if opened is None:
            return
        # A file that is not whole, or not ours alone, gives its name up: nothing may replace it.
        whole = opened.is_whole and taken is None
        if opened.problems:
            self._dialogs.show_damage(path.name, opened.problems)
        lost_if_closed = bool(opened.problems)
        name = path if whole else None
        show(opened.picture, self._document, name, saved=not lost_if_closed)
        self._settings.remember_file(path)
        if taken is Taken.READ:
            self._open_read_only(path)
        if opened.aside:
            self._messages.news(opened.aside)
        self._has_come(opened.picture.view)
        if opened.recipes:
            self.recipes_found.emit(opened.recipes)

    def _open_read_only(self, path: Path) -> None:
        """Say so for as long as it is so: it has no name of its own to be saved under."""
        self._read_only = path
        self._document.path_changed.emit()
        offer = Offer(self.tr("Save as…"), self.save_as)
        self._messages.error(self._read_only_text(path), offer, lasting=True)

    def _forget_read_only(self) -> None:
        if self._read_only is not None:
            self._messages.withdraw(self._read_only_text(self._read_only))
        self._read_only = None

    def _read_only_text(self, path: Path) -> str:
        return self.tr("{} is open in another window, so it is read-only here.").format(path.name)

    def _read(self, path: Path) -> Opened | None:
        try:
            self._busy = True
            return in_background(partial(formats.read, path))
        except LazyDiffError as error:
            self._settings.forget_file(path)
            self._messages.error(str(error))
            return None
        finally:
            self._busy = False

    def _ask_whose(self, path: Path) -> Taken | None:
        """What to do about a project that another window has open; None if none has."""
        if path.suffix.lower() != SUFFIX or not path.exists() or self.project_lock.is_free(path):
            return None
        answer = self._dialogs.ask_taken(path.name)
        if answer is Taken.SHOW:
            self.project_lock.show_holder(path)
        return answer

    def _has_come(self, view: Mapping[str, float]) -> None:
        self.opened.emit()
        if view:
            self.view_known.emit(view)

    def _save(self, path: Path) -> bool:
        """Write the picture where it then belongs; False if it is not, or not as it is now."""
        if not self._claim(path):
            self._messages.error(
                self.tr("{} is open in another window: choose another name.").format(path.name)
            )
            return False
        document = self._document
        before = document.undo_stack.index(), document.edits
        if not self._write(path):
            self._release()
            return False
        same = before == (document.undo_stack.index(), document.edits)
        if same:
            document.saved_as(path)
        else:  # a result has landed meanwhile
            document.path = path
            document.path_changed.emit()
        return same

    def _write(self, path: Path) -> bool:
        if self._busy:
            return False
        picture = project_of(self._document, self._view())
        try:
            self._busy = True
            telling = self._settings.value.write_recipes
            told = in_background(partial(formats.write, picture, path, telling=telling))
        except LazyDiffError as error:
            self._messages.error(str(error))
            return False
        finally:
            self._busy = False
        self._settings.remember_file(path)
        told_too = self.tr("Saved {} with the prompts and seeds of its fills.")
        said = [(told_too if told else self.tr("Saved {}.")).format(path.name)]
        if not formats.format_of(path).exact:
            said.append(
                self.tr(
                    "JPEG recompresses the whole picture; use PNG or WebP to keep pixels exact."
                )
            )
        self._messages.news(" ".join(said))
        return True

    def _claim(self, path: Path) -> bool:
        return path.suffix.lower() != SUFFIX or self.project_lock.hold(path)

    def _release(self) -> None:
        """Hold the project that the picture is called after, and no other."""
        path = self._document.path
        if path is not None:
            self._forget_read_only()
        if path is None or not self._claim(path):
            self.project_lock.release()

    def _suggested(self) -> Path:
        """What to save as: as before; a project once there are edits; a picture otherwise."""
        path = self._document.path
        if path is None:
            if self._read_only is not None:
                return self._read_only.with_stem(self.tr("{} copy").format(self._read_only.stem))
            name = f"untitled{SUFFIX}" if self._document.edits else "untitled.png"
            return self._folder() / name
        return path if path.suffix.lower() in formats.WRITABLE else path.with_suffix(".png")

    def _folder(self) -> Path:
        return Path(self._settings.value.folder or Path.home())


def blank(size: QSize) -> RGB:
    """A white canvas, (H, W, 3) uint8."""
    return np.full((size.height(), size.width(), 3), 255, np.uint8)
