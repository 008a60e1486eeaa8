"""The settings of the round brushes, one brush for each painting tool."""

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
    """The settings of a round brush.

    size:        diameter in canvas pixels, 1 to LARGEST_BRUSH.
    hardness:    percent of the radius with full cover; beyond it the cover fades out.
    opacity:     largest cover of one stroke in percent, 1 to 100.
    pen_size:    1 if pen pressure sets the size, else 0. pen_opacity: the same for opacity.
    smoothing:   percent; more smoothing gives a steadier line that lags further behind the hand.
    """

    size: int = 48
    hardness: int = 100
    opacity: int = 100
    pen_size: int = 1
    pen_opacity: int = 0
    smoothing: int = 0

    @property
    def is_hard(self) -> bool:
        """Whether the brush covers pixels either fully or not at all."""
        return self.hardness == 100 and self.opacity == 100


_SOFT = {"smudge": Brush(hardness=50, opacity=70)}  # where a hard edge would be seen
_LIMITS = {"size": (1, LARGEST_BRUSH), "opacity": (1, 100), "smoothing": (0, 90)}


class Brushes(QObject):
    """The brush of each painting tool; with any other tool, the last brush stays current."""

    changed = Signal(object)  # the current Brush

    def __init__(self, tools: Iterable[str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._brushes = {tool: _SOFT.get(tool, Brush()) for tool in tools}
        self._tool = next(iter(self._brushes))

    @property
    def brush(self) -> Brush:
        """The current brush."""
        return self._brushes[self._tool]

    def use(self, tool: str) -> None:
        """Make the brush of `tool` current; no change if the tool has none."""
        if tool in self._brushes and tool != self._tool:
            self._tool = tool
            self.changed.emit(self.brush)

    def set(self, **values: int) -> None:
        """Change the current brush; each value is limited to its range."""
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
        """All brushes as text for the settings: "eraser size=48 hardness=100 ..."."""
        return tuple(
            " ".join([tool, *(f"{row.name}={getattr(brush, row.name)}" for row in fields(Brush))])
            for tool, brush in self._brushes.items()
        )

    def read(self, written: Iterable[str]) -> None:
        """Restore the brushes from the text of `written`; invalid entries are ignored."""
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
