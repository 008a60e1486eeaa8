"""Finds objects on a thread of its own, for the object tool."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from threading import Thread

from PySide6.QtCore import QObject, Qt, Signal, Slot

from app.document.document import Document
from app.document.edits import Edit
from lazydiff_core.contract import Box, Mask, Pixels
from lazydiff_core.errors import LazyDiffError
from lazydiff_core.model_store.segmenters import segmenter_folder
from lazydiff_core.selection import find_object

_log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class Search:
    """What is looked for: the object in a box or at a point; `then` gets its (H,W) bool mask.

    is_preview: nobody waits for it, so a failure is not told, and a newer search replaces it.
    """

    where: Box | tuple[int, int]
    then: Callable[[Mask], None]
    is_preview: bool = False


@dataclass(frozen=True, eq=False)
class _Answer:
    search: Search
    mask: Mask | None
    fault: str = ""


class ObjectFinder(QObject):
    """Runs one search at a time; of those that wait, only the latest is kept.

    Results that arrive while a gesture is under way wait until it ends: they would get into its
    undo step. Previews are for the gesture itself and do not wait.
    """

    ended = Signal(bool)  # the artist waits no longer; whether what was asked for is masked
    changed = Signal()  # whether something is awaited, or what a preview shows
    failed = Signal(str)
    _answered = Signal(object)  # _Answer

    def __init__(self, document: Document, is_busy: Callable[[], bool], parent: QObject) -> None:
        super().__init__(parent)
        self._document, self._is_busy = document, is_busy
        self._thread: Thread | None = None
        self._running: Search | None = None
        self._next: Search | None = None
        self._held: _Answer | None = None
        self._copy: tuple[tuple[Edit, ...], Pixels, Pixels] | None = None
        self._answered.connect(self._on_answer, Qt.ConnectionType.QueuedConnection)
        document.reshaped.connect(self.drop)

    @property
    def is_waiting(self) -> bool:
        """Whether the artist waits for an object."""
        waiting = (self._running, self._next)
        asked = any(search is not None and not search.is_preview for search in waiting)
        return asked or self._held is not None

    def ask(self, search: Search) -> None:
        """Search now, or after the search that runs."""
        if self._next is None or self._next.is_preview or not search.is_preview:
            self._next = search
        self._begin()
        self.changed.emit()

    def drop(self) -> None:
        """Forget every search; one that runs ends unheard."""
        was_waiting = self.is_waiting
        self._running = self._next = self._held = None
        self._copy = None
        self.changed.emit()
        if was_waiting:
            self.ended.emit(False)

    def give_up(self) -> bool:
        """Forget what the artist waits for; False if that is nothing."""
        was_waiting = self.is_waiting
        if was_waiting:
            self.drop()
        return was_waiting

    def hand_is_up(self) -> None:
        """No gesture is under way any more: what waited for that is done."""
        if self._held is not None and not self._is_busy():
            held, self._held = self._held, None
            self._pass_on(held)

    def stop(self) -> None:
        """Forget every search, and wait for the thread's end."""
        self.drop()
        if self._thread is not None:
            self._thread.join()

    def _begin(self) -> None:
        if self._next is None or (self._thread is not None and self._thread.is_alive()):
            return
        search, self._running, self._next = self._next, self._next, None
        pixels = self._pixels()

        def run() -> None:
            self._answered.emit(_look(search, pixels))

        self._thread = Thread(target=run, name="objects", daemon=True)
        self._thread.start()

    def _pixels(self) -> Pixels:
        """A copy of the picture, kept until it changes."""
        document, kept = self._document, self._copy
        if kept is None or kept[0] is not document.edits or kept[1] is not document.pixels:
            kept = self._copy = document.edits, document.pixels, document.dry_pixels()
        return kept[2]

    @Slot(object)
    def _on_answer(self, answer: _Answer) -> None:
        if self._thread is not None:
            self._thread.join()  # it has said its last word
        if answer.search is self._running:
            self._running = None
            if answer.search.is_preview or not self._is_busy():
                self._pass_on(answer)
            else:
                self._held = answer
        self._begin()
        self.changed.emit()

    def _pass_on(self, answer: _Answer) -> None:
        found = answer.mask is not None
        if answer.mask is not None:
            answer.search.then(answer.mask)
        elif not answer.search.is_preview:
            self.failed.emit(answer.fault)
        self.changed.emit()
        if not answer.search.is_preview and not self.is_waiting:
            self.ended.emit(found)


def _look(search: Search, pixels: Pixels) -> _Answer:
    """On the thread: no fault of a search may end the program."""
    where = search.where
    boxes, points = ([where], []) if isinstance(where, Box) else ([], [where])
    try:
        return _Answer(search, find_object(pixels, boxes, points, segmenter_folder()).mask)
    except LazyDiffError as error:
        return _Answer(search, None, str(error))
    except Exception as error:
        _log.exception("Unexpected fault while an object was looked for")
        return _Answer(search, None, f"The object could not be looked for: {error}.")
