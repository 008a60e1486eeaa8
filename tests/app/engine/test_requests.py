from __future__ import annotations

import numpy as np

from app.document.commands import add_edit, replace_mask
from app.document.document import Document
from app.engine.requests import edit_from, request_for
from lazydiff_core.contract import Box
from lazydiff_core.generation_settings import GenerationSettings
from tests.app.document.driving import sketched, square
from tests.app.doubles import INFO, result_for


def test_without_a_sketch_there_is_none_to_ask_for(document: Document) -> None:
    square(document, Box(10, 10, 30, 30))
    request = request_for(document, GenerationSettings(strength=0.5))
    assert (request.sketch, request.settings.strength, request.cover) == (None, 1.0, None)


def test_a_sketch_in_the_mask_guides(document: Document) -> None:
    square(document, Box(10, 10, 30, 30))
    sketched(document, Box(0, 0, 20, 20))
    request = request_for(document, GenerationSettings(strength=0.5))
    assert request.sketch is not None
    assert request.settings.strength == 0.5
    assert np.array_equal(request.sketch[15, 15], document.sketch[15, 15])
    assert not request.sketch[5, 5].any(), "nothing around the mask"


def test_at_full_strength_or_beside_the_mask_it_does_not(document: Document) -> None:
    sketched(document, Box(0, 0, 10, 10))
    square(document, Box(10, 10, 30, 30))
    assert request_for(document, GenerationSettings(strength=0.5)).sketch is None
    sketched(document, Box(12, 12, 22, 22))
    assert request_for(document, GenerationSettings(strength=1.0)).sketch is None


def test_what_is_visible_of_the_sketch_guides_whatever_mask_it_lies_in(document: Document) -> None:
    sketched(document, Box(10, 10, 50, 30))
    square(document, Box(10, 10, 30, 30))
    settings = GenerationSettings(strength=0.5)
    request = request_for(document, settings)
    add_edit(document, "Fill", edit_from(request, result_for(request), INFO, document.pixels))
    assert request_for(document, settings).sketch is None, "spent"
    square(document, Box(20, 10, 50, 30))
    again = request_for(document, settings).sketch
    assert again is not None
    assert not again[15, 25].any(), "spent"
    assert again[15, 35].any()


def test_soft_edges_and_sketch_are_kept_with_the_edit(document: Document) -> None:
    cover = np.zeros(document.mask.shape, np.uint8)
    cover[10:30, 10:40] = 120
    replace_mask(document, "Feather", cover)
    sketched(document, Box(10, 10, 30, 30))
    request = request_for(document, GenerationSettings("moss", strength=0.4))
    edit = edit_from(request, result_for(request), INFO, document.pixels)
    assert edit.cover is not None
    assert (edit.cover == 120).all()
    assert edit.cover.shape == (20, 30)
    assert np.array_equal(edit.sketch, document.sketch[10:30, 10:40])
    assert edit.recipe.settings.strength == 0.4


def test_a_result_for_a_picture_that_has_changed_is_stale(document: Document) -> None:
    hollow = np.zeros(document.mask.shape, np.bool_)
    hollow[10:30, 10:30] = True
    hollow[15:25, 15:25] = False
    replace_mask(document, "Paint mask", hollow)
    request = request_for(document, GenerationSettings())
    now = document.pixels.copy()
    now[12, 12] = 0  # in the hole: nobody looks at it
    assert not edit_from(request, result_for(request), INFO, now).stale
    now[20, 20] = 0
    assert edit_from(request, result_for(request), INFO, now).stale
