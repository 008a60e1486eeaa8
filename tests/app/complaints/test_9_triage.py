"""Complaint 9: results do not interrupt the hand; variants are tried, compared, kept or dropped."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QSpinBox, QToolButton
from pytestqt.qtbot import QtBot

from app.system.settings import SettingsStore
from app.window import MainWindow
from tests.app.doubles import PATIENCE_MS, ScriptedEngine, action, grey
from tests.app.driving import LEFT, NONE, brush, control, fill, press, scripted

KEYS = Qt.Key


def filled(qtbot: QtBot, window: MainWindow, variants: int = 4, seed: int = 5) -> None:
    brush(window, (200, 200), (260, 220))
    control(window.panel.options, QSpinBox, "Number of variants").setValue(variants)
    window.panel.options.show_seed(seed)
    control(window.panel.options, QToolButton, "Lock the seed").setChecked(True)
    fill(qtbot, window)


def shade(window: MainWindow) -> int:
    return int(window.document.pixels[205, 215, 0])


def close(window: MainWindow) -> None:
    window.document.undo_stack.setClean()
    window.close()


def test_a_result_waits_for_the_end_of_the_stroke(qtbot: QtBot, settings: SettingsStore) -> None:
    engine = ScriptedEngine(open_gate=False)
    window = scripted(qtbot, settings, engine)
    brush(window, (200, 200), (260, 220))
    with qtbot.waitSignal(window.generation.progressed, timeout=PATIENCE_MS):
        press(window, KEYS.Key_Return, Qt.KeyboardModifier.ControlModifier)
    QTest.mousePress(window.view, LEFT, NONE, QPoint(300, 300))
    engine.gate.set()
    qtbot.waitUntil(lambda: bool(window.generation._arrived), timeout=PATIENCE_MS)
    QTest.mouseMove(window.view, QPoint(340, 300))
    assert (window.document.pixels == 255).all()
    assert window.generation.is_running
    QTest.mouseRelease(window.view, LEFT, NONE, QPoint(340, 300))
    assert not window.generation.is_running
    assert shade(window) != 255
    texts = [window.document.undo_stack.text(k) for k in range(window.document.undo_stack.count())]
    assert texts == ["Paint mask", "Paint mask", "Fill"], "the stroke is whole"
    close(window)


def test_the_strip_is_in_the_panel_and_never_over_the_canvas(
    qtbot: QtBot, window: MainWindow
) -> None:
    filled(qtbot, window)
    strip = window.panel.variants
    assert strip.isVisible()
    corner = strip.mapTo(window, QPoint(0, 0))
    canvas_ends = window.view.mapTo(window, QPoint(window.view.width(), 0)).x()
    assert corner.x() >= canvas_ends


def test_four_variants_are_one_request(qtbot: QtBot, settings: SettingsStore) -> None:
    engine = ScriptedEngine()
    window = scripted(qtbot, settings, engine)
    filled(qtbot, window)
    assert [request.settings.variants for request in engine.requests] == [4]
    assert window.panel.variants.count == 4
    close(window)


def test_try_flip_discard_apply(qtbot: QtBot, settings: SettingsStore) -> None:
    window = scripted(qtbot, settings, ScriptedEngine())
    filled(qtbot, window)
    window.view.setFocus()
    press(window, KEYS.Key_Right)
    assert shade(window) == grey(6)
    press(window, KEYS.Key_Left)
    press(window, KEYS.Key_Left)
    assert shade(window) == grey(8)
    film = window.panel.variants.film
    film.setFocus()
    press(window, KEYS.Key_Delete, Qt.KeyboardModifier.ShiftModifier)
    assert (shade(window), film.count()) == (grey(7), 3)
    press(window, KEYS.Key_Return)
    assert [variant.seed for variant in window.document.edits[0].variants] == [7]
    assert window.view.hasFocus(), "on with the painting"
    for _ in range(3):
        window.history.undo()
    assert shade(window) == grey(5)
    close(window)


def test_holding_space_shows_the_original_and_changes_nothing(
    qtbot: QtBot, settings: SettingsStore
) -> None:
    window = scripted(qtbot, settings, ScriptedEngine())
    filled(qtbot, window)
    film = window.panel.variants.film
    film.setFocus()
    place = window.view.transform.to_view(QPoint(230, 210).toPointF()).toPoint()

    def seen() -> int:
        return window.view.grab().toImage().pixelColor(place).red()

    before = window.document.pixels.copy()
    steps = window.document.undo_stack.count()
    assert seen() == shade(window)
    QTest.keyPress(film, KEYS.Key_Space)
    assert seen() == 255
    QTest.keyRelease(film, KEYS.Key_Space)
    assert seen() == shade(window)
    assert np.array_equal(window.document.pixels, before)
    assert window.document.undo_stack.count() == steps
    close(window)


def test_nothing_is_lost_by_going_on(qtbot: QtBot, settings: SettingsStore) -> None:
    """Variants nobody decided about stay in the history, edit by edit."""
    window = scripted(qtbot, settings, ScriptedEngine())
    filled(qtbot, window)
    window.panel.variants.keep_all.click()
    assert window.panel.variants.count == 0
    window.mask_controller.clear()
    brush(window, (400, 400), (440, 420))
    fill(qtbot, window)
    history = window.panel.layers.list
    assert history.count() == 2
    history.setCurrentRow(1)
    assert window.panel.variants.count == 4
    window.view.setFocus()
    press(window, KEYS.Key_Right)
    assert shade(window) == grey(6)
    close(window)


def test_undoing_an_edit_shows_its_mask_again(qtbot: QtBot, window: MainWindow) -> None:
    filled(qtbot, window)
    assert not window.view.layers.quick_mask
    window.history.undo()
    assert window.document.has_mask
    assert window.view.layers.quick_mask, "as a colour, not only by its outline"


def test_changing_an_early_edit_offers_the_later_ones(
    qtbot: QtBot, settings: SettingsStore
) -> None:
    window = scripted(qtbot, settings, ScriptedEngine())
    filled(qtbot, window, variants=1)
    window.panel.prompt.setPlainText("a hat")  # the same prompt would join the first edit
    filled(qtbot, window, variants=1, seed=20)
    history = window.panel.layers
    history.list.setCurrentRow(1)
    history._actions["replay"].trigger()
    history.editor.prompt.setText("a dog")
    history.editor.seed.set_value(50)
    with qtbot.waitSignal(window.generation.landed, timeout=PATIENCE_MS):
        history.editor.button.click()
    assert window.document.edits[0].recipe.settings.prompt == "a dog"
    assert not history.stale.isHidden()
    assert action(window, "replay").isEnabled()
    assert history.stale.text() == "Replay 1 stale layer"
    with qtbot.waitSignal(window.generation.landed, timeout=PATIENCE_MS):
        history.stale.click()
    assert not any(edit.stale for edit in window.document.edits)
    assert history.stale.isHidden()
    close(window)
