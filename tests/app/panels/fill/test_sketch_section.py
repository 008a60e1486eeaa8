from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from app.document.brush_colours import BrushColours
from app.document.document import Document
from app.panels.fill.sketch_section import SketchPanel
from lazydiff_core.contract import Box
from tests.app.document.driving import add_fill, sketched, square


@pytest.fixture
def panel(qtbot: QtBot, document: Document) -> SketchPanel:
    made = SketchPanel(document, BrushColours())
    qtbot.addWidget(made)
    return made


def test_it_leads_from_nothing_to_a_guide(
    qtbot: QtBot, document: Document, panel: SketchPanel
) -> None:
    said = [panel.explanation]
    for step in (
        lambda: sketched(document, Box(100, 100, 120, 120)),
        lambda: square(document, Box(10, 10, 30, 30)),
        lambda: square(document, Box(100, 100, 120, 120)),
    ):
        step()
        qtbot.waitUntil(lambda: not panel._rest.isActive())
        said.append(panel.explanation)
    expected = ("sketch brush", "brush the mask", "ignored", "70%")
    assert all(part in words for part, words in zip(expected, said, strict=True)), said
    assert not panel._picture.isHidden()


def test_strength_says_what_is_kept(document: Document, panel: SketchPanel) -> None:
    square(document, Box(10, 10, 30, 30))
    sketched(document, Box(10, 10, 30, 30))
    panel.strength.set_value(0.25)
    assert panel.explanation == "Keeps colors and shapes (25%)"


def test_a_spent_sketch_is_not_explained(document: Document, panel: SketchPanel) -> None:
    square(document, Box(10, 10, 30, 30))
    sketched(document, Box(10, 10, 30, 30))
    add_fill(document)
    panel._explain()
    assert "sketch brush" in panel.explanation
    assert panel._picture.isHidden()
