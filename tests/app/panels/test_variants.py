from __future__ import annotations

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.panels.variants import VariantStrip
from lazydiff_core.contract import EditRequest, EditResult
from tests.app.doubles import grey, result_for


@pytest.fixture
def strip(qtbot: QtBot) -> VariantStrip:
    made = VariantStrip()
    qtbot.addWidget(made)
    return made


def result(variants: int) -> EditResult:
    mask = np.zeros((64, 64), np.bool_)
    mask[10:30, 5:60] = True
    image = np.full((64, 64, 3), 255, np.uint8)
    return result_for(EditRequest(image, mask, seed=7, variants=variants))


def test_a_thumbnail_a_variant(strip: VariantStrip) -> None:
    strip.show_result(result(3))
    assert (strip.count, strip.current) == (3, 0)
    item = strip._list.item(2)
    assert "9" in item.toolTip()
    colour = item.icon().pixmap(56, 56).toImage().pixelColor(20, 20)
    assert colour.red() == grey(9)


def test_showing_a_result_chooses_nothing(strip: VariantStrip, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(strip.chosen):
        strip.show_result(result(3))


def test_flipping_goes_round(strip: VariantStrip) -> None:
    chosen: list[int] = []
    strip.chosen.connect(chosen.append)
    strip.show_result(result(3))
    strip.next()
    strip.next()
    strip.next()
    strip.previous()
    assert chosen == [1, 2, 0, 2]


def test_empty_it_says_what_will_be_there(strip: VariantStrip) -> None:
    strip.show_result(result(2))
    strip.clear()
    assert strip.count == 0
    assert strip._list.isHidden()
    assert "appear here" in strip._note.text()
    strip.next()
    assert strip.current == -1
