"""What files hold of a picture. Qt-free."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.document.edit_stack import EditStack
from app.document.edits import Edit, Recipe
from app.document.source_file import SourceFile
from lazydiff_core.contract import RGBA, Cover, Pixels


@dataclass(frozen=True, eq=False)
class Project:
    """The content of a project. Arrays are shared and must not be changed.

    stack:  base and edits, which give the pixels.
    cover:  (H, W) uint8, the mask with its soft edges; 0 = outside.
    filled: the mask is already filled.
    sketch: (H, W, 4) uint8 straight-alpha RGBA that fills start from; None = no sketch.
    view:   the view state: zoom, the canvas pixel in the middle, ...
    source: the file that the base was opened from, if it says more than the base.
    """

    stack: EditStack
    cover: Cover
    filled: bool = False
    sketch: RGBA | None = None
    view: Mapping[str, float] = field(default_factory=dict)
    source: SourceFile | None = None

    @property
    def size(self) -> tuple[int, int]:
        """Height and width in pixels."""
        height, width, _ = self.stack.base.shape
        return height, width

    @property
    def channels(self) -> int:
        """3 for RGB, 4 with straight alpha."""
        return int(self.stack.base.shape[2])

    def pixels(self) -> Pixels:
        """A new (H, W, channels) uint8: the picture with all edits."""
        return self.stack.pixels()

    @property
    def stored_bytes(self) -> int:
        """Bytes of everything that a file stores, before compression."""
        height, width = self.size
        planes = self.channels + (1 if self.sketch is None else 5)
        return height * width * planes + sum(stored_bytes(edit) for edit in self.stack.edits)


@dataclass(frozen=True, eq=False)
class Opened:
    """The content of an opened file.

    problems: a sentence for each part that could not be read.
    not_kept: what the file holds and the picture does not have, each in plain words.
    recipes:  of the fills noted in a plain image, oldest first.
    With problems or something `not_kept`, the file must not be overwritten without asking.
    """

    picture: Project
    problems: tuple[str, ...] = ()
    not_kept: tuple[str, ...] = ()
    recipes: tuple[Recipe, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether the picture has everything that the file holds."""
        return not self.problems and not self.not_kept


def stored_bytes(edit: Edit) -> int:
    """Bytes of an edit's arrays without `before`, which is computed from the edits below."""
    return edit.nbytes - edit.before.nbytes


@dataclass(frozen=True)
class Saving:
    """How a picture is saved.

    backup:  keep the file that was there, with `~` after its name.
    recipes: note the recipes of the fills in a plain picture.
    marks_generated: say in a plain picture that parts of it were generated.
    """

    backup: bool = True
    recipes: bool = False
    marks_generated: bool = True


USUAL = Saving()
