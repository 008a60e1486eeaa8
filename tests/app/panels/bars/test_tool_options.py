from __future__ import annotations

from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QCheckBox,
    QDoubleSpinBox,
    QSlider,
    QSpinBox,
    QToolBar,
    QToolButton,
)

from app.canvas.saved_settings import remembered, restore
from app.panels.bars.tool_options import AreaOptions, BrushOptions, PenPopup, ToolOptions
from app.window import MainWindow
from tests.app.driving import control


def page(window: MainWindow) -> BrushOptions | AreaOptions | None:
    """The options that are shown, and no part of the others."""
    options = window.findChild(ToolOptions)
    assert options is not None
    QApplication.processEvents()
    brush = {made.isVisible() for made in options._of_brushes}
    area = {options._of_areas.isVisible()}
    assert len(brush) == len(area) == 1
    assert not (brush == area == {True})
    return options.brush if brush == {True} else options.area if area == {True} else None


def test_the_page_follows_the_tool(window: MainWindow) -> None:
    kinds = []
    for tool in ("brush", "lasso", "wand", "hand", "eraser"):
        window.view.set_tool(tool)
        kinds.append(type(page(window)).__name__)
    assert kinds == ["BrushOptions", "AreaOptions", "AreaOptions", "NoneType", "BrushOptions"]


def test_only_the_wand_has_a_tolerance(window: MainWindow) -> None:
    shown = []
    for tool in ("lasso", "wand"):
        window.view.set_tool(tool)
        area = page(window)
        assert isinstance(area, AreaOptions)
        shown.append(control(area, QSpinBox, "Tolerance").isVisible())
    assert shown == [False, True]


def test_what_paints_shows_its_colour_and_the_bucket_no_modes(window: MainWindow) -> None:
    options = window.findChild(ToolOptions)
    assert options is not None
    shown = {}
    for tool in ("brush", "paint", "sketch", "bucket", "gradient"):
        window.view.set_tool(tool)
        QApplication.processEvents()
        shown[tool] = options.colour.isVisible(), options.gradient.isVisible()
    assert shown == {
        "brush": (False, False),
        "paint": (True, False),
        "sketch": (True, False),
        "bucket": (True, False),
        "gradient": (True, True),
    }
    window.view.set_tool("bucket")
    area = page(window)
    assert isinstance(area, AreaOptions)
    assert control(area, QSpinBox, "Tolerance").isVisible()
    assert not control(area, QToolButton, "Replace the mask").isVisible()


def test_gradients_are_chosen_and_kept(window: MainWindow) -> None:
    options = window.findChild(ToolOptions)
    assert options is not None
    window.view.set_tool("gradient")
    options.gradient.shapes["radial"].click()
    options.gradient.fades.click()
    choices = window.view.choices
    assert (choices.gradient, choices.fades) == ("radial", False)
    kept = remembered(window.view)
    window.view.area_choices.set(gradient="linear", fades=True)
    assert options.gradient.shapes["linear"].isChecked()
    window.settings.update(**kept)
    restore(window.view, window.settings.value)
    assert (window.view.choices.gradient, window.view.choices.fades) == ("radial", False)


def test_the_other_colour_is_taken_by_a_click(window: MainWindow) -> None:
    options = window.findChild(ToolOptions)
    assert options is not None
    window.view.set_tool("paint")
    colours = window.view.colours
    before = colours.colour, colours.other
    options.colour.other.click()
    assert (colours.other, colours.colour) == before
    assert options.colour.well.colour == colours.colour


def test_brushes_are_shown_and_set_both_ways(window: MainWindow) -> None:
    brushes = window.view.brushes
    options = page(window)
    assert isinstance(options, BrushOptions)
    hardness = control(window, QSpinBox, "Hardness")
    opacity = control(window, QSpinBox, "Opacity")
    brushes.set(hardness=35, opacity=80)
    assert (
        hardness.value(),
        opacity.value(),
    ) == (35, 80)
    hardness.setValue(60)
    opacity.setValue(20)
    assert (brushes.brush.hardness, brushes.brush.opacity) == (60, 20)
    window.view.set_tool("eraser")
    assert (
        hardness.value(),
        opacity.value(),
    ) == (100, 100)
    assert (brushes.brush.hardness, brushes.brush.opacity) == (100, 100)


def test_the_pen_is_set(window: MainWindow) -> None:
    popup = window.findChild(PenPopup)
    assert popup is not None
    control(popup, QCheckBox, "Pressure sets the size").setChecked(False)
    control(popup, QCheckBox, "Pressure sets the opacity").setChecked(True)
    control(popup, QDoubleSpinBox, "Smoothing").setValue(45)
    brush = window.view.brush
    assert (brush.pen_size, brush.pen_opacity, brush.smoothing) == (0, 1, 45)
    window.view.set_tool("eraser")
    assert control(popup, QCheckBox, "Pressure sets the size").isChecked()
    assert control(popup, QDoubleSpinBox, "Smoothing").value() == 0


def test_modes_and_tolerance_are_set(window: MainWindow) -> None:
    window.view.set_tool("wand")
    area = page(window)
    assert isinstance(area, AreaOptions)
    control(area, QToolButton, "Intersect with the mask (Shift+Alt)").click()
    control(area, QSpinBox, "Tolerance").setValue(77)
    control(area, QToolButton, "Contiguous areas only").click()
    choices = window.view.choices
    assert (choices.mode, choices.tolerance, choices.contiguous) == ("intersect", 77, False)
    window.view.area_choices.set(mode="subtract")
    assert control(area, QToolButton, "Subtract from the mask (Alt)").isChecked()


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
    bar = window.findChild(QToolBar, "commands")
    assert bar is not None
    kinds = (QAbstractButton, QAbstractSpinBox, QSlider)
    controls = [widget for kind in kinds for widget in bar.findChildren(kind)]
    assert len(controls) > 10
    for one in controls:
        assert one.accessibleName(), one
        owner = one.parentWidget()
        assert one.toolTip() or (owner is not None and owner.toolTip()), one
