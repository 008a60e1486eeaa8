from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QColorDialog,
    QDoubleSpinBox,
    QPushButton,
    QToolButton,
)

from app.canvas.mask_layers import MaskLook
from app.panels.bars.mask_style import MaskPopup
from app.window import MainWindow
from tests.app.driving import control


@pytest.fixture
def popup(window: MainWindow) -> MaskPopup:
    found = window.findChild(MaskPopup)
    assert found is not None
    return found


def test_it_opens_below_its_button_and_escape_closes_it(
    window: MainWindow, popup: MaskPopup
) -> None:
    buttons = window.findChildren(QToolButton, "opener")
    next(button for button in buttons if button.accessibleName() == "Mask").click()
    assert popup.isVisible()
    QTest.keyClick(popup, Qt.Key.Key_Escape)
    assert not popup.isVisible()


def test_colour_opacity_style_and_polarity_are_set(window: MainWindow, popup: MaskPopup) -> None:
    control(popup, QPushButton, "Mask color #00b7ff").click()
    control(popup, QDoubleSpinBox, "Mask opacity").setValue(75)
    control(popup, QPushButton, "Hatch").click()
    control(popup, QPushButton, "What stays").click()
    assert window.view.layers.mask_look == MaskLook("#00b7ff", 75, "hatch", rest=True)
    control(popup, QPushButton, "Tint").click()
    control(popup, QPushButton, "What is filled").click()
    assert window.view.layers.mask_look == MaskLook("#00b7ff", 75)


def test_any_colour_can_be_chosen(
    window: MainWindow, popup: MaskPopup, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = [QColor("#123456"), QColor()]
    monkeypatch.setattr(QColorDialog, "getColor", lambda *_: answers.pop(0))
    control(popup, QPushButton, "Other mask color").click()
    control(popup, QPushButton, "Other mask color").click()
    assert window.view.layers.mask_look.colour == "#123456"
    assert not any(button.isChecked() for button in popup._colours.values())


def test_amounts_are_kept(window: MainWindow, popup: MaskPopup) -> None:
    numbers = {box.accessibleName(): box for box in popup.findChildren(QAbstractSpinBox)}
    numbers["Grow or shrink by"].setProperty("value", 21)
    numbers["Feather by"].setProperty("value", 33)
    assert (window.settings.value.grow_by, window.settings.value.feather_by) == (21, 33)


def test_every_control_has_a_name_and_a_tooltip(popup: MaskPopup) -> None:
    controls = [*popup.findChildren(QAbstractButton), *popup.findChildren(QAbstractSpinBox)]
    assert len(controls) > 14
    for one in controls:
        assert one.accessibleName(), one
        owner = one.parentWidget()
        assert one.toolTip() or (owner is not None and owner.toolTip()), one
