"""The thread that writes one journal, so that the app never waits for the disk. Qt-free."""

from __future__ import annotations

import logging
from collections.abc import Callable
from queue import SimpleQueue
from threading import Thread
from typing import Protocol

from app.storage.journal.log import Appendable
from app.storage.journal.recorder import Change, Recorder

_log = logging.getLogger(__name__)
_JOIN_SECONDS = 2.0


class Closable(Appendable, Protocol):
    """A file to append to and close."""

    def close(self) -> None: ...


class Writer(Thread):
    """Writes changes to a journal and reports, from its own thread, how each ended.

    on_durable: gets the number of a change that is on the disk, and the size of the file in bytes.
    on_failed:  gets a sentence, once; after that nothing more is written.
    """

    def __init__(
        self,
        begin: Callable[[], Closable],
        on_durable: Callable[[int, int], None],
        on_failed: Callable[[str], None],
    ) -> None:
        # A daemon, since a hanging disk must not keep the program from ending.
        super().__init__(name="journal", daemon=True)
        self._begin = begin
        self._on_durable = on_durable
        self._on_failed = on_failed
        self._changes: SimpleQueue[tuple[int, Change] | None] = SimpleQueue()

    def put(self, number: int, change: Change) -> None:
        """Queue a change for writing. Returns at once."""
        self._changes.put((number, change))

    def close(self) -> bool:
        """Write all queued changes and end the thread; False if the disk hangs."""
        self._changes.put(None)
        self.join(_JOIN_SECONDS)
        return not self.is_alive()

    def run(self) -> None:
        try:
            file = self._begin()
            try:
                self._write_to(file)
            finally:
                file.close()
        except OSError as error:
            self._on_failed((error.strerror or str(error)).lower())
        except Exception as error:
            _log.exception("The journal met an unexpected fault")
            self._on_failed(str(error) or type(error).__name__)

    def _write_to(self, file: Appendable) -> None:
        recorder = Recorder(file)
        while True:
            entry = self._changes.get()
            if entry is None:
                return
            number, change = entry
            recorder.write(change)
            recorder.sync()
            self._on_durable(number, recorder.size)
