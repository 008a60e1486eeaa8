from __future__ import annotations

from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QSlider, QToolButton, QWidget

from app.panels.bars.tool_options import AreaOptions, BrushOptions, PenPopup, ToolOptions
from app.window import MainWindow


def page(window: MainWindow) -> QWidget:
    options = window.findChild(ToolOptions)
    assert options is not None
    return options.currentWidget()


def test_the_page_follows_the_tool(window: MainWindow) -> None:
    kinds = []
    for tool in ("brush", "lasso", "wand", "hand", "eraser"):
        window.view.set_tool(tool)
        kinds.append(type(page(window)).__name__)
    assert kinds == ["BrushOptions", "AreaOptions", "AreaOptions", "QWidget", "BrushOptions"]


def test_only_the_wand_has_a_tolerance(window: MainWindow) -> None:
    shown = []
    for tool in ("lasso", "wand"):
        window.view.set_tool(tool)
        area = page(window)
        assert isinstance(area, AreaOptions)
        shown.append(area._tolerance.isVisible())
    assert shown == [False, True]


def test_brushes_are_shown_and_set_both_ways(window: MainWindow) -> None:
    brushes = window.view.brushes
    options = page(window)
    assert isinstance(options, BrushOptions)
    brushes.set(hardness=35, opacity=80)
    assert (options._hardness.value(), options._opacity.value()) == (35, 80)
    options._hardness.setValue(60)
    options._opacity.setValue(20)
    assert (brushes.brush.hardness, brushes.brush.opacity) == (60, 20)
    window.view.set_tool("eraser")
    assert (options._hardness.value(), options._opacity.value()) == (100, 100)
    assert (brushes.brush.hardness, brushes.brush.opacity) == (100, 100)


def test_the_pen_is_set(window: MainWindow) -> None:
    popup = window.findChild(PenPopup)
    assert popup is not None
    popup._size.setChecked(False)
    popup._opacity.setChecked(True)
    popup._smoothing.set_value(45)
    brush = window.view.brush
    assert (brush.pen_size, brush.pen_opacity, brush.smoothing) == (0, 1, 45)
    window.view.set_tool("eraser")
    assert popup._size.isChecked()
    assert popup._smoothing.value == 0


def test_modes_and_tolerance_are_set(window: MainWindow) -> None:
    window.view.set_tool("wand")
    area = page(window)
    assert isinstance(area, AreaOptions)
    area._modes["intersect"].click()
    area._tolerance.setValue(77)
    area._contiguous.click()
    choices = window.view.choices
    assert (choices.mode, choices.tolerance, choices.contiguous) == ("intersect", 77, False)
    window.view.area_choices.set(mode="subtract")
    assert area._modes["subtract"].isChecked()


def test_the_pen_button_opens_its_popup_and_escape_closes_it(window: MainWindow) -> None:
    popup = window.findChild(PenPopup)
    buttons = window.findChildren(QToolButton, "opener")
    button = next(button for button in buttons if button.accessibleName() == "Pen")
    button.click()
    assert popup is not None
    assert popup.isVisible()
    popup.close()
    assert not popup.isVisible()


def test_every_control_has_a_name_and_a_tooltip(window: MainWindow) -> None:
    options = window.findChild(ToolOptions)
    assert options is not None
    kinds = (QAbstractButton, QAbstractSpinBox, QSlider)
    controls = [widget for kind in kinds for widget in options.findChildren(kind)]
    assert len(controls) > 10
    for control in controls:
        assert control.accessibleName(), control
        owner = control.parentWidget()
        assert control.toolTip() or (owner is not None and owner.toolTip()), control
