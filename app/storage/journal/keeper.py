"""Keeps the journal of one document: collects every change and has it written within moments.

Only one change is being written at a time; everything that happens meanwhile goes into the next
one. So a slow disk makes changes larger, never the queue longer, and the app never waits.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from PySide6.QtCore import QLockFile, QMetaObject, QObject, QTimer, Signal, Slot

from app.document.document import Document
from app.storage.journal.capture import Dirt, WholeCopy, patches_of
from app.storage.journal.log import DiskFile
from app.storage.journal.recorder import Change, Patch
from app.storage.journal.writer import Closable, Writer
from lazydiff_core.contract import Box, Pixels

SUFFIX = ".journal"
_REST_MS = 250
_RETRY_MS = 10_000
_PORTION_MS = 4  # between portions of the first change, so that painting stays smooth
# A journal larger than this, and than four times its first size, is replaced by a new one.
_MAX_BYTES = 256 * 2**20


@dataclass
class JournalFile:
    """A journal on the disk and the lock on it."""

    path: Path
    lock: QLockFile

    def remove(self) -> None:
        """Delete the journal: its work is saved elsewhere, or not wanted."""
        self.path.unlink(missing_ok=True)
        self.lock.unlock()


def locked(path: Path) -> JournalFile | None:
    """Lock a journal; None if a running program holds it."""
    lock = QLockFile(f"{path}.lock")
    lock.setStaleLockTime(0)  # only a dead owner makes a lock stale, not age
    return JournalFile(path, lock) if lock.tryLock(0) else None


class Journal(QObject):
    """Writes the changes of a document into journal files in `folder`.

    view: returns the current view state. begin: creates a file; tests replace it to make it fail.
    """

    durable = Signal(int)  # every change up to this revision is on the disk
    failed = Signal(str)  # why changes are not journaled; retried from time to time
    _wrote = Signal(object, int, int)  # writer, revision, bytes
    _broke = Signal(object, str)  # writer, reason

    def __init__(
        self,
        document: Document,
        folder: Path,
        view: Callable[[], Mapping[str, float]] = dict,
        begin: Callable[[Path], Closable] = DiskFile,
    ) -> None:
        super().__init__(document)
        self._document, self._folder = document, folder
        self._view, self._begin = view, begin
        self.revision = 0
        self._prompt = self._old_prompt = ""  # now, and when the picture was saved or opened
        self._dirt = Dirt()
        self._copy: WholeCopy | None = None  # under way, for the first change of a file
        self._writer: Writer | None = None
        self._file: JournalFile | None = None
        self._retired: list[JournalFile] = []
        self._on_its_way = self._is_safe = self._complained = self._is_touched = False
        self._first_bytes = self._bytes = 0
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._flush)
        self._wrote.connect(self._on_wrote)
        self._broke.connect(self._on_broke)
        self._heard = self._listen(document)

    def _listen(self, document: Document) -> list[QMetaObject.Connection]:
        changes = (document.mask_changed, document.edits_changed)
        return [
            document.reshaped.connect(self._on_reshaped),
            document.replaced.connect(self._on_replaced),
            document.region_changed.connect(self._on_region),
            document.sketch_changed.connect(self._on_region),
            document.undo_stack.cleanChanged.connect(self._on_clean),
            document.path_changed.connect(self._on_file),
            *(signal.connect(self._on_change) for signal in changes),
        ]

    def replaces(self, file: JournalFile) -> None:
        """Remove `file` once the document, recovered from it, is in a journal of its own."""
        self._retired.append(file)
        self._on_change()

    def follow_prompt(self, prompt: str) -> None:
        """Write what is typed for the next fill with the next change: it is work, too."""
        if prompt != self._prompt:
            self._prompt = prompt
            self._on_change()

    def end(self) -> None:
        """Delete the journal and stop: the document is saved or discarded for good."""
        for connection in self._heard:
            QObject.disconnect(connection)
        self._heard.clear()
        self._give_up()

    def _give_up(self) -> None:
        self._timer.stop()
        self._close_writer()
        for file in self._retired:
            file.remove()
        self._retired.clear()

    # --- changes of the document -----------------------------------------------------------------

    @Slot(object)
    def _on_region(self, box: Box) -> None:
        self._is_touched = True
        self._dirt.add(box)
        self._on_change()

    @Slot()
    def _on_change(self) -> None:
        self.revision += 1
        if not self._timer.isActive():
            self._timer.start(_REST_MS)

    @Slot()
    def _on_clean(self) -> None:
        # A gesture under way is not in the history yet, so the history still counts as clean.
        self._is_touched = self._document.is_modified
        self._on_change()

    @Slot()
    def _on_file(self) -> None:
        self._old_prompt = self._prompt
        self._on_clean()

    @property
    def _is_saved(self) -> bool:
        is_typed = self._prompt != self._old_prompt
        return not (self._is_touched or is_typed or self._document.is_modified)

    @Slot()
    def _on_reshaped(self) -> None:
        """Begin a file anew: its arrays have one size. The old one stays until that is written."""
        self._close_writer()
        self._copy = None
        self._dirt.clear()
        self._is_touched = True
        self._on_change()

    @Slot()
    def _on_replaced(self) -> None:
        self._give_up()
        self._copy = None

    # --- writing ---------------------------------------------------------------------------------

    @Slot()
    def _flush(self) -> None:
        nothing_to_guard = self._writer is None and self._is_saved
        if nothing_to_guard:
            self._copy = None
        if self._on_its_way or nothing_to_guard:
            return
        if self._writer is not None and self._bytes > max(_MAX_BYTES, 4 * self._first_bytes):
            self._close_writer()
        if self._writer is not None:
            self._hand_over(self._writer, None, patches_of(self._document, self._dirt))
        elif self._has_copied():
            self._begin_file()

    def _has_copied(self) -> bool:
        """Whether the first change of a file is copied; if not, copy one more portion."""
        if self._copy is None:
            self._copy = WholeCopy(self._document)
            self._dirt.clear()
        if self._copy.go_on():
            return True
        self._timer.start(_PORTION_MS)
        return False

    def _begin_file(self) -> None:
        assert self._copy is not None
        self._writer = self._open()
        if self._writer is not None:
            base, patches = self._copy.finish(self._dirt)
            self._hand_over(self._writer, base, patches)
        self._copy = None

    def _hand_over(self, writer: Writer, base: Pixels | None, patches: tuple[Patch, ...]) -> None:
        self._dirt.clear()
        self._on_its_way = True
        document = self._document
        change = Change(base, document.edits, patches, self._state(), document.source)
        writer.put(self.revision, change)

    def _open(self) -> Writer | None:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            self._complain((error.strerror or str(error)).lower())
            return None
        path = self._folder / f"{uuid4()}{SUFFIX}"
        self._file = locked(path)
        if self._file is None:
            self._complain(self.tr("its folder cannot be written"))
            return None
        self._is_safe, self._first_bytes = False, 0
        writer = Writer(
            lambda: self._begin(path),
            lambda number, size: self._wrote.emit(writer, number, size),
            lambda reason: self._broke.emit(writer, reason),
        )
        writer.start()
        return writer

    def _close_writer(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._retire()

    def _retire(self) -> None:
        """Stop writing to the file, but keep it until a new file holds the same work."""
        if self._file is not None and self._is_safe:
            self._retired.append(self._file)
        elif self._file is not None:
            self._file.remove()
        self._writer = self._file = None
        self._on_its_way = False

    def _state(self) -> dict[str, object]:
        document = self._document
        return {
            "filled": document.filled,
            "sketch": document.sketch is not None,
            "saved": self._is_saved,
            "path": None if document.path is None else str(document.path),
            "stamp": document.stamp,
            "backed_up": [str(path) for path in sorted(document.backed_up)],
            "prompt": self._prompt,
            "time": time.time(),
            "view": dict(self._view()),
        }

    # --- reports of the writer thread ------------------------------------------------------------

    @Slot(object, int, int)
    def _on_wrote(self, writer: Writer, number: int, size: int) -> None:
        if writer is not self._writer:
            return
        self._on_its_way, self._is_safe, self._complained = False, True, False
        self._bytes = size
        self._first_bytes = self._first_bytes or size
        for file in self._retired:
            file.remove()
        self._retired.clear()
        self.durable.emit(number)
        if number < self.revision and not self._timer.isActive():
            self._timer.start(_REST_MS)

    @Slot(object, str)
    def _on_broke(self, writer: Writer, reason: str) -> None:
        if writer is self._writer:
            self._retire()
            self._complain(reason)

    def _complain(self, reason: str) -> None:
        self._timer.start(_RETRY_MS)
        if not self._complained:
            self._complained = True
            self.failed.emit(
                self.tr(
                    "Your work is not protected against crashes at the moment ({}): save it."
                ).format(reason)
            )
