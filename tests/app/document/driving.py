"""What a test does to a document: paint its mask or its sketch, add a fill, flip a variant."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from app.document.commands import add_edit, change_edit
from app.document.document import Document
from app.document.edits import Edit
from app.document.mask_edit import MaskEdit
from app.document.sketch_edit import SketchEdit
from app.engine.requests import edit_from, request_for
from lazydiff_core.contract import Box
from lazydiff_core.generation_settings import GenerationSettings
from tests.app.doubles import INFO, result_for


def square(document: Document, box: Box, value: bool = True) -> None:
    edit = MaskEdit(document)
    edit.paint(box, np.ones(box.shape, np.bool_), value)
    edit.commit("Paint mask")


def sketched(document: Document, box: Box, red: int = 200, value: bool = True) -> None:
    edit = SketchEdit(document, (red, 30, 40))
    edit.paint(box, np.full(box.shape, 200, np.uint8), value)
    edit.commit("Sketch")


def add_fill(document: Document, seed: int = 1, variants: int = 1, strength: float = 0.5) -> Edit:
    request = request_for(
        document, GenerationSettings(seed=seed, variants=variants, strength=strength)
    )
    edit = edit_from(request, result_for(request), INFO, document.pixels)
    add_edit(document, "Fill", edit)
    return edit


def flip(document: Document, edit: Edit, number: int) -> None:
    now = next(other for other in document.edits if other.id == edit.id)
    change_edit(document, "Other variant", replace(now, chosen=number), step=edit.id)
