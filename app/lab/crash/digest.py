"""A digest of everything in a picture that must not be lost."""

from __future__ import annotations

import hashlib

import numpy as np
import numpy.typing as npt

from app.document.document import Document
from app.document.edits import Edit
from app.document.source_file import SourceFile
from app.storage.formats.contents import Project
from lazydiff_core.contract import RGBA, Cover, Pixels


def digest_of_document(document: Document, prompt: str) -> str:
    return _digest(
        prompt,
        document.source,
        document.pixels,
        document.cover,
        document.sketch,
        document.edits,
        document.filled,
    )


def digest_of_picture(picture: Project, prompt: str = "") -> str:
    """The digest of a picture; equal to that of the document it was taken from."""
    return _digest(
        prompt,
        picture.source,
        picture.pixels(),
        picture.cover,
        picture.sketch,
        picture.stack.edits,
        picture.filled,
    )


def _digest(
    prompt: str,
    source: SourceFile | None,
    pixels: Pixels,
    cover: Cover,
    sketch: RGBA | None,
    edits: tuple[Edit, ...],
    filled: bool,
) -> str:
    made = hashlib.blake2b(repr((pixels.shape, filled, prompt)).encode(), digest_size=12)
    made.update(b"" if source is None else repr((source.name, source.data)).encode())
    planes: list[npt.NDArray[np.generic]] = [pixels, cover]
    if sketch is not None and sketch.any():  # an empty sketch counts as no sketch
        planes.append(sketch)
    for edit in edits:
        made.update(repr(_facts(edit)).encode())
        planes += edit.arrays()
    for plane in planes:
        made.update(np.ascontiguousarray(plane).data)
    return made.hexdigest()


def _facts(edit: Edit) -> tuple[object, ...]:
    """All of an edit but its arrays."""
    mattes = [variant.matte is not None for variant in edit.variants]
    shown = (edit.name, edit.visible, edit.opacity, edit.blend, edit.made_on)
    return (edit.id, edit.chosen, edit.stale, edit.box, edit.recipe, mattes, shown)
