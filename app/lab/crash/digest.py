"""A digest of everything in a picture that must not be lost."""

from __future__ import annotations

import hashlib

import numpy as np
import numpy.typing as npt

from app.document.document import Document
from app.document.edits import Edit
from app.storage.formats.contents import Project
from lazydiff_core.contract import RGB, RGBA, Cover


def digest_of_document(document: Document) -> str:
    return _digest(
        document.pixels,
        document.cover,
        document.sketch,
        document.edits,
        document.filled,
    )


def digest_of_picture(picture: Project) -> str:
    """The digest of a picture; equal to that of the document it was taken from."""
    return _digest(
        picture.pixels(),
        picture.cover,
        picture.sketch,
        picture.stack.edits,
        picture.filled,
    )


def _digest(
    pixels: RGB,
    cover: Cover,
    sketch: RGBA | None,
    edits: tuple[Edit, ...],
    filled: bool,
) -> str:
    made = hashlib.blake2b(repr((pixels.shape, filled)).encode(), digest_size=12)
    planes: list[npt.NDArray[np.generic]] = [pixels, cover]
    if sketch is not None and sketch.any():  # an empty sketch counts as no sketch
        planes.append(sketch)
    for edit in edits:
        made.update(repr((edit.id, edit.chosen, edit.stale, edit.box, edit.recipe)).encode())
        planes += edit.arrays()
    for plane in planes:
        made.update(np.ascontiguousarray(plane).data)
    return made.hexdigest()
