from __future__ import annotations

from dataclasses import replace

from pytestqt.qtbot import QtBot

from app.actions import REASONS
from app.controllers.conditions import holding
from app.document.commands import change_edit
from app.window import MainWindow
from lazydiff_core.contract import Box
from tests.app.document.test_commands import fill, sketched, square


def test_conditions_follow_the_work(window: MainWindow) -> None:
    def now() -> frozenset[str]:
        return holding(
            window.document,
            window.session,
            window.variant_browser,
            window.recipe_import,
            window.live,
        )

    ready = {"engine", "working engine", "teachable"}
    assert now() == ready
    window.mask_controller.select_all()
    assert now() == ready | {"mask", "undo"}
    window.history.undo()
    assert now() == ready | {"redo"}
    assert now() <= set(REASONS)


def test_conditions_follow_edits_and_sketch(qtbot: QtBot, window: MainWindow) -> None:
    def now() -> frozenset[str]:
        return holding(
            window.document,
            window.session,
            window.variant_browser,
            window.recipe_import,
            window.live,
        )

    sketched(window.document, Box(10, 10, 30, 30))
    assert "sketch" in now()
    square(window.document, Box(10, 10, 30, 30))
    fill(window.document, variants=1)
    assert {"edit", "earlier fill"} <= now()
    assert not now() & {"variants", "stale"}
    fill(window.document, seed=9, variants=2)
    assert "variants" in now()
    change_edit(window.document, "Discard", replace(window.document.edits[0], chosen=None))
    assert "stale" in now()
    window.variant_browser.keep_all()
    assert "edit" not in now()
    assert now() <= set(REASONS)
