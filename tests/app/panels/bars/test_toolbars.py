from __future__ import annotations

from PySide6.QtWidgets import QToolButton

from app.canvas.tools import TOOLS
from app.panels.bars.tool_options import BrushSize
from app.window import MainWindow


def test_brush_size_is_shown_and_set_both_ways(window: MainWindow) -> None:
    control = window.findChild(BrushSize)
    assert control is not None
    window.view.set_brush_size(125)
    assert control._number.value() == 125
    assert control._slider.value() == 100
    control._slider.setValue(0)
    assert window.view.brush_size == 1
    control._number.setValue(300)
    assert window.view.brush_size == 300


def test_every_tool_has_a_button(window: MainWindow) -> None:
    buttons = {button.accessibleName() for button in window.findChildren(QToolButton)}
    assert {tool.text for tool in TOOLS.values()} <= buttons


def test_the_zoom_button_shows_the_zoom_and_goes_to_100(window: MainWindow) -> None:
    button = window.findChild(QToolButton, "zoom")
    assert button is not None
    window.view.camera.zoom_in()
    assert button.text() == f"{window.view.zoom:.0%}"
    button.click()
    assert button.text() == "100%"
