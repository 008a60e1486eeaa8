"""Settings of the tools that select or fill."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, get_args

from PySide6.QtCore import QObject, QPointF, Signal

from app.document.fillers import Shape
from app.document.mask_edit import Mode


@dataclass(frozen=True)
class AreaChoices:
    """The settings of the tools that select or fill.

    mode:       how an area changes the mask, unless a modifier key overrides it.
    tolerance:  largest difference of a channel, of 255, from the pixel that wand or bucket touches.
    contiguous: wand and bucket take only pixels connected to the touched one.
    gradient:   its shape. fades: it ends in nothing instead of the second colour.
    """

    mode: Mode = "add"
    tolerance: int = 24
    contiguous: bool = True
    gradient: Shape = "linear"
    fades: bool = True


@dataclass
class Stamp:
    """Where the clone stamp copies from.

    source: the place that the artist has chosen; None = none yet.
    by:     how far it lies from what is painted, right and down; None = the next stroke says so.
    """

    source: QPointF | None = None
    by: tuple[int, int] | None = None


class Choices(QObject):
    """The current settings of the tools that select or fill."""

    changed = Signal(object)  # AreaChoices

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.value = AreaChoices()

    def set(self, **values: Any) -> None:
        """Change some settings; a change to what is none of the choices is ignored."""
        value = replace(self.value, **values)
        known = value.mode in get_args(Mode) and value.gradient in get_args(Shape)
        if known and 0 <= value.tolerance <= 255 and value != self.value:
            self.value = value
            self.changed.emit(value)
