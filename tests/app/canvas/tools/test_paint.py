"""Paint brush and paint eraser on the canvas: layers, colours, pen, mask."""

from __future__ import annotations

from uuid import UUID

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.canvas.view import CanvasView
from app.document.document import Document
from lazydiff_core.contract import Box
from tests.app.canvas.driving import ALT, click, drag, pen, tablet


@pytest.fixture
def view(view: CanvasView) -> CanvasView:
    """Strokes go into the topmost layer, as after each of them in the window."""
    view.chosen_layer = lambda: layer_on_top(view.document)
    view.set_tool("paint")
    view.set_brush_size(20)
    view.colours.use((10, 60, 250))
    return view


def layer_on_top(document: Document) -> UUID | None:
    return document.edits[-1].id if document.edits else None


def test_strokes_share_a_layer_and_are_a_step_each(view: CanvasView, document: Document) -> None:
    drag(view, (100, 100), (200, 100))
    drag(view, (100, 200), (200, 200))
    (layer,) = document.edits
    assert layer.recipe is None
    for y in (100, 200):
        assert (document.pixels[y, 150] == (10, 60, 250)).all()
    assert document.sketch is None, "it is no sketch"
    assert not document.has_mask
    assert [document.undo_stack.text(k) for k in range(2)] == ["Paint", "Paint"]
    assert view.colours.recent[0] == (10, 60, 250)
    document.undo_stack.undo()
    assert (document.pixels[200, 150] == 255).all()
    assert (document.pixels[100, 150] == (10, 60, 250)).all()


def test_the_stroke_is_seen_before_it_ends_and_escape_takes_it_back(
    view: CanvasView, document: Document
) -> None:
    drag(view, (100, 100), (200, 100), release=False)
    assert (document.pixels[100, 150] == (10, 60, 250)).all()
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert (document.pixels == 255).all()
    assert document.undo_stack.count() == 0


def test_opacity_and_hardness_soften_it(view: CanvasView, document: Document) -> None:
    view.brushes.set(opacity=50, hardness=0)
    drag(view, (100, 100), (200, 100))
    middle, rim = document.pixels[100, 150].astype(int), document.pixels[107, 150].astype(int)
    assert middle == pytest.approx([132, 157, 252], abs=3)
    assert (rim > middle)[:2].all()


def test_the_eraser_takes_paint_away_also_by_the_pens_other_end(
    view: CanvasView, document: Document
) -> None:
    drag(view, (100, 100), (300, 100))
    view.set_tool("paint-eraser")
    view.set_brush_size(40)
    drag(view, (200, 100), (220, 100))
    assert (document.pixels[100, 210] == 255).all()
    assert (document.pixels[100, 110] == (10, 60, 250)).all()
    drag(view, (210, 100), (211, 100), held=ALT)
    assert (document.pixels[100, 210] == (10, 60, 250)).all(), "Alt paints"
    view.set_tool("paint")
    pen(view, (110, 100, 1.0), (130, 100, 1.0), device=tablet(eraser=True))
    assert (document.pixels[100, 120] == 255).all()


def test_without_paint_the_eraser_says_so(view: CanvasView, document: Document) -> None:
    told: list[str] = []
    view.told.connect(told.append)
    view.set_tool("paint-eraser")
    drag(view, (100, 100), (200, 100))
    assert len(told) == 1
    assert document.undo_stack.count() == 0


def test_pressure_sets_the_size(view: CanvasView, document: Document) -> None:
    view.set_brush_size(60)
    pen(view, (100, 100, 0.2), (200, 100, 0.2), device=tablet())
    assert (document.pixels[100, 150] == (10, 60, 250)).all()
    assert (document.pixels[115, 150] == 255).all()


def test_a_mask_confines_it(view: CanvasView, document: Document) -> None:
    document.write_mask(Box(100, 90, 150, 110), np.ones((20, 50), np.bool_))
    drag(view, (80, 100), (300, 100))
    painted = (document.pixels != 255).any(axis=2)
    assert painted[100, 105]
    assert not painted[:, 150:].any()
    assert not painted[:, :100].any()


def test_paint_beside_the_mask_says_why_there_is_none(view: CanvasView, document: Document) -> None:
    document.write_mask(Box(100, 90, 150, 110), np.ones((20, 50), np.bool_))
    told: list[str] = []
    view.told.connect(told.append)
    drag(view, (300, 300), (400, 300))
    assert len(told) == 1
    drag(view, (80, 100), (300, 100))
    assert len(told) == 1


def test_alt_picks_a_colour(view: CanvasView, document: Document) -> None:
    pixels = document.pixels.copy()
    pixels[50:60, 50:60] = (1, 2, 3)
    document.replace(pixels)
    view.camera.show_actual_size()
    click(view, 55, 55, held=ALT)
    assert view.colours.colour == (1, 2, 3)
    assert document.edits == ()
