"""A public model in the window: looked up, downloaded, taken into use."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.panels.gallery.gallery import Gallery
from app.window import MainWindow
from lazydiff_core.model_store.hub_offer import look_up
from tests.app.doubles import PATIENCE_MS
from tests.lazydiff_core.model_store.doubles import MODEL, FakeHub, serving
from tests.lazydiff_core.public_layouts import files_of, klein


@pytest.mark.filterwarnings("ignore:builtin type:DeprecationWarning")
def test_klein_comes_and_paints(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    klein(tmp_path / "klein", is_distilled=True)
    with serving(FakeHub(files_of(tmp_path / "klein"))) as hub:
        dialog = Gallery(window.model_choice, None, partial(look_up, endpoint=hub.address))
        qtbot.addWidget(dialog)
        dialog.show()
        dialog.name.setText(MODEL)
        for until in ("Download", "Use it"):
            dialog.act.click()
            qtbot.waitUntil(lambda: dialog.act.isEnabled(), timeout=PATIENCE_MS)
            assert dialog.act.text() == until, dialog.note.text()
        dialog.act.click()
    done = window.generation.loader
    with qtbot.waitSignal(done.loaded, timeout=8 * PATIENCE_MS):
        pass
    info = window.generation.info
    assert info is not None
    assert (info.backend, info.default_steps, info.native_side) == ("cached_dit", 4, 64)
