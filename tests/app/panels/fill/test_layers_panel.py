from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QRect, Qt
from PySide6.QtGui import QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QDoubleSpinBox, QLineEdit, QMenu, QSlider
from pytestqt.qtbot import QtBot

from app.document.commands import add_edit, change_edit, replace_mask
from app.document.document import Document
from app.document.edits import Edit
from app.document.variants import VariantBrowser
from app.engine.requests import edit_from, request_for
from app.panels.fill.layer_rows import badge_of, eye_of, picture_of, words_of
from app.panels.fill.layers_panel import LayersPanel
from lazydiff_core.contract import Box
from lazydiff_core.generation_settings import GenerationSettings
from lazydiff_core.geometry.compositing import BlendMode
from tests.app.document.driving import square
from tests.app.doubles import INFO, grey, result_for


@pytest.fixture
def browser(document: Document) -> VariantBrowser:
    return VariantBrowser(document)


@pytest.fixture
def panel(qtbot: QtBot, document: Document, browser: VariantBrowser) -> LayersPanel:
    made = LayersPanel(document, browser)
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


def words(panel: LayersPanel, row: int) -> str:
    return str(panel.list.item(row).data(Qt.ItemDataRole.AccessibleTextRole))


def click(panel: LayersPanel, row: int) -> None:
    at = panel.list.visualItemRect(panel.list.item(row)).center()
    QTest.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=at)


def place(panel: LayersPanel, row: int, part: Callable[[QRect], QRect]) -> QPoint:
    """The middle of a part of a row."""
    return part(panel.list.visualItemRect(panel.list.item(row))).center()


def test_it_is_empty_at_first_and_says_so(panel: LayersPanel) -> None:
    assert panel.list.isHidden()
    assert "Your fills appear here" in panel._note.text()
    assert not panel.stale.isVisible()


def test_a_row_an_edit_the_newest_first(document: Document, panel: LayersPanel) -> None:
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
    document: Document, panel: LayersPanel, browser: VariantBrowser
) -> None:
    first = filled(document, "a cat", 5)
    filled(document, "a dog", 9, left=60)
    click(panel, 1)
    assert browser.edit is first


def test_copying_and_reusing(qtbot: QtBot, document: Document, panel: LayersPanel) -> None:
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


def test_the_mask_of_an_edit_comes_back(document: Document, panel: LayersPanel) -> None:
    filled(document, "a cat", 5)
    mask = document.mask.copy()
    filled(document, "a dog", 9, left=60)
    click(panel, 1)
    panel._actions["mask"].trigger()
    assert np.array_equal(document.mask, mask)
    document.undo_stack.undo()
    assert not np.array_equal(document.mask, mask)


def test_stale_edits_are_marked_and_offered(
    qtbot: QtBot, document: Document, panel: LayersPanel
) -> None:
    filled(document, "a cat", 5)
    for seed in (9, 12):
        filled(document, "a hat", seed, left=20)
    change_edit(document, "Other variant", replace(document.edits[0], chosen=1))
    assert ["needs a replay" in words(panel, row) for row in range(3)] == [True, True, False]
    assert panel.stale.isVisible()
    assert panel.stale.text() == "Replay 2 stale layers"
    with qtbot.waitSignal(panel.replay_stale):
        panel.stale.click()
    panel.set_ready(False)
    assert not panel.stale.isEnabled()


def test_a_double_click_on_the_picture_opens_the_form_and_the_form_asks(
    qtbot: QtBot, document: Document, panel: LayersPanel
) -> None:
    first = filled(document, "a cat", 5)
    filled(document, "a dog", 9, left=60)
    click(panel, 1)
    picture = place(panel, 1, picture_of)
    QTest.mouseDClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=picture)
    assert panel.editor.isVisible()
    panel.editor.prompt.setText("a lion")
    with qtbot.waitSignal(panel.replay) as asked:
        panel.editor.button.click()
    assert asked.args == [first.id, replace(first.recipe.settings, prompt="a lion")]
    click(panel, 0)
    assert panel.editor.isHidden()


def test_the_menu_of_a_row_acts_on_that_row(
    document: Document, panel: LayersPanel, browser: VariantBrowser
) -> None:
    first = filled(document, "a cat", 5)
    filled(document, "a dog", 9, left=60)
    at: QPoint = panel.list.visualItemRect(panel.list.item(1)).center()
    panel._show_menu(at)
    menu = panel.findChild(QMenu)
    assert menu is not None
    assert "Change and replay…" in [entry.text() for entry in menu.actions()]
    assert browser.edit is first
    menu.close()


def test_rows_show_pictures_and_fade_when_discarded(document: Document, panel: LayersPanel) -> None:
    filled(document, "a cat", 5)
    row = panel.list.visualItemRect(panel.list.item(0))
    spot = picture_of(row).center()
    shown = panel.list.viewport().grab().toImage().pixelColor(spot)
    assert abs(shown.red() - grey(5)) < 3
    change_edit(document, "Discard", replace(document.edits[0], chosen=None))
    faded = panel.list.viewport().grab().toImage().pixelColor(spot)
    assert faded.lightness() > shown.lightness() + 40
    assert "discarded" in words(panel, 0)


@pytest.fixture
def three(document: Document, panel: LayersPanel) -> tuple[Edit, ...]:
    for number, left in enumerate((10, 60, 110)):
        filled(document, f"thing {number}", 5 + number, left=left)
    return document.edits


def names(document: Document) -> list[str]:
    return [edit.name or edit.recipe.settings.prompt for edit in document.edits]


def test_the_eye_hides_and_shows_and_selects_nothing(
    document: Document, panel: LayersPanel, browser: VariantBrowser, three: tuple[Edit, ...]
) -> None:
    eye = place(panel, 2, eye_of)
    QTest.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=eye)
    assert [edit.visible for edit in document.edits] == [False, True, True]
    assert "hidden" in words(panel, 2)
    assert browser.edit is three[2]
    QTest.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=eye)
    assert document.edits[0].visible
    panel.list.setFocus()
    QTest.keyClick(panel.list, Qt.Key.Key_Space)
    assert not document.edits[2].visible


def test_a_name_is_written_by_double_click(
    qtbot: QtBot, document: Document, panel: LayersPanel, three: tuple[Edit, ...]
) -> None:
    at = place(panel, 0, lambda row: words_of(row, three[2]))
    QTest.mouseDClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=at)
    field = panel.list.findChild(QLineEdit)
    assert field is not None
    assert field.text() == "thing 2"
    row = panel.list.visualItemRect(panel.list.item(0))
    assert row.top() <= field.geometry().top()
    assert field.geometry().bottom() < row.center().y() + 8, "the details stay in sight"
    field.setText("  my hat ")
    with qtbot.assertNotEmitted(panel.list.opened):
        QTest.keyClick(field, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: names(document) == ["thing 0", "thing 1", "my hat"])
    assert words(panel, 0).startswith("my hat")
    panel.rename()
    field = panel.list.findChildren(QLineEdit)[-1]
    field.setText("")
    QTest.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: document.edits[2].name == "")


def test_a_drag_of_the_slider_is_one_step(document: Document, panel: LayersPanel) -> None:
    filled(document, "a cat", 5)
    count = document.undo_stack.count()
    slider = panel.opacity.findChild(QSlider)
    for end in (40, 70):
        slider.sliderPressed.emit()
        for value in (90, 60, end):
            slider.setValue(value)
        assert document.edits[0].opacity == end / 100
    assert document.undo_stack.count() == count + 2
    assert "70%" in words(panel, 0)
    (field,) = panel.opacity.findChildren(QDoubleSpinBox)
    assert field.text() == "70 %"
    document.undo_stack.undo()
    assert panel.opacity.value == 40


def test_a_blend_mode_is_chosen(document: Document, panel: LayersPanel) -> None:
    filled(document, "a cat", 5)
    panel.blend.setCurrentIndex(panel.blend.findText("Screen"))
    panel.blend.activated.emit(panel.blend.currentIndex())
    assert document.edits[0].blend is BlendMode.SCREEN
    document.undo_stack.undo()
    assert panel.blend.currentText() == "Normal"


@pytest.mark.parametrize(
    ("source", "onto", "below", "expected"),
    [
        (0, 2, True, [2, 0, 1]),
        (2, 0, False, [1, 2, 0]),
        (0, 1, False, [0, 1, 2]),
        (2, 1, False, [1, 0, 2]),
    ],
)
def test_rows_are_dragged_to_another_place(
    document: Document,
    panel: LayersPanel,
    three: tuple[Edit, ...],
    monkeypatch: pytest.MonkeyPatch,
    source: int,
    onto: int,
    below: bool,
    expected: list[int],
) -> None:
    panel.list.setCurrentRow(source)
    position = QAbstractItemView.DropIndicatorPosition
    where = position.BelowItem if below else position.AboveItem
    monkeypatch.setattr(panel.list, "dropIndicatorPosition", lambda: where)
    mime = QMimeData()
    event = QDropEvent(
        place(panel, onto, lambda row: row),
        Qt.DropAction.MoveAction,
        mime,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    panel.list.dropEvent(event)
    assert event.dropAction() == Qt.DropAction.IgnoreAction, "Qt would remove the row"
    assert names(document) == [f"thing {k}" for k in expected]
    assert panel.list.count() == 3


def test_layers_are_duplicated_merged_moved_and_deleted(
    document: Document, panel: LayersPanel, browser: VariantBrowser, three: tuple[Edit, ...]
) -> None:
    panel.duplicate()
    assert names(document)[-1] == "thing 2 copy"
    assert browser.edit is document.edits[3]
    panel.move_layer(-3)
    assert names(document)[0] == "thing 2 copy"
    panel.move_layer(-1)
    panel.move_layer(1)
    panel.merge_down()
    assert names(document)[0] == "thing 0"
    assert browser.edit is document.edits[0]
    assert document.edits[0].recipe is None
    assert not panel._actions["replay"].isEnabled()
    assert panel._actions["mask"].isEnabled()
    panel.list.setCurrentRow(0)
    panel.list.setFocus()
    QTest.keyClick(panel.list, Qt.Key.Key_Delete)
    assert len(document.edits) == 2
    assert browser.edit is document.edits[1]
    while document.undo_stack.canUndo():
        document.undo_stack.undo()
    assert panel.list.isHidden()


def test_one_stale_layer_is_run_again_by_its_mark(
    qtbot: QtBot, document: Document, panel: LayersPanel
) -> None:
    filled(document, "a cat", 5)
    above = filled(document, "a hat", 9, left=20)
    change_edit(document, "Other variant", replace(document.edits[0], chosen=1))
    panel.set_ready(True)
    with qtbot.waitSignal(panel.replay) as asked:
        mark = place(panel, 0, badge_of)
        QTest.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=mark)
    assert asked.args == [above.id, above.recipe.settings]


def test_rows_stay_where_only_looks_change(document: Document, panel: LayersPanel) -> None:
    filled(document, "a cat", 5)
    item = panel.list.item(0)
    panel.opacity.set_value(30)
    assert panel.list.item(0) is item
