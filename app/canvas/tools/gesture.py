"""The interfaces of tools and gestures: a tool starts a gesture where the pointer goes down."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias, runtime_checkable
from uuid import UUID

from PySide6.QtCore import QPointF, SignalInstance

from app.canvas.brushes import Brush
from app.canvas.choices import AreaChoices, Stamp
from app.canvas.object_finder import ObjectFinder
from app.canvas.placing import Placing
from app.canvas.transform import Transform
from app.document.brush_colours import BrushColours
from app.document.document import Document


@dataclass(frozen=True)
class Pointer:
    """The pointer: its position in canvas and view coordinates, and the held keys.

    pressure: of the pen, 0..1; 1 for a mouse. is_pen: the event comes from a tablet.
    """

    canvas: QPointF
    view: QPointF
    alt: bool = False
    shift: bool = False
    pressure: float = 1.0
    is_pen: bool = False


class Host(Protocol):
    """The parts of the view that a gesture may use."""

    @property
    def document(self) -> Document: ...

    @property
    def brush(self) -> Brush:
        """The current brush."""
        ...

    @property
    def brush_size(self) -> int:
        """The diameter of the current brush in canvas pixels."""
        ...

    def set_brush_size(self, size: int) -> None: ...

    @property
    def choices(self) -> AreaChoices:
        """The settings of the tools that select or fill."""
        ...

    @property
    def stamp(self) -> Stamp:
        """Where the clone stamp copies from."""
        ...

    @property
    def colours(self) -> BrushColours:
        """The colours of sketch and paint."""
        ...

    @property
    def chosen_layer(self) -> Callable[[], UUID | None]:
        """Tells which layer the artist has chosen."""
        ...

    @property
    def told(self) -> SignalInstance:
        """Emitted with a sentence that says why nothing happened."""
        ...

    @property
    def objects(self) -> ObjectFinder:
        """Finds objects in the background."""
        ...

    @property
    def zoom(self) -> float:
        """Screen pixels per canvas pixel."""
        ...

    @property
    def angle(self) -> float:
        """The angle of the canvas in degrees clockwise."""
        ...

    @property
    def middle(self) -> QPointF:
        """The middle of the view, in view points."""
        ...

    def to_view(self, point: QPointF) -> QPointF:
        """The view point at which a canvas point is shown."""
        ...

    @property
    def transform(self) -> Transform:
        """From the canvas to the view."""
        ...

    @property
    def placing(self) -> Placing:
        """The layer that the transform tool holds."""
        ...

    @property
    def crop_asked(self) -> SignalInstance:
        """Emitted with the Box that the canvas is to be cropped to."""
        ...

    def pan(self, by: QPointF) -> None:
        """Move the canvas by an offset in view points."""
        ...

    def zoom_to(self, zoom: float, anchor: QPointF) -> None:
        """Zoom, keeping the canvas point under the view point `anchor`."""
        ...

    def turn_to(self, angle: float, anchor: QPointF) -> None:
        """Turn the canvas about a view point."""
        ...


class Gesture(Protocol):
    """An interaction from pointer down to pointer up."""

    @property
    def trail(self) -> Sequence[QPointF]:
        """The closed outline to draw meanwhile, in canvas coordinates; empty = none."""
        ...

    def move(self, to: Pointer) -> None: ...

    def end(self) -> None: ...

    def cancel(self) -> None:
        """Undo everything that the gesture has done."""
        ...


@runtime_checkable
class ClickedGesture(Gesture, Protocol):
    """A gesture of several clicks: it does not end when the pointer goes up.

    A double click and the Enter key also end it.
    """

    def press(self, at: Pointer) -> bool:
        """Handle the next click; True if it ends the gesture."""
        ...

    def take_back(self) -> bool:
        """Undo the last click; False if none is left."""
        ...


Cursor: TypeAlias = Literal["ring", "cross", "hand", "zoom", "turn", "move"]
# The options that the bar at the top shows for a tool; "brush" also gives it its own brush.
Options: TypeAlias = Literal["", "brush", "area", "wand", "bucket", "gradient", "transform"]


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
    back: str = "eraser"  # the tool for the eraser end of a pen
    alt: str = ""  # the tool while Alt is held; "" = the tool handles Alt itself
    is_coloured: bool = False  # it uses the current colour, which the bar at the top then shows
