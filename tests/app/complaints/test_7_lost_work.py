"""Complaint 7: work is lost when the program or the disk gives out."""

from __future__ import annotations

import resource
import shutil
from pathlib import Path

import numpy as np
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.system.settings import SettingsStore
from app.window import MainWindow
from tests.app.doubles import PATIENCE_MS, ScriptedDialogs, ScriptedEngine, show_ready
from tests.app.driving import CTRL, brush, fill, press


def opened(qtbot: QtBot, settings: SettingsStore, journals: Path) -> MainWindow:
    dialogs = ScriptedDialogs()
    dialogs.restores = True
    engine = ScriptedEngine()
    window = MainWindow(lambda: engine, settings, dialogs, journals)
    show_ready(qtbot, window)
    return window


def close(window: MainWindow) -> None:
    window.document.undo_stack.setClean()
    window.close()


def test_what_a_killed_program_had_on_the_canvas_is_there_at_the_next_start(
    qtbot: QtBot, settings: SettingsStore, tmp_path: Path
) -> None:
    """A stroke, a fill and the prompt it was asked for; nothing was ever saved."""
    window = opened(qtbot, settings, tmp_path / "first")
    safe: list[int] = []
    window.crash_recovery.journal.durable.connect(safe.append)
    window.panel.prompt.setFocus()
    QTest.keyClicks(window.panel.prompt, "a red mushroom")
    brush(window, (200, 200), (260, 220))
    painted = fill(qtbot, window)
    brush(window, (400, 400), (440, 420))
    mask = window.document.mask.copy()
    qtbot.waitUntil(
        lambda: safe[-1:] == [window.crash_recovery.journal.revision], timeout=PATIENCE_MS
    )
    # What is on the disk at this moment is all that a kill would leave.
    left = tmp_path / "left"
    shutil.copytree(tmp_path / "first", left, ignore=shutil.ignore_patterns("*.lock"))
    close(window)

    again = opened(qtbot, settings, left)
    again.crash_recovery.offer(asked=False)
    assert np.array_equal(again.document.pixels, painted)
    assert np.array_equal(again.document.mask, mask)
    assert [edit.recipe.settings.prompt for edit in again.document.edits] == ["a red mushroom"]
    assert again.document.is_modified, "it still wants saving"
    close(again)


def test_what_was_being_typed_is_typed_again_over_a_clear_picture(
    qtbot: QtBot, settings: SettingsStore, tmp_path: Path
) -> None:
    """A prompt is work, too, also before anything is asked for; and what is clear stays clear."""
    pixels = np.zeros((60, 80, 4), np.uint8)
    pixels[10:30, 10:30] = (200, 30, 40, 255)
    Image.fromarray(pixels).save(tmp_path / "cut out.png", dpi=(300, 300))
    window = opened(qtbot, settings, tmp_path / "first")
    safe: list[int] = []
    window.crash_recovery.journal.durable.connect(safe.append)
    assert window.files.open_path(tmp_path / "cut out.png")
    window.panel.prompt.setFocus()
    QTest.keyClicks(window.panel.prompt, "a moth on the wa")
    qtbot.waitUntil(
        lambda: safe[-1:] == [window.crash_recovery.journal.revision], timeout=PATIENCE_MS
    )
    left = tmp_path / "left"
    shutil.copytree(tmp_path / "first", left, ignore=shutil.ignore_patterns("*.lock"))
    close(window)

    again = opened(qtbot, settings, left)
    again.crash_recovery.offer(asked=False)
    assert again.panel.prompt.prompt == "a moth on the wa"
    assert np.array_equal(again.document.pixels, pixels)
    assert again.files.save()
    with Image.open(tmp_path / "cut out.png") as image:
        assert np.array_equal(np.asarray(image), pixels)
        assert round(image.info["dpi"][0]) == 300
    close(again)


def test_a_disk_that_refuses_a_save_costs_neither_the_file_nor_the_picture(
    qtbot: QtBot, settings: SettingsStore, tmp_path: Path
) -> None:
    window = opened(qtbot, settings, tmp_path / "journals")
    target = tmp_path / "picture.lazydiff"
    dialogs = window.files._dialogs
    assert isinstance(dialogs, ScriptedDialogs)
    dialogs.saved = target
    brush(window, (200, 200), (260, 220))
    fill(qtbot, window)
    press(window, Qt.Key.Key_S, CTRL)
    kept = target.read_bytes()
    brush(window, (400, 400), (440, 420))
    second = fill(qtbot, window)
    safe: list[int] = []
    window.crash_recovery.journal.durable.connect(safe.append)
    qtbot.waitUntil(
        lambda: safe[-1:] == [window.crash_recovery.journal.revision], timeout=PATIENCE_MS
    )
    least, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, most))  # as a disk with no room for more
    try:
        press(window, Qt.Key.Key_S, CTRL)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (least, most))
    assert target.read_bytes() == kept
    assert window.document.is_modified
    assert np.array_equal(window.document.pixels, second)
    assert window.messages.text, "it is said"
    close(window)
