"""Helpers for controls: style, accessible name, tooltip, label."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QWidget,
)

from app.ui.wheel import tame_wheel

Control = TypeVar("Control", bound=QWidget)
_FEWEST_LETTERS = 8


def configure(control: Control, *, style: str = "", name: str = "", tip: str = "") -> Control:
    """Set the given properties and return the control; `style` is its name in the style sheet.

    The mouse wheel changes the control only while it has the focus.
    """
    tame_wheel(control)
    if isinstance(control, QAbstractSpinBox):
        # A style sheet cannot pad the text field inside a spin box.
        field = control.findChild(QLineEdit)
        if field is not None:
            field.setTextMargins(6, 0, 6, 0)
    if isinstance(control, QComboBox):
        # As wide as there is room, not as its longest entry: panels are narrow.
        control.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        control.setMinimumContentsLength(_FEWEST_LETTERS)
    if style:
        control.setObjectName(style)
    if name:
        control.setAccessibleName(name)
    if tip:
        control.setToolTip(tip)
    return control


def labelled(rows: Mapping[str, QWidget]) -> QGridLayout:
    """A grid of controls, one per row, each with its label at the left."""
    grid = QGridLayout()
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(14)
    grid.setVerticalSpacing(8)
    grid.setColumnStretch(1, 1)
    for number, (text, control) in enumerate(rows.items()):
        label = QLabel(text)
        label.setBuddy(control)
        grid.addWidget(label, number, 0)
        grid.addWidget(control, number, 1)
    return grid


def advance(bar: QProgressBar, step: int, steps: int) -> None:
    """Show `step` of `steps` at the next repaint.

    `setValue` would repaint at once, together with everything else that waits for a repaint.
    """
    bar.setUpdatesEnabled(False)
    bar.setRange(0, steps)
    bar.setValue(step)
    bar.setUpdatesEnabled(True)


def answers(dialog: QDialog, accept: QPushButton, cancel_tip: str) -> QDialogButtonBox:
    """The buttons of a question: `accept`, which Enter presses, and Cancel with this tooltip."""
    accept.setDefault(True)
    buttons = QDialogButtonBox()
    buttons.addButton(accept, QDialogButtonBox.ButtonRole.AcceptRole)
    buttons.addButton(QDialogButtonBox.StandardButton.Cancel).setToolTip(cancel_tip)
    buttons.accepted.connect(dialog.accept)
    buttons.rejected.connect(dialog.reject)
    return buttons
