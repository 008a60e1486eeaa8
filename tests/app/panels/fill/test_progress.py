from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from app.panels.fill.progress import ProgressPanel, seconds
from lazydiff_core.contract import Progress


@pytest.fixture
def panel(qtbot: QtBot) -> ProgressPanel:
    made = ProgressPanel()
    qtbot.addWidget(made)
    return made


def test_steps_and_time_left(panel: ProgressPanel) -> None:
    panel.show_progress(Progress(1, "denoise", 7, 20, 1.24))
    assert panel.text == "Step 7 of 20 · 1.2 s left"
    assert (panel._bar.value(), panel._bar.maximum()) == (7, 20)


def test_a_stage_without_steps_is_open_ended(panel: ProgressPanel) -> None:
    panel.show_progress(Progress(1, "context"))
    assert panel.text == "Looking at the canvas"
    assert panel._bar.maximum() == 0


def test_at_rest_there_is_no_bar(panel: ProgressPanel) -> None:
    panel.show_progress(Progress(1, "denoise", 7, 20))
    panel.rest("Ready")
    assert panel._bar.isHidden()
    assert panel.text == "Ready"


def test_nothing_moves_when_the_bar_comes_and_goes(panel: ProgressPanel) -> None:
    panel.rest("Ready")
    height = panel.sizeHint().height()
    panel.wait("Starting")
    assert panel.sizeHint().height() == height


@pytest.mark.parametrize(
    ("value", "said"), [(0.04, "0.0 s"), (3.21, "3.2 s"), (42.4, "42 s"), (75, "1 min 15 s")]
)
def test_durations(value: float, said: str) -> None:
    assert seconds(value) == said
