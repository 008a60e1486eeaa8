"""What a tool is: something that starts a gesture where the pointer goes down."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

from PySide6.QtCore import QPointF

from app.document import Document


@dataclass(frozen=True)
class Pointer:
    """Where the pointer is, in canvas coordinates and in the view, and whether Alt is held."""

    canvas: QPointF
    view: QPointF
    alt: bool = False


class Host(Protocol):
    """What a gesture may use of the view it is made in."""

    @property
    def document(self) -> Document: ...

    @property
    def brush_size(self) -> int:
        """Diameter in canvas pixels."""
        ...

    def pan(self, by: QPointF) -> None:
        """Move the canvas by view points."""
        ...


class Gesture(Protocol):
    """From pointer down to pointer up."""

    @property
    def trail(self) -> Sequence[QPointF]:
        """Outline to draw meanwhile, closed, in canvas coordinates; empty for none."""
        ...

    def move(self, to: Pointer) -> None: ...

    def end(self) -> None: ...

    def cancel(self) -> None:
        """Leave everything as it was before the gesture."""
        ...


Cursor: TypeAlias = Literal["ring", "cross", "hand"]


@dataclass(frozen=True)
class Tool:
    """A row of TOOLS. `text` and `hint` are source strings for translation."""

    name: str
    text: str
    hint: str
    shortcut: str
    cursor: Cursor
    start: Callable[[Host, Pointer], Gesture]
