from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QUndoStack
from PySide6.QtWidgets import QLabel, QToolButton
from pytestqt.qtbot import QtBot

from app.panels.bars.status_line import StatusLine
from app.ui.messages import Messages, Offer
from lazydiff_core.contract import EditRequest
from tests.app.doubles import INFO, result_for
from tests.app.driving import control


@pytest.fixture
def line(qtbot: QtBot, messages: Messages) -> StatusLine:
    made = StatusLine(messages, QUndoStack())
    qtbot.addWidget(made)
    return made


def test_a_fill_is_told_with_its_cost(line: StatusLine) -> None:
    result = result_for(
        EditRequest(np.zeros((8, 8, 3), np.uint8), np.ones((8, 8), np.bool_), seed=1)
    )
    line.show_result(result)
    assert (
        control(line, QLabel, "Last fill").text() == "Filled in 0.8 s · 12 of 256 tokens · 4 steps"
    )
    assert (
        control(line, QToolButton, "Pixels changed outside the mask").text()
        == "0 pixels changed outside the mask"
    )
    assert "denoise: 0.5 s" in control(line, QLabel, "Last fill").toolTip()
    line.show_result(replace(result, context_reused=True, notice="Memory ended."))
    assert control(line, QLabel, "Last fill").toolTip().endswith("\nMemory ended.")
    assert control(line, QLabel, "Last fill").text().endswith("context reused")


def test_another_picture_clears_the_last_fill(line: StatusLine) -> None:
    control(line, QLabel, "Last fill").setText("Filled")
    line.show_size(QSize(640, 480))
    assert control(line, QLabel, "Canvas size").text() == "640 x 480 px"
    assert control(line, QLabel, "Last fill").text() == ""


def test_model_and_device(line: StatusLine) -> None:
    line.show_engine_info(INFO)
    assert line.engine.text() == "scripted · cpu ▾"
    line.show_engine_info(replace(INFO, notice="Kept for 20 of 20 steps."))
    assert line.engine.toolTip().endswith("\nKept for 20 of 20 steps.")


def test_a_message_takes_the_place_of_what_is_usually_there(
    line: StatusLine, messages: Messages
) -> None:
    line.resize(900, line.sizeHint().height())
    line.show()
    height = line.sizeHint().height()
    for text in ("Saved.", "The disk is full: make room and save again. " * 8):
        messages.error(text, Offer("Save as…", messages.hide))
        assert messages.isVisible()
        assert not control(line, QLabel, "Canvas size").isVisible()
        assert line.engine.isVisible()
        assert line.sizeHint().height() == height
        messages.dismiss()
        assert control(line, QLabel, "Canvas size").isVisible()
