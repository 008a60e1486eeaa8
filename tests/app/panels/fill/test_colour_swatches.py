from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from app.document.brush_colours import SWATCHES, BrushColours
from app.panels.fill.colour_swatches import Colours


@pytest.fixture
def brush_colours() -> BrushColours:
    return BrushColours()


@pytest.fixture
def colours(qtbot: QtBot, brush_colours: BrushColours) -> Colours:
    made = Colours(brush_colours)
    qtbot.addWidget(made)
    made.resize(280, 200)
    return made


def test_wells_show_the_colours_in_use_as_they_are(
    colours: Colours, brush_colours: BrushColours
) -> None:
    brush_colours.use((12, 200, 34))
    centre = colours.well.grab().toImage().pixelColor(17, 17)
    assert (centre.red(), centre.green(), centre.blue()) == (12, 200, 34)
    brush_colours.swap()
    assert colours.other.colour == (12, 200, 34)


def test_a_swatch_is_taken_by_a_click_and_has_a_name(
    colours: Colours, brush_colours: BrushColours
) -> None:
    assert len({button.accessibleName() for button in colours.swatches}) == len(SWATCHES)
    colours.swatches[12].click()
    assert brush_colours.colour == SWATCHES[12]


def test_wishes_are_passed_on(colours: Colours, qtbot: QtBot) -> None:
    for button, signal in (
        (colours.well, colours.chooser_wanted),
        (colours.other, colours.swap_wanted),
        (colours.swap, colours.swap_wanted),
        (colours.reset, colours.reset_wanted),
    ):
        with qtbot.waitSignal(signal):
            button.click()


def test_latest_colours_appear_when_there_are_some(
    colours: Colours, brush_colours: BrushColours
) -> None:
    assert len(colours.recent) > 0
    assert all(button.isHidden() for button in colours.recent)
    brush_colours.use((1, 2, 3))
    brush_colours.used()
    assert [button.isHidden() for button in colours.recent[:2]] == [False, True]
    assert colours.recent[0].toolTip() == "#010203"
