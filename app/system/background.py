"""Runs long disk work in the background while the app keeps repainting."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread
from typing import TypeVar

from PySide6.QtCore import QEventLoop, QMetaObject, Qt
from PySide6.QtGui import QGuiApplication

Result = TypeVar("Result")


def in_background(work: Callable[[], Result]) -> Result:
    """Run `work` on a thread of its own; returns or raises what it does. It must not use Qt.

    Pen, mouse and keys wait until it ends; timers and results do not.
    """
    loop = QEventLoop()
    done: list[Result] = []
    faults: list[BaseException] = []

    def run() -> None:
        try:
            done.append(work())
        except BaseException as error:  # re-raised on the caller's thread
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
