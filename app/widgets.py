"""What every control gets: a style, a name for screen readers, a tooltip."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtWidgets import QWidget

Control = TypeVar("Control", bound=QWidget)


def dressed(control: Control, *, style: str = "", name: str = "", tip: str = "") -> Control:
    """Set the given ones and return the control; `style` is its name in the style sheet."""
    if style:
        control.setObjectName(style)
    if name:
        control.setAccessibleName(name)
    if tip:
        control.setToolTip(tip)
    return control
