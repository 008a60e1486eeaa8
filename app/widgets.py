"""What every control gets: a style, a name for screen readers, a tooltip."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtWidgets import QAbstractSpinBox, QLineEdit, QWidget

Control = TypeVar("Control", bound=QWidget)


def dressed(control: Control, *, style: str = "", name: str = "", tip: str = "") -> Control:
    """Set the given ones and return the control; `style` is its name in the style sheet."""
    if isinstance(control, QAbstractSpinBox):
        # A style sheet cannot pad the field inside a spin box.
        field = control.findChild(QLineEdit)
        if field is not None:
            field.setTextMargins(6, 0, 6, 0)
    if style:
        control.setObjectName(style)
    if name:
        control.setAccessibleName(name)
    if tip:
        control.setToolTip(tip)
    return control
