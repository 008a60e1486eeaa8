"""Hue, saturation and brightness of the chosen layer, through the real dialog."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from app.document.colour_shift import ColourShift
from app.document.fillers import Plain, pour
from app.panels.dialogs.colour_shift_dialog import ColourShiftDialog
from app.panels.dialogs.dialogs import Dialogs
from app.window import MainWindow
from lazydiff_core.contract import Box
from tests.app.doubles import ScriptedDialogs, action


@pytest.fixture
def layered(window: MainWindow) -> MainWindow:
    """Red with half a blue layer over it; the red one is chosen."""
    area = np.ones((100, 100), np.bool_)
    half = np.full((50, 100), 128, np.uint8)
    pour(window.document, "Red", Box(100, 100, 200, 200), area, Plain((200, 0, 0)))
    pour(window.document, "Blue", Box(100, 100, 200, 150), half, Plain((0, 0, 200)))
    window.variant_browser.select(window.document.edits[0].id)
    return window


@pytest.mark.parametrize("accepts", [True, False])
def test_colours_are_seen_at_once_beneath_the_layers_above(
    layered: MainWindow, monkeypatch: pytest.MonkeyPatch, accepts: bool
) -> None:
    document = layered.document
    monkeypatch.setattr(layered.image, "_dialogs", Dialogs(layered))
    before, count = document.pixels.copy(), document.undo_stack.count()
    seen = []

    def adjust() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, ColourShiftDialog)
        dialog.hue.set_value(120)
        dialog.changed.emit()  # without the wait
        seen.append(document.pixels.copy())
        assert np.array_equal(document.dry_pixels(), before)
        (dialog.accept if accepts else dialog.reject)()

    QTimer.singleShot(0, adjust)
    action(layered, "layer-colors").trigger()
    assert (seen[0][180, 150] == (0, 200, 0)).all()
    assert seen[0][120, 150].tolist() == [0, 100, 100]
    assert document.undo_stack.count() == count + int(accepts)
    if accepts:
        assert np.array_equal(document.pixels, seen[0])
        assert np.array_equal(document.stack().pixels(), document.pixels)
        document.undo_stack.undo()
    assert np.array_equal(document.pixels, before)


def test_no_change_is_no_step_and_a_hidden_layer_is_left_alone(
    layered: MainWindow, dialogs: ScriptedDialogs
) -> None:
    count = layered.document.undo_stack.count()
    dialogs.colour_shift = ColourShift()
    action(layered, "layer-colors").trigger()
    assert layered.document.undo_stack.count() == count
    action(layered, "layer-toggle").trigger()
    asked = len(dialogs.asked)
    action(layered, "layer-colors").trigger()
    assert len(dialogs.asked) == asked
