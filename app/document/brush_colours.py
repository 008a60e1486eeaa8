"""The colours of sketch and paint: current, secondary and recent."""

from __future__ import annotations

from typing import TypeAlias

from PySide6.QtCore import QObject, Signal

RGBColour: TypeAlias = tuple[int, int, int]  # 0..255 each

BLACK, WHITE = (0, 0, 0), (255, 255, 255)
MAX_RECENT = 8
# Greys, browns and skin tones, then once around the colour circle.
SWATCHES: tuple[RGBColour, ...] = (
    *((0, 0, 0), (90, 94, 102), (170, 174, 182), (255, 255, 255)),
    *((92, 58, 33), (150, 102, 58), (222, 170, 125), (250, 224, 196)),
    *((200, 30, 40), (240, 130, 30), (250, 205, 50), (60, 150, 60)),
    *((30, 150, 160), (50, 100, 210), (120, 70, 180), (230, 110, 160)),
)


class BrushColours(QObject):
    """The current colour, the secondary colour, and recently used ones, newest first."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.colour: RGBColour = (200, 30, 40)
        self.other: RGBColour = WHITE
        self.recent: tuple[RGBColour, ...] = ()

    def use(self, colour: RGBColour) -> None:
        """Make `colour` the current one."""
        if colour != self.colour:
            self.colour = colour
            self.changed.emit()

    def swap(self) -> None:
        self.colour, self.other = self.other, self.colour
        self.changed.emit()

    def reset(self) -> None:
        """Set the current colour to black and the secondary one to white."""
        self.colour, self.other = BLACK, WHITE
        self.changed.emit()

    def used(self) -> None:
        """Add the current colour to the recent ones, unless it is a swatch."""
        if self.colour not in SWATCHES:
            others = tuple(colour for colour in self.recent if colour != self.colour)
            self.recent = (self.colour, *others)[:MAX_RECENT]
            self.changed.emit()
