"""A lock on a project file: two windows saving to one file would overwrite each other's work."""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QLockFile, QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

_PATIENCE_MS = 1000


class ProjectLock(QObject):
    """Locks at most one file for this window. Lock files lie in `folder`, not beside the file."""

    show_asked = Signal()  # another instance was asked to open the locked file

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folder = folder
        self._held: Path | None = None
        self._lock: QLockFile | None = None
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_knock)

    def is_free(self, path: Path) -> bool:
        """Whether no other window has locked `path`."""
        real = _real(path)
        if real == self._held:
            return True
        lock = self._lock_for(real)
        return lock.tryLock(0) or lock.error() != QLockFile.LockError.LockFailedError

    def hold(self, path: Path) -> bool:
        """Move the lock to `path`; False, with no change, if another window has locked it."""
        real = _real(path)
        if real == self._held:
            return True
        lock = self._lock_for(real)
        if not lock.tryLock(0) and lock.error() == QLockFile.LockError.LockFailedError:
            return False
        self.release()
        self._held, self._lock = real, lock
        QLocalServer.removeServer(_name(real))  # left by a killed program
        self._server.listen(_name(real))
        return True

    def release(self) -> None:
        """Release the lock, if any."""
        self._server.close()
        if self._lock is not None:
            self._lock.unlock()
        self._held = self._lock = None

    def show_holder(self, path: Path) -> None:
        """Ask the window that has locked `path` to come to the front."""
        socket = QLocalSocket()
        socket.connectToServer(_name(_real(path)))
        socket.waitForConnected(_PATIENCE_MS)
        socket.disconnectFromServer()

    def _lock_for(self, real: Path) -> QLockFile:
        with suppress(OSError):  # no lock can be made: go on without one
            self._folder.mkdir(parents=True, exist_ok=True)
        lock = QLockFile(str(self._folder / f"{_name(real)}.lock"))
        lock.setStaleLockTime(0)
        return lock

    def _on_knock(self) -> None:
        while self._server.hasPendingConnections():
            self._server.nextPendingConnection().deleteLater()
        self.show_asked.emit()


def _real(path: Path) -> Path:
    return Path(os.path.realpath(path))


def _name(path: Path) -> str:
    return f"lazydiff-{hashlib.sha256(os.fsencode(path)).hexdigest()[:20]}"
