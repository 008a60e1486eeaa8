from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from app.canvas.view import CanvasView
from app.document.document import Document
from tests.app.doubles import PATIENCE_MS


@pytest.fixture
def view(qtbot: QtBot, document: Document) -> CanvasView:
    """An 800 x 600 view of a 512 x 512 canvas at 100%."""
    made = CanvasView(document)
    qtbot.addWidget(made)
    made.resize(800, 600)
    with qtbot.waitExposed(made, timeout=PATIENCE_MS):
        made.show()
    made.camera.show_actual_size()
    made.set_brush_size(20)
    return made
