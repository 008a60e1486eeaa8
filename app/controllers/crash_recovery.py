"""Guards the picture of a window against crashes: its journal, and what an earlier crash left."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject

from app.controllers.files import Files
from app.document.document import Document
from app.document.undo_memory import UndoMemory
from app.panels.dialogs.dialogs import Dialogs
from app.storage.journal.keeper import Journal
from app.storage.journal.recovery import find_orphans, let_go
from app.ui.messages import Messages


class CrashRecovery(QObject):
    """Lives as long as the window. `folder` is where journals are kept.

    undo_bytes: what the history may hold in memory; the rest of it moves to that folder.
    """

    def __init__(
        self,
        document: Document,
        files: Files,
        dialogs: Dialogs,
        messages: Messages,
        view: Callable[[], Mapping[str, float]],
        folder: Path,
        undo_bytes: int,
    ) -> None:
        super().__init__(document)
        self._files, self._dialogs, self._messages = files, dialogs, messages
        self._folder = folder
        self.journal = Journal(document, folder, view)
        self.undo_memory = UndoMemory(document, undo_bytes, folder)
        self.journal.failed.connect(partial(messages.error, lasting=True))

    def offer(self, *, asked: bool = True) -> None:
        """Offer what crashes have left. asked: say so if there is nothing."""
        orphans = find_orphans(self._folder)
        if not orphans:
            if asked:
                self._messages.news(self.tr("There is no unsaved work to restore."))
            return
        chosen, removed = self._dialogs.ask_recover(orphans)
        for orphan in removed:
            orphan.file.remove()
            orphans.remove(orphan)
        if chosen is not None and self._files.may_discard():
            orphans.remove(chosen)
            self._files.recover(chosen.recovered)
            self.journal.replaces(chosen.file)
        let_go(orphans)

    def end(self) -> None:
        """The window closes; the picture is saved or given up."""
        self.journal.end()
        self._files.project_lock.release()
