"""What a tool is: something that starts a gesture where the pointer goes down."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias, runtime_checkable

from PySide6.QtCore import QPointF

from app.canvas.brushes import Brush
from app.canvas.choices import AreaChoices
from app.document.brush_colours import BrushColours
from app.document.document import Document


@dataclass(frozen=True)
class Pointer:
    """Where the pointer is, in canvas coordinates and in the view, and which keys are held.

    pressure: of the pen, 0..1; 1 for a mouse. is_pen: it comes from a tablet.
    """

    canvas: QPointF
    view: QPointF
    alt: bool = False
    shift: bool = False
    pressure: float = 1.0
    is_pen: bool = False


class Host(Protocol):
    """What a gesture may use of the view it is made in."""

    @property
    def document(self) -> Document: ...

    @property
    def brush(self) -> Brush:
        """That of the tool in hand."""
        ...

    @property
    def brush_size(self) -> int:
        """Its diameter in canvas pixels."""
        ...

    def set_brush_size(self, size: int) -> None: ...

    @property
    def choices(self) -> AreaChoices:
        """What tools that take areas are set to."""
        ...

    @property
    def colours(self) -> BrushColours:
        """The colours at hand for the sketch."""
        ...

    @property
    def zoom(self) -> float:
        """Screen pixels a canvas pixel."""
        ...

    @property
    def angle(self) -> float:
        """How far the canvas is turned, in degrees clockwise."""
        ...

    @property
    def middle(self) -> QPointF:
        """Of the view."""
        ...

    def to_view(self, point: QPointF) -> QPointF:
        """Where a canvas point is shown."""
        ...

    def pan(self, by: QPointF) -> None:
        """Move the canvas by view points."""
        ...

    def zoom_to(self, zoom: float, anchor: QPointF) -> None:
        """Zoom; the view point `anchor` keeps showing the same place."""
        ...

    def turn_to(self, angle: float, anchor: QPointF) -> None:
        """Turn the canvas about a view point."""
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


@runtime_checkable
class ClickedGesture(Gesture, Protocol):
    """Goes on when the pointer goes up, from click to click.

    A double click and the Enter key end it, too.
    """

    def press(self, at: Pointer) -> bool:
        """The next click; True if it is the last."""
        ...

    def take_back(self) -> bool:
        """Undo the last click; False if none is left."""
        ...


Cursor: TypeAlias = Literal["ring", "cross", "hand", "zoom", "turn"]
# Which choices the bar at the top shows for a tool; "brush" gives it a brush of its own.
Options: TypeAlias = Literal["", "brush", "area", "wand"]


@dataclass(frozen=True)
class Tool:
    """A row of TOOLS. `text` and `hint` are source strings for translation."""

    name: str
    text: str
    hint: str
    shortcut: str
    cursor: Cursor
    start: Callable[[Host, Pointer], Gesture]
    options: Options = ""
    back: str = "eraser"  # the tool at the other end of a pen
    alt: str = ""  # the tool that Alt lends; "" = the tool itself knows what Alt means
