from __future__ import annotations

from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from app.ui.fold import Fold
from tests.app.driving import control


def test_the_heading_shows_and_hides_what_is_below(qtbot: QtBot) -> None:
    fold = Fold()
    qtbot.addWidget(fold)
    fold.name_it("Sketch", "Show or hide")
    assert fold._body.isHidden()
    with qtbot.waitSignal(fold.folded) as folded:
        control(fold, QToolButton, "Sketch").click()
    assert folded.args == [False]
    assert fold.is_open
    assert not fold._body.isHidden()
    fold.set_open(False)
    assert fold._body.isHidden()
