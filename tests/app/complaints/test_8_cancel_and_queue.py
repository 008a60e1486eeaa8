"""Complaint 8: cancel means now; several masks, each with a prompt of its own, in a real queue."""

from __future__ import annotations

import random
from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.system.settings import SettingsStore
from app.ui.rects import rect_of
from app.window import MainWindow
from lazydiff_core.backends.fake import FakeBackend, FakeContext
from lazydiff_core.backends.protocols import DenoiseParams, OnStep
from lazydiff_core.contract import RGB, EditResult
from lazydiff_core.engine.engine import Engine
from tests.app.doubles import PATIENCE_MS, ScriptedEngine
from tests.app.driving import CTRL, LEFT, NONE, brush, press, scripted

SHIFT = Qt.KeyboardModifier.ShiftModifier
PLACES = (100, 220, 340)


class Watched(FakeBackend):
    """Knows what it was asked for, and asks the artist at each step."""

    def __init__(self) -> None:
        super().__init__()
        self.steps = self.decoded = 0

    def denoise(
        self, context: FakeContext, text: bytes, params: DenoiseParams, on_step: OnStep
    ) -> np.typing.NDArray[np.float32]:
        def step(number: int, count: int, estimate: object) -> None:
            self.steps += 1
            on_step(number, count, estimate)

        return super().denoise(context, text, params, step)

    def decode(self, context: FakeContext, latents: np.typing.NDArray[np.float32], k: int) -> RGB:
        self.decoded += 1
        return super().decode(context, latents, k)


@pytest.fixture
def gated(qtbot: QtBot, settings: SettingsStore) -> Iterator[tuple[MainWindow, ScriptedEngine]]:
    """A window whose engine waits at its gate."""
    engine = ScriptedEngine(open_gate=False)
    window = scripted(qtbot, settings, engine)
    window.view.set_brush_size(40)
    yield window, engine
    engine.gate.set()
    window.generation.cancel_all()
    window.document.undo_stack.setClean()
    window.close()


def ask(window: MainWindow, place: int, prompt: str, held: Qt.KeyboardModifier = CTRL) -> None:
    brush(window, (place, 200), (place + 30, 200))
    window.panel.prompt.setPlainText(prompt)
    window.view.setFocus()
    press(window, Qt.Key.Key_Return, held)


def prompts(window: MainWindow) -> list[str]:
    return [row.request.settings.prompt for row in window.generation.state.table.fills]


def landed(window: MainWindow) -> list[str]:
    return [edit.recipe.settings.prompt for edit in window.document.edits]


def test_three_masks_three_prompts_in_their_order(
    qtbot: QtBot, gated: tuple[MainWindow, ScriptedEngine]
) -> None:
    window, engine = gated
    for place, prompt in zip(PLACES, ("a cat", "a dog", "a bird"), strict=True):
        ask(window, place, prompt)
    assert prompts(window) == ["a cat", "a dog", "a bird"]
    assert window.docks["queue"].windowTitle() == "Queue (3)"
    assert len(window.queue_panel.rows) == 3
    engine.gate.set()
    qtbot.waitUntil(lambda: not window.generation.is_running, timeout=PATIENCE_MS)
    assert landed(window) == ["a cat", "a dog", "a bird"]
    holes = [request.mask for request in engine.requests]
    assert not (holes[0] & holes[1]).any(), "each stroke began a mask of its own"
    assert window.docks["queue"].windowTitle() == "Queue"


def test_to_the_front(qtbot: QtBot, gated: tuple[MainWindow, ScriptedEngine]) -> None:
    window, _ = gated
    for place, prompt in zip(PLACES, ("a cat", "a dog", "a bird"), strict=True):
        ask(window, place, prompt, CTRL if prompt != "a bird" else CTRL | SHIFT)
    assert prompts(window) == ["a cat", "a bird", "a dog"]
    window.docks.bring("queue")
    rows = window.queue_panel.rows
    assert [row.first.isVisibleTo(window) for row in rows.values()].count(True) == 1
    next(row for row in rows.values() if row.first.isVisibleTo(window)).first.click()
    assert prompts(window) == ["a cat", "a dog", "a bird"]


@pytest.mark.parametrize(("key", "held"), [(Qt.Key.Key_Escape, NONE), (Qt.Key.Key_X, SHIFT)])
def test_one_key_cancels_what_runs_and_the_next_begins(
    qtbot: QtBot, gated: tuple[MainWindow, ScriptedEngine], key: Qt.Key, held: Qt.KeyboardModifier
) -> None:
    window, engine = gated
    ask(window, PLACES[0], "a cat")
    ask(window, PLACES[1], "a dog")
    press(window, key, held)
    assert prompts(window) == ["a dog"], "at once"
    engine.gate.set()
    qtbot.waitUntil(lambda: not window.generation.is_running, timeout=PATIENCE_MS)
    assert landed(window) == ["a dog"]


def test_one_or_all_can_be_taken_back(
    qtbot: QtBot, gated: tuple[MainWindow, ScriptedEngine]
) -> None:
    window, engine = gated
    for place, prompt in zip(PLACES, ("a cat", "a dog", "a bird"), strict=True):
        ask(window, place, prompt)
    row = next(
        r for r in window.generation.state.table.fills if r.request.settings.prompt == "a dog"
    )
    window.queue_panel.rows[row.id].cancel.click()
    assert prompts(window) == ["a cat", "a bird"]
    window.queue_panel.clear.click()
    assert prompts(window) == []
    assert not window.generation.is_running
    engine.gate.set()
    qtbot.waitUntil(lambda: window.generation.engine_thread.is_idle, timeout=PATIENCE_MS)
    assert landed(window) == []


def test_the_same_mask_again_replaces(gated: tuple[MainWindow, ScriptedEngine]) -> None:
    window, _ = gated
    ask(window, PLACES[0], "a cat")
    ask(window, PLACES[1], "a dog")
    window.panel.prompt.setPlainText("a wolf")
    press(window, Qt.Key.Key_R, CTRL)
    assert prompts(window) == ["a cat", "a wolf"]


def test_a_neighbour_that_lands_changes_the_context_and_one_click_refreshes_it(
    qtbot: QtBot, gated: tuple[MainWindow, ScriptedEngine]
) -> None:
    window, engine = gated
    ask(window, PLACES[0], "a cat")
    ask(window, PLACES[1], "a dog")
    with qtbot.waitSignal(window.generation.landed, timeout=PATIENCE_MS):
        engine.passes.release()
    qtbot.waitUntil(lambda: len(engine.requests) == 2, timeout=PATIENCE_MS)
    (row,) = window.generation.state.table.fills
    assert row.changed
    window.docks.bring("queue")
    button = window.queue_panel.rows[row.id].refresh
    assert button.isVisibleTo(window)
    button.click()
    (fresh,) = window.generation.state.table.fills
    assert not fresh.changed
    assert fresh.running, "it began anew"
    assert np.array_equal(fresh.request.image, window.document.pixels)
    engine.gate.set()
    qtbot.waitUntil(lambda: not window.generation.is_running, timeout=PATIENCE_MS)
    assert landed(window) == ["a cat", "a dog"]


def test_undo_takes_the_new_stroke_back_and_brings_the_pending_mask(
    gated: tuple[MainWindow, ScriptedEngine],
) -> None:
    window, _ = gated
    ask(window, PLACES[0], "a cat")
    asked = window.document.mask.copy()
    assert not window.view.layers.quick_mask, "its outline tells where it is"
    brush(window, (PLACES[1], 200))
    assert not (window.document.mask & asked).any()
    assert window.view.layers.quick_mask
    window.history.undo()
    assert np.array_equal(window.document.mask, asked)
    assert window.document.is_spent


def test_the_pinned_mask_has_a_label_that_cancels(
    gated: tuple[MainWindow, ScriptedEngine],
) -> None:
    window, _ = gated
    ask(window, PLACES[0], "a cat")
    (label,) = window.queue_overlay._labels.values()
    assert label.isVisible()
    assert "a cat" in label.accessibleName()
    place = window.view.transform.rect_to_view(rect_of(window.document.box)).toAlignedRect()
    assert place.contains(label.geometry().center())
    QTest.mouseClick(label.cancel, LEFT, NONE, QPoint(4, 4))
    assert prompts(window) == []
    assert not window.queue_overlay._labels
    assert not window.document.is_spent


def test_nothing_is_decoded_after_a_cancel(qtbot: QtBot, settings: SettingsStore) -> None:
    backend = Watched()
    backend.step_seconds = 0.02
    window = scripted(qtbot, settings, Engine(backend))
    brush(window, (200, 200), (260, 220))
    with qtbot.waitSignal(window.generation.progressed, timeout=PATIENCE_MS):
        press(window, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: backend.steps > 0, timeout=PATIENCE_MS)
    press(window, Qt.Key.Key_Escape)
    decoded = backend.decoded  # a preview that had begun may still end
    qtbot.waitUntil(lambda: window.generation.engine_thread.is_idle, timeout=PATIENCE_MS)
    assert backend.decoded <= decoded + 1
    assert backend.steps < backend.info.default_steps
    assert not window.document.edits
    window.document.undo_stack.setClean()
    window.close()


@pytest.mark.slow
def test_no_stale_result_in_two_hundred_random_cancels(
    qtbot: QtBot, settings: SettingsStore
) -> None:
    rng = random.Random(8)
    backend = FakeBackend(step_seconds=0.0005)
    window = scripted(qtbot, settings, Engine(backend))
    generation, document = window.generation, window.document
    taken_back: set[str] = set()
    results: list[EditResult] = []
    generation.landed.connect(results.append)
    brush(window, (100, 200), (130, 200))
    for number in range(200):
        if rng.random() < 0.5:
            brush(window, (rng.randrange(60, 440), rng.randrange(60, 440)))
        window.panel.prompt.setPlainText(f"fill {number}")
        press(window, Qt.Key.Key_Return, CTRL)
        qtbot.wait(rng.randrange(12))
        if rng.random() < 0.7:
            gone = rng.choice(("running", "one", "all"))
            before = set(prompts(window))
            if gone == "running":
                generation.cancel()
            elif gone == "one" and generation.state.table.fills:
                generation.cancel_fill(rng.choice(generation.state.table.fills).id)
            else:
                generation.cancel_all()
            taken_back |= before - set(prompts(window))
    qtbot.waitUntil(lambda: not generation.is_running, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: generation.engine_thread.is_idle, timeout=PATIENCE_MS)
    assert len(taken_back) > 50
    assert not taken_back & set(landed(window))
    assert len(results) == len(document.edits)
    document.undo_stack.setClean()
    window.close()
