from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from app.document.commands import add_edit, change_edit, replace_mask
from app.document.document import Document
from app.document.edits import Edit
from app.document.variants import VariantBrowser
from app.engine.requests import edit_from, request_for
from app.panels.fill.history_panel import HistoryPanel
from lazydiff_core.contract import Box
from lazydiff_core.generation_settings import GenerationSettings
from tests.app.document.driving import square
from tests.app.doubles import INFO, grey, result_for


@pytest.fixture
def browser(document: Document) -> VariantBrowser:
    return VariantBrowser(document)


@pytest.fixture
def panel(qtbot: QtBot, document: Document, browser: VariantBrowser) -> HistoryPanel:
    made = HistoryPanel(document, browser)
    qtbot.addWidget(made)
    made.resize(280, 500)
    made.show()
    return made


def filled(document: Document, prompt: str, seed: int, left: int = 10) -> Edit:
    replace_mask(document, "Clear", np.zeros_like(document.mask))
    square(document, Box(left, 10, left + 20, 30))
    request = request_for(document, GenerationSettings(prompt, "blurry", seed=seed, variants=2))
    edit = edit_from(request, result_for(request), INFO, document.pixels)
    add_edit(document, "Fill", edit)
    return edit


def words(panel: HistoryPanel, row: int) -> str:
    return str(panel.list.item(row).data(Qt.ItemDataRole.AccessibleTextRole))


def click(panel: HistoryPanel, row: int, *, double: bool = False) -> None:
    at = panel.list.visualItemRect(panel.list.item(row)).center()
    how = QTest.mouseDClick if double else QTest.mouseClick
    how(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=at)


def test_it_is_empty_at_first_and_says_so(panel: HistoryPanel) -> None:
    assert panel.list.isHidden()
    assert "Your fills appear here" in panel._note.text()
    assert not panel.stale.isVisible()


def test_a_row_an_edit_the_newest_first(document: Document, panel: HistoryPanel) -> None:
    filled(document, "a cat", 5)
    filled(document, "", 9, left=60)
    assert [words(panel, row).split(",")[0] for row in (0, 1)] == [
        "fill from the surroundings",
        "a cat",
    ]
    assert "seed 5 · 2 variants" in words(panel, 1)
    assert panel.list.currentRow() == 0
    document.undo_stack.undo()
    assert panel.list.count() == 1


def test_a_click_shows_the_variants_of_an_edit(
    document: Document, panel: HistoryPanel, browser: VariantBrowser
) -> None:
    first = filled(document, "a cat", 5)
    filled(document, "a dog", 9, left=60)
    click(panel, 1)
    assert browser.edit is first


def test_copying_and_reusing(qtbot: QtBot, document: Document, panel: HistoryPanel) -> None:
    filled(document, "a cat", 5)
    change_edit(document, "Other variant", replace(document.edits[0], chosen=1))
    actions = panel._actions
    actions["copy"].trigger()
    assert QGuiApplication.clipboard().text() == "a cat"
    actions["seed"].trigger()
    assert QGuiApplication.clipboard().text() == "6", "of the variant on the canvas"
    with qtbot.waitSignals([panel.reuse_prompt, panel.reuse_all]) as reused:
        actions["reuse"].trigger()
        actions["lock"].trigger()
    for signal in reused.all_signals_and_args:
        assert (signal.args[0].prompt, signal.args[0].negative) == ("a cat", "blurry")


def test_the_mask_of_an_edit_comes_back(document: Document, panel: HistoryPanel) -> None:
    filled(document, "a cat", 5)
    mask = document.mask.copy()
    filled(document, "a dog", 9, left=60)
    click(panel, 1)
    panel._actions["mask"].trigger()
    assert np.array_equal(document.mask, mask)
    document.undo_stack.undo()
    assert not np.array_equal(document.mask, mask)


def test_stale_edits_are_marked_and_offered(
    qtbot: QtBot, document: Document, panel: HistoryPanel
) -> None:
    filled(document, "a cat", 5)
    for seed in (9, 12):
        filled(document, "a hat", seed, left=20)
    change_edit(document, "Other variant", replace(document.edits[0], chosen=1))
    assert ["needs a replay" in words(panel, row) for row in range(3)] == [True, True, False]
    assert panel.stale.isVisible()
    assert panel.stale.text() == "Replay 2 later edits"
    with qtbot.waitSignal(panel.replay_stale):
        panel.stale.click()
    panel.set_ready(False)
    assert not panel.stale.isEnabled()


def test_a_double_click_opens_the_form_and_the_form_asks(
    qtbot: QtBot, document: Document, panel: HistoryPanel
) -> None:
    first = filled(document, "a cat", 5)
    filled(document, "a dog", 9, left=60)
    click(panel, 1)
    click(panel, 1, double=True)
    assert panel.editor.isVisible()
    panel.editor.prompt.setText("a lion")
    with qtbot.waitSignal(panel.replay) as asked:
        panel.editor.button.click()
    assert asked.args == [first.id, replace(first.recipe.settings, prompt="a lion")]
    click(panel, 0)
    assert panel.editor.isHidden()


def test_the_menu_of_a_row_acts_on_that_row(
    document: Document, panel: HistoryPanel, browser: VariantBrowser
) -> None:
    first = filled(document, "a cat", 5)
    filled(document, "a dog", 9, left=60)
    at: QPoint = panel.list.visualItemRect(panel.list.item(1)).center()
    panel._show_menu(at)
    menu = panel.findChild(QMenu)
    assert menu is not None
    assert menu.actions()[0].text() == "Change and replay…"
    assert browser.edit is first
    menu.close()


def test_rows_show_pictures_and_fade_when_discarded(
    document: Document, panel: HistoryPanel
) -> None:
    filled(document, "a cat", 5)
    row = panel.list.visualItemRect(panel.list.item(0))
    spot = QPoint(row.left() + 30, row.center().y())
    shown = panel.list.viewport().grab().toImage().pixelColor(spot)
    assert abs(shown.red() - grey(5)) < 3
    change_edit(document, "Discard", replace(document.edits[0], chosen=None))
    faded = panel.list.viewport().grab().toImage().pixelColor(spot)
    assert faded.red() > shown.red() + 60
    assert "discarded" in words(panel, 0)
