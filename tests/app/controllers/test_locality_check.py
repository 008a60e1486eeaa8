from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from app.controllers.locality_check import Locality
from app.document.document import Document
from app.document.edits import fingerprint
from app.window import MainWindow
from tests.app.doubles import ScriptedDialogs
from tests.app.driving import brush, control, fill


def found(document: Document) -> Locality:
    return Locality.of(document.pixels, document.edits, document.origin)


def test_fills_are_counted_and_nothing_else_has_changed(qtbot: QtBot, window: MainWindow) -> None:
    document = window.document
    for at in (150, 200, 300):  # the first two overlap
        brush(window, (at, at), (at + 60, at + 60))
        fill(qtbot, window)
    seen = found(document)
    union = np.zeros(document.mask.shape, bool)
    for edit in document.edits:
        union[edit.box.slices] |= edit.mask
    assert seen == Locality(512 * 512, int(union.sum()), 3, others_kept=True)
    window.variant_browser.discard()
    assert found(document).fills == 2
    assert found(document).others_kept
    QTest.mouseClick(
        control(window.status, QToolButton, "Pixels changed outside the mask"),
        Qt.MouseButton.LeftButton,
    )
    assert "0 of the others have changed" in window.messages.text
    assert QLocale().toString(512 * 512) in window.messages.text


def test_a_single_pixel_beside_the_masks_is_found(qtbot: QtBot, window: MainWindow) -> None:
    document = window.document
    brush(window, (200, 200), (260, 260))
    fill(qtbot, window)
    (edit,) = document.edits
    row, column = np.argwhere(~edit.mask)[0]
    document._pixels[edit.box.top + row, edit.box.left + column, 1] ^= 1
    assert not found(document).others_kept
    window.locality.run()
    assert "not as it was" in window.messages.text


def test_any_pixel_and_any_shape_makes_another_fingerprint() -> None:
    pixels = np.zeros((4, 6, 3), np.uint8)
    other = pixels.copy()
    other[3, 5, 2] = 1
    prints = {fingerprint(pixels), fingerprint(other), fingerprint(pixels.reshape(6, 4, 3))}
    assert len(prints) == 3
    assert fingerprint(pixels[:, ::-1]) == fingerprint(pixels)


@pytest.mark.parametrize(("name", "warned"), [("a.jpg", True), ("a.png", False), ("a.webp", False)])
def test_what_a_format_does_to_every_pixel_is_said(
    window: MainWindow, dialogs: ScriptedDialogs, tmp_path: Path, name: str, warned: bool
) -> None:
    dialogs.saved = tmp_path / name
    window.files.export()
    assert window.messages.text.startswith(f"Saved {name}.")
    assert any("exact pixels" in loss for loss in dialogs.losses) is warned
