from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from pytestqt.qtbot import QtBot

from app.window import MainWindow
from lazydiff_core.contract import Box
from lazydiff_core.model_store import default_taught_words
from tests.app.document.driving import square
from tests.app.doubles import PATIENCE_MS, ScriptedDialogs, action


def teach(qtbot: QtBot, window: MainWindow) -> None:
    with qtbot.waitSignal(window.generation.loader.loaded, timeout=PATIENCE_MS):
        action(window, "teach").trigger()


def test_what_is_masked_is_asked_for_by_name(
    qtbot: QtBot, window: MainWindow, dialogs: ScriptedDialogs
) -> None:
    assert not action(window, "teach").isEnabled()
    square(window.document, Box(30, 40, 90, 60))
    assert action(window, "teach").isEnabled()
    dialogs.word = "My Plank"
    teach(qtbot, window)
    assert dialogs.asked == ["word of (20, 60, 4)"]
    assert "my plank" in window.messages.text
    assert window.generation.info is not None
    assert "my plank" in window.generation.info.concepts
    kept = default_taught_words().pictures()["my plank"]
    rows, columns = np.nonzero(kept[..., 3] > 127)
    assert (np.ptp(rows) + 1, np.ptp(columns) + 1) == (85, 256)
    assert window.panel.prompt._concepts == window.generation.info.concepts


def test_thinking_better_of_it(window: MainWindow, dialogs: ScriptedDialogs) -> None:
    square(window.document, Box(30, 40, 90, 60))
    action(window, "teach").trigger()
    assert default_taught_words().listed() == ()
    assert not window.generation.state.is_switching


def test_a_word_that_cannot_be_kept_is_said(
    window: MainWindow, dialogs: ScriptedDialogs, no_models_of_anyone: Path
) -> None:
    no_models_of_anyone.mkdir()
    (no_models_of_anyone / "words").write_text("in the way")
    square(window.document, Box(30, 40, 90, 60))
    dialogs.word = "plank"
    action(window, "teach").trigger()
    assert "words" in window.messages.text
    assert not window.generation.state.is_switching


def test_forgetting_is_forgotten_by_the_model(
    qtbot: QtBot, window: MainWindow, dialogs: ScriptedDialogs
) -> None:
    square(window.document, Box(30, 40, 90, 60))
    dialogs.word = "plank"
    teach(qtbot, window)
    action(window, "words").trigger()
    assert not window.generation.state.is_switching  # nothing was forgotten
    dialogs.forgets = ["plank"]
    with qtbot.waitSignal(window.generation.loader.loaded, timeout=PATIENCE_MS):
        action(window, "words").trigger()
    assert window.generation.info is not None
    assert window.generation.info.concepts == ("disc",)


def test_a_model_that_cannot_be_taught_says_so(window: MainWindow) -> None:
    assert window.generation.info is not None
    window.generation.loader.info = replace(window.generation.info, teachable=False)
    square(window.document, Box(30, 40, 90, 60))
    assert not action(window, "teach").isEnabled()
    assert "choose the bundled one" in action(window, "teach").toolTip()
