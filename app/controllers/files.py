"""Opening and saving pictures, and the question before work is lost."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, QSize, Signal

from app.document.document import Document
from app.panels.dialogs.dialogs import Dialogs, Taken
from app.panels.dialogs.save_questions import Answer, Changed, Unsaved
from app.storage import formats
from app.storage.formats.contents import Opened, Saving
from app.storage.formats.project import SUFFIX
from app.storage.journal.reader import Recovered
from app.storage.project_lock import ProjectLock
from app.storage.snapshot import project_of, show, stamp_of
from app.system.background import in_background
from app.system.settings import SettingsStore
from app.ui.messages import Messages, Offer
from app.ui.sentences import in_words
from lazydiff_core.contract import Pixels
from lazydiff_core.errors import LazyDiffError


class Files(QObject):
    """The File menu, and every other way a picture comes in or goes out.

    view: asked for where one is looking, which projects keep.
    """

    begun = Signal()  # an empty canvas, to be painted on
    opened = Signal()  # a picture with something on it has come in
    view_known = Signal(object)  # dict[str, float]: where one was looking when it was saved
    recipes_found = Signal(object)  # tuple[Recipe, ...]: what the picture tells of its fills
    prompt_known = Signal(str)  # what was typed when the program was killed

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
        self._accepted: set[str] = set()  # suffixes whose losses the artist knows
        self.project_lock = ProjectLock(settings.folder / "open", self)
        document.path_changed.connect(self._release)
        document.replaced.connect(self._forget_read_only)
        document.replaced.connect(self._accepted.clear)

    # --- in --------------------------------------------------------------------------------------

    def new(self) -> None:
        if not self.may_discard():
            return
        wanted = self._dialogs.ask_canvas(self._document.size)
        if wanted is not None:
            self._document.replace(blank(wanted.size, is_clear=wanted.is_clear))
            self.begun.emit()

    def open(self) -> None:
        if not self.may_discard():
            return
        path = self._dialogs.ask_open(self._folder())
        if path is not None:
            self._load(path)

    def open_path(self, path: Path) -> bool:
        """Open a picture named by a command, a drop or the recent files; False if it is not."""
        return self.may_discard() and self._load(path)

    def take(self, opened: Opened) -> bool:
        """Begin with a picture from another program, which belongs to no file; False if not."""
        if not self.may_discard():
            return False
        show(opened.picture, self._document, None, saved=False)
        self._tell_not_kept(self.tr("The copied picture"), opened)
        self.opened.emit()
        return True

    # --- out -------------------------------------------------------------------------------------

    def save(self) -> bool:
        """Save where the picture came from, or ask where; False if it was not saved."""
        path = self._document.path
        if path is None or path.suffix.lower() not in formats.WRITABLE:
            return self.save_as()
        return self._save(path)

    def save_as(self) -> bool:
        path = self._dialogs.ask_save(self._suggested())
        return False if path is None else self._save(path)

    def export(self) -> bool:
        """Write a copy of what is seen; what the picture is called and saved as stays."""
        path = self._dialogs.ask_export(self._suggested().with_suffix(".png"))
        return path is not None and self._may_replace(path) and self._write(path)

    def write_recipes(self, wanted: bool) -> None:
        """Whether pictures are to tell how their fills were made; projects always do."""
        self._settings.update(write_recipes=wanted)

    def mark_generated(self, wanted: bool) -> None:
        """Whether plain pictures are to say that parts of them were generated."""
        self._settings.update(mark_generated=wanted)

    def recover(self, found: Recovered) -> None:
        """Go on with what a crash has left; it is not saved yet."""
        path = found.path if found.path is not None and self._claim(found.path) else None
        stamp = None if path is None else found.stamp
        show(found.picture, self._document, path, saved=False, stamp=stamp)
        self._document.backed_up = found.backed_up
        self._messages.news(self.tr("Restored. Save it to keep it."))
        self._has_come(found.picture.view)
        self.prompt_known.emit(found.prompt)

    def may_discard(self) -> bool:
        """True if nothing is lost by letting the picture go, or the artist says so."""
        document = self._document
        if not self._is_worth_saving:
            return True
        lost = self._lost_by_closing()
        answer = self._dialogs.ask_unsaved(self.name(), lost)
        if answer is Answer.SAVE and lost is Unsaved.CHANGES:
            # A name that was chosen only now may be one of a plain picture.
            return self.save() and (not document.is_flat or self._may_lose_history())
        if answer is Answer.SAVE:
            return self.save()
        if answer is Answer.PROJECT:
            return self._save_project()
        return answer is Answer.DISCARD

    def _may_lose_history(self) -> bool:
        answer = self._dialogs.ask_unsaved(self.name(), Unsaved.HISTORY)
        return answer is Answer.DISCARD or (answer is Answer.PROJECT and self._save_project())

    @property
    def _is_worth_saving(self) -> bool:
        """Whether anything is lost by closing; a mask counts as part of a project only."""
        document = self._document
        is_project = document.path is not None and not formats.is_flat(document.path)
        return document.is_modified if is_project else document.is_worth_saving

    def _lost_by_closing(self) -> Unsaved:
        document = self._document
        if document.is_flat and document.undo_stack.isClean():
            return Unsaved.HISTORY
        path = document.path
        is_flat = path is not None and formats.is_flat(path, document.edits)
        lacks = is_flat and document.lacks_in_flat_file
        return Unsaved.CHANGES_AND_HISTORY if lacks else Unsaved.CHANGES

    def _save_project(self) -> bool:
        path = self._dialogs.ask_save(self._suggested().with_suffix(SUFFIX))
        return path is not None and self._save(path) and not self._document.is_flat

    def name(self) -> str:
        """What the picture is called."""
        path = self._document.path
        if path is None and self._read_only is not None:
            return self.tr("{} (read-only)").format(self._read_only.name)
        return self.tr("Untitled") if path is None else path.name

    # --- inside ----------------------------------------------------------------------------------

    def _load(self, path: Path) -> bool:
        if self._busy:
            return False
        taken = self._ask_whose(path)
        if taken in (Taken.SHOW, Taken.KEEP):
            return False
        stamp = stamp_of(path)  # before it is read: what comes meanwhile is not in the picture
        opened = self._read(path)
        if opened is None:
            return False
        # A file that is not whole, or not ours alone, gives its name up: nothing may replace it.
        whole = opened.is_whole and taken is None
        if opened.problems:
            self._dialogs.show_damage(path.name, opened.problems)
        lost_if_closed = bool(opened.problems)
        name = path if whole else None
        show(opened.picture, self._document, name, saved=not lost_if_closed, stamp=stamp)
        self._settings.remember_file(path)
        if taken is Taken.READ:
            self._open_read_only(path)
        self._tell_not_kept(path.name, opened)
        self._has_come(opened.picture.view)
        if opened.recipes:
            self.recipes_found.emit(opened.recipes)
        return True

    def _tell_not_kept(self, name: str, opened: Opened) -> None:
        if opened.not_kept:
            text = self.tr("{} also holds {}: what you see is a copy without a name, it stays.")
            held = ", ".join(map(in_words, opened.not_kept))
            self._messages.news(text.format(name, held))

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
        document = self._document
        if path == document.path and self._was_changed(path):
            answer = self._dialogs.ask_changed(path.name)
            if answer is not Changed.REPLACE:
                return answer is Changed.OTHER_NAME and self.save_as()
        if not self._may_replace(path):
            return False
        if not self._claim(path):
            self._messages.error(
                self.tr("{} is open in another window: choose another name.").format(path.name)
            )
            return False
        before = document.undo_stack.index(), document.edits
        if not self._write(path):
            self._release()
            return False
        same = before == (document.undo_stack.index(), document.edits)
        if same:
            document.saved_as(path, stamp_of(path), is_flat=formats.is_flat(path, document.edits))
        else:  # a result has landed meanwhile
            document.path, document.stamp = path, stamp_of(path)
            document.path_changed.emit()
        return same

    def _was_changed(self, path: Path) -> bool:
        """Whether another program has written the picture's file."""
        known, now = self._document.stamp, stamp_of(path)
        return known is not None and now is not None and now != known

    def _may_replace(self, path: Path) -> bool:
        """Whether a file of this name keeps all of the picture, or the artist accepts that not."""
        suffix = path.suffix.lower()
        if self._busy or suffix in self._accepted or not formats.is_flat(path):
            return not self._busy
        project = project_of(self._document, self._view())
        try:
            self._busy = True
            lost = in_background(partial(formats.losses, project, path))
        except LazyDiffError as error:
            self._messages.error(str(error))
            return False
        finally:
            self._busy = False
        if lost and not self._dialogs.ask_losses(path.name, lost):
            return False
        self._accepted.add(suffix)
        return True

    def _write(self, path: Path) -> bool:
        if self._busy:
            return False
        document, settings = self._document, self._settings.value
        real = Path(os.path.realpath(path))  # a link's file is replaced, not the link
        project = project_of(document, self._view())
        existed = stamp_of(path) is not None
        # The backup is of the file as it was before this picture, not as of the last save.
        saving = Saving(
            real not in document.backed_up, settings.write_recipes, settings.mark_generated
        )
        try:
            self._busy = True
            told = in_background(partial(formats.write, project, path, saving))
        except LazyDiffError as error:
            self._messages.error(str(error))
            return False
        finally:
            self._busy = False
        if existed:
            document.backed_up |= {real}
        self._settings.remember_file(path)
        told_too = self.tr("Saved {} with the prompts and seeds of its fills.")
        said = [(told_too if told else self.tr("Saved {}.")).format(path.name)]
        if formats.is_flat(path, document.edits) and document.lacks_in_flat_file:
            said.append(self.tr("Its history is kept by a project only."))
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


def blank(size: QSize, *, is_clear: bool = False) -> Pixels:
    """A white canvas, (H, W, 3) uint8, or a clear one, (H, W, 4)."""
    if is_clear:
        return np.zeros((size.height(), size.width(), 4), np.uint8)
    return np.full((size.height(), size.width(), 3), 255, np.uint8)
