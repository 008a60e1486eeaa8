"""What the round brushes are like: each tool keeps its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from typing import Any

from PySide6.QtCore import QObject, Signal

LARGEST_BRUSH = 1000
_STEP = 1.15
_HARDER = 10


@dataclass(frozen=True)
class Brush:
    """size:         diameter in canvas pixels, 1 to LARGEST_BRUSH.
    hardness:     percent of the radius that is covered fully; beyond it the cover fades out.
    opacity:      percent that one stroke covers at most, 1 to 100.
    pen_size:     1 if the pen's pressure sets the size, 0 if not; pen_opacity: so for opacity.
    smoothing:    percent by which a trembling hand is calmed; the line follows that much later.
    """

    size: int = 48
    hardness: int = 100
    opacity: int = 100
    pen_size: int = 1
    pen_opacity: int = 0
    smoothing: int = 0

    @property
    def is_hard(self) -> bool:
        """It covers fully or not at all."""
        return self.hardness == 100 and self.opacity == 100


_LIMITS = {"size": (1, LARGEST_BRUSH), "opacity": (1, 100), "smoothing": (0, 90)}


class Brushes(QObject):
    """The brush of each tool that has one; of the others it shows the last one's."""

    changed = Signal(object)  # Brush of the tool in hand

    def __init__(self, tools: Iterable[str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._brushes = {tool: Brush() for tool in tools}
        self._tool = next(iter(self._brushes))

    @property
    def brush(self) -> Brush:
        """That of the tool in hand."""
        return self._brushes[self._tool]

    def use(self, tool: str) -> None:
        """Another tool is in hand; nothing changes for one without a brush."""
        if tool in self._brushes and tool != self._tool:
            self._tool = tool
            self.changed.emit(self.brush)

    def set(self, **values: int) -> None:
        """Change the brush in hand; each value is brought into its limits."""
        kept = {name: _limited(name, value) for name, value in values.items()}
        brush = replace(self.brush, **kept)
        if brush != self.brush:
            self._brushes[self._tool] = brush
            self.changed.emit(brush)

    def grow(self) -> None:
        self.set(size=max(self.brush.size + 1, round(self.brush.size * _STEP)))

    def shrink(self) -> None:
        self.set(size=min(self.brush.size - 1, round(self.brush.size / _STEP)))

    def harden(self) -> None:
        self.set(hardness=self.brush.hardness + _HARDER)

    def soften(self) -> None:
        self.set(hardness=self.brush.hardness - _HARDER)

    def written(self) -> tuple[str, ...]:
        """All brushes in words, for the settings: "eraser size=48 hardness=100 ..."."""
        return tuple(
            " ".join([tool, *(f"{row.name}={getattr(brush, row.name)}" for row in fields(Brush))])
            for tool, brush in self._brushes.items()
        )

    def read(self, written: Iterable[str]) -> None:
        """Take the brushes that `written` has written; what does not fit is left out."""
        for line in written:
            tool, *pairs = line.split() or [""]
            if tool in self._brushes:
                self._brushes[tool] = replace(self._brushes[tool], **_values(pairs))
        self.changed.emit(self.brush)


def _values(pairs: Iterable[str]) -> dict[str, Any]:
    names = {row.name for row in fields(Brush)}
    split = (pair.partition("=") for pair in pairs)
    return {
        name: _limited(name, int(value))
        for name, _, value in split
        if name in names and value.lstrip("-").isdecimal()
    }


def _limited(name: str, value: int) -> int:
    low, high = _LIMITS.get(name, (0, 1 if name.startswith("pen_") else 100))
    return min(max(value, low), high)
