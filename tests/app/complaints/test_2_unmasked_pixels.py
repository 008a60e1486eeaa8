"""Complaint 2: pixels outside the mask degrade."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from pytestqt.qtbot import QtBot

from app.window import MainWindow
from lazydiff_core.images.reading import read_image
from tests.app.doubles import ScriptedDialogs, action
from tests.app.driving import brush, fill


def test_ten_fills_leave_every_other_pixel_as_it_was(
    qtbot: QtBot, window: MainWindow, dialogs: ScriptedDialogs, tmp_path: Path
) -> None:
    document = window.document
    noise = np.random.default_rng(1).integers(0, 256, (300, 400, 3), np.uint8)
    document.replace(noise.copy())
    window.view.set_brush_size(40)
    ever = np.zeros(noise.shape[:2], np.bool_)
    for number in range(10):
        if number % 3 == 2:
            window.mask_controller.feather()
        else:
            window.mask_controller.clear()
            x = 60 + 30 * number
            brush(window, (x, 80), (x + 20, 120))
        ever |= document.mask
        fill(qtbot, window)
    assert np.array_equal(document.pixels[~ever], noise[~ever])
    assert not np.array_equal(document.pixels[ever], noise[ever])
    dialogs.saved = tmp_path / "kept.png"
    assert window.files.save_as()
    assert np.array_equal(read_image(dialogs.saved)[~ever], noise[~ever])


def test_zooming_turning_and_showing_never_touch_the_picture(window: MainWindow) -> None:
    before = window.document.pixels.copy()
    for act in ("turn-left", "mirror", "zoom-in", "zoom-in", "fit", "actual-size", "quick-mask"):
        action(window, act).trigger()
        window.view.grab()
    assert np.array_equal(window.document.pixels, before)
    assert not window.document.is_modified
