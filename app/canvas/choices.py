"""Settings of the selection tools."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, get_args

from PySide6.QtCore import QObject, Signal

from app.document.mask_edit import Mode


@dataclass(frozen=True)
class AreaChoices:
    """The settings of the selection tools.

    mode:       how an area changes the mask, unless a modifier key overrides it.
    tolerance:  largest difference of a channel, of 255, from the pixel that the wand touches.
    contiguous: the wand takes only pixels connected to the touched one.
    """

    mode: Mode = "add"
    tolerance: int = 24
    contiguous: bool = True


class Choices(QObject):
    """The current settings of the selection tools."""

    changed = Signal(object)  # AreaChoices

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.value = AreaChoices()

    def set(self, **values: Any) -> None:
        """Change some settings; a change to an unknown mode or invalid tolerance is ignored."""
        value = replace(self.value, **values)
        if value.mode in get_args(Mode) and 0 <= value.tolerance <= 255 and value != self.value:
            self.value = value
            self.changed.emit(value)
