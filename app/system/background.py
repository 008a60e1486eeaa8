"""Long work for the disk, done while the window goes on drawing itself."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread
from typing import TypeVar

from PySide6.QtCore import QEventLoop, QMetaObject, Qt
from PySide6.QtGui import QGuiApplication

Result = TypeVar("Result")


def in_background(work: Callable[[], Result]) -> Result:
    """What `work` returns or raises. It runs on a thread of its own, and must not touch Qt.

    Pen, mouse and keys wait until it has ended; timers and results that arrive do not.
    """
    loop = QEventLoop()
    done: list[Result] = []
    faults: list[BaseException] = []

    def run() -> None:
        try:
            done.append(work())
        except BaseException as error:  # raised again on the caller's thread
            faults.append(error)
        finally:
            QMetaObject.invokeMethod(loop, "quit", Qt.ConnectionType.QueuedConnection)

    QGuiApplication.setOverrideCursor(Qt.CursorShape.BusyCursor)
    try:
        thread = Thread(target=run, name="files")
        thread.start()
        loop.exec(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
        thread.join()
    finally:
        QGuiApplication.restoreOverrideCursor()
    if faults:
        raise faults[0]
    return done[0]
