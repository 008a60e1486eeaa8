from __future__ import annotations

from threading import Event, current_thread, main_thread

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication

from app.system.background import in_background
from lazydiff_core.errors import TargetError


def test_the_result_comes_from_another_thread(qapp: object) -> None:
    assert in_background(current_thread) is not main_thread()


def test_timers_go_on_meanwhile(qapp: object) -> None:
    ticked = Event()
    QTimer.singleShot(10, ticked.set)
    assert in_background(lambda: ticked.wait(60))


def test_what_is_raised_is_raised_here_and_the_pointer_is_itself_again(qapp: object) -> None:
    def refuse() -> None:
        raise TargetError("No.")

    with pytest.raises(TargetError, match="No"):
        in_background(refuse)
    assert QGuiApplication.overrideCursor() is None
