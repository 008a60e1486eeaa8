"""What the tools that take areas are set to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, get_args

from PySide6.QtCore import QObject, Signal

from app.document.mask_edit import Mode


@dataclass(frozen=True)
class AreaChoices:
    """mode:       what an area does to the mask unless a key says otherwise.
    tolerance:  by how much, of 255, colours may differ from the one the wand touches.
    contiguous: the wand takes only what hangs together.
    """

    mode: Mode = "add"
    tolerance: int = 24
    contiguous: bool = True


class Choices(QObject):
    """The choices in force."""

    changed = Signal(object)  # AreaChoices

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.value = AreaChoices()

    def set(self, **values: Any) -> None:
        """Change some; a mode or number that does not exist changes nothing."""
        value = replace(self.value, **values)
        if value.mode in get_args(Mode) and 0 <= value.tolerance <= 255 and value != self.value:
            self.value = value
            self.changed.emit(value)
