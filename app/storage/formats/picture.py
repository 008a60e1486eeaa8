"""A picture as files keep it: everything the artist would miss. Qt-free."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.document.edits import Edit, EditStack, Recipe
from lazydiff_core.contract import RGB, RGBA, Cover


@dataclass(frozen=True, eq=False)
class Picture:
    """What is painted and how it came about. Arrays are shared and must not be changed.

    stack:  base and edits; together they are the pixels.
    cover:  (H, W) uint8, the mask with its soft edges: what the next fill is for; 0 = outside.
    filled: the mask has been filled already.
    sketch: (H, W, 4) uint8 straight-alpha RGBA that fills start from; None = nothing is sketched.
    view:   how the canvas was looked at: zoom, the canvas pixel in the middle, ...
    """

    stack: EditStack
    cover: Cover
    filled: bool = False
    sketch: RGBA | None = None
    view: Mapping[str, float] = field(default_factory=dict)

    @property
    def size(self) -> tuple[int, int]:
        """Height and width in pixels."""
        height, width, _ = self.stack.base.shape
        return height, width

    def pixels(self) -> RGB:
        """(H, W, 3) uint8, new: what is seen."""
        return self.stack.pixels()

    @property
    def stored_bytes(self) -> int:
        """Bytes of everything a file has to hold, before compression."""
        height, width = self.size
        planes = 4 if self.sketch is None else 8
        return height * width * planes + sum(stored_bytes(edit) for edit in self.stack.edits)


@dataclass(frozen=True, eq=False)
class Opened:
    """What a file held.

    problems: a sentence for each thing that could not be read.
    aside:    a sentence on what the file keeps but the picture does not show; "" for nothing.
    Where there is either, the file is not to be replaced by the picture unasked.
    recipes:  of the fills that a plain picture tells of, oldest first.
    """

    picture: Picture
    problems: tuple[str, ...] = ()
    aside: str = ""
    recipes: tuple[Recipe, ...] = ()

    @property
    def is_whole(self) -> bool:
        """The picture is all that the file holds."""
        return not self.problems and not self.aside


def stored_bytes(edit: Edit) -> int:
    """Bytes of an edit's arrays without `before`, which those below it tell."""
    return edit.nbytes - edit.before.nbytes
