from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QRect, QSize
from pytestqt.qtbot import QtBot

from app.document import Document


def test_a_new_document_is_a_clean_white_square(document: Document) -> None:
    assert document.size == QSize(512, 512)
    assert (document.pixels == 255).all()
    assert not document.has_mask
    assert not document.is_modified


def test_nobody_paints_past_the_history(document: Document) -> None:
    with pytest.raises(ValueError, match="read-only"):
        document.pixels[0, 0] = 0
    with pytest.raises(ValueError, match="read-only"):
        document.mask[0, 0] = True


def test_changes_name_their_region(document: Document, qtbot: QtBot) -> None:
    rect = QRect(3, 4, 5, 6)
    with qtbot.waitSignal(document.region_changed) as changed:
        document.write_mask(rect, np.ones((6, 5), np.bool_))
    assert changed.args == [rect]
    with qtbot.waitSignal(document.region_changed) as changed:
        document.write_pixels(rect, np.zeros((6, 5, 3), np.uint8))
    assert changed.args == [rect]


def test_another_picture_starts_over(document: Document) -> None:
    document.write_mask(QRect(0, 0, 1, 1), np.ones((1, 1), np.bool_))
    document.set_filled(True)
    document.replace(np.zeros((20, 30, 3), np.uint8), Path("night.png"))
    assert document.size == QSize(30, 20)
    assert not document.has_mask
    assert not document.filled
    assert not document.is_modified
    assert document.path == Path("night.png")
