from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRect
from pytestqt.qtbot import QtBot

from app.document.document import Document
from app.document.rects import rect_of
from app.engine.prefetch import Foresight, in_sight
from lazydiff_core.contract import Box, Framing, Scope
from lazydiff_core.geometry.window import choose_window
from tests.app.document.test_commands import square
from tests.lazydiff_core.geometry.driving import holes_on_canvases


@pytest.fixture
def foresight(qapp: object, document: Document) -> Foresight:
    made = Foresight(document)
    made.enabled = True
    return made


def test_the_mask_at_rest_is_looked_at(
    qtbot: QtBot, document: Document, foresight: Foresight
) -> None:
    with qtbot.waitSignal(foresight.wanted) as wanted:
        square(document, QRect(10, 10, 20, 20))
    assert np.count_nonzero(wanted.args[0].mask) == 20 * 20
    assert wanted.args[0].scope == "auto"


def test_another_scope_is_looked_at_too(
    qtbot: QtBot, document: Document, foresight: Foresight
) -> None:
    square(document, QRect(10, 10, 20, 20))
    with qtbot.waitSignal(foresight.wanted) as wanted:
        foresight.set_scope("whole")
    assert wanted.args[0].scope == "whole"


def test_newer_wishes_supersede_older_ones(
    qtbot: QtBot, document: Document, foresight: Foresight
) -> None:
    with qtbot.waitSignal(foresight.wanted) as wanted:
        square(document, QRect(10, 10, 20, 20))
    foresight.prepare()
    assert wanted.args[0].superseded.is_set()


@pytest.mark.parametrize("reason", ["disabled", "no mask", "filled"])
def test_nothing_is_looked_at_in_vain(
    qtbot: QtBot, document: Document, foresight: Foresight, reason: str
) -> None:
    if reason != "no mask":
        square(document, QRect(10, 10, 20, 20))
    foresight.enabled = reason != "disabled"
    document.filled = reason == "filled"
    with qtbot.assertNotEmitted(foresight.wanted):
        foresight.prepare()


@given(holes_on_canvases(), st.sampled_from(["auto", "near"]), st.sampled_from([0, 32]))
def test_the_window_is_the_same_in_the_part_in_sight(
    case: tuple[Box, tuple[int, int]], scope: Scope, grid: int
) -> None:
    hole, (height, width) = case
    framing = Framing(least=0.45, grid=grid)
    part = in_sight(rect_of(hole), QRect(0, 0, width, height), 512)
    there = replace(
        hole,
        left=hole.left - part.x(),
        right=hole.right - part.x(),
        top=hole.top - part.y(),
        bottom=hole.bottom - part.y(),
    )
    whole = choose_window(hole, (height, width), 512, framing, scope).box
    found = choose_window(there, (part.height(), part.width()), 512, framing, scope).box
    assert (found.left + part.x(), found.top + part.y()) == (whole.left, whole.top)
    assert found.width == whole.width
