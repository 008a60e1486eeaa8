"""Price tag and context, seen in the whole window."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QSpinBox
from pytestqt.qtbot import QtBot

from app.system.settings import SettingsStore
from app.window import MainWindow
from lazydiff_core.backends.fake import FakeBackend
from lazydiff_core.contract import (
    EditRequest,
    EditResult,
    IsCancelled,
    OnProgress,
    Tokens,
)
from lazydiff_core.engine.engine import Engine
from tests.app.doubles import PATIENCE_MS, ScriptedEngine
from tests.app.driving import brush, control, fill, scripted

CONTEXT = "Whether the context of the mask is at hand"


class LoadedEngine(ScriptedEngine):
    """Its time grows with the hole and with the load of the machine, which a test sets."""

    load = 1.0

    def run(
        self,
        request: EditRequest,
        on_progress: OnProgress | None = None,
        is_cancelled: IsCancelled | None = None,
    ) -> EditResult:
        tokens = int(request.mask.sum()) // 256
        spent = {"denoise": self.load * 0.02 * tokens, "decode": self.load * 0.1, "total": 1.0}
        result = super().run(request, on_progress, is_cancelled)
        return replace(result, seconds=spent, tokens=Tokens(256, tokens), context_reused=True)


def ready(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: window.generation.prefetcher.ready, timeout=PATIENCE_MS)


def test_the_price_follows_the_brush_and_what_was_learned(qtbot: QtBot, window: MainWindow) -> None:
    tag = window.panel.price
    assert tag.text() == ""
    view = window.view
    at = view.transform.to_view(QPointF(256, 256)).toPoint()
    QTest.mousePress(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    qtbot.waitUntil(lambda: " tokens are computed" in tag.toolTip(), timeout=PATIENCE_MS)
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    fill(qtbot, window)
    brush(window, (100, 100), (400, 400))
    fill(qtbot, window)
    assert tag.text().startswith("about "), "two fills of different sizes make a curve"
    control(window.panel.options, QSpinBox, "Number of variants").setValue(3)
    assert tag.text().endswith(" for 3 variants")
    window.mask_controller.clear()
    qtbot.waitUntil(lambda: tag.text() == "", timeout=PATIENCE_MS)


def test_the_price_follows_a_change_of_load_within_two_fills(
    qtbot: QtBot, settings: SettingsStore
) -> None:
    engine = LoadedEngine()
    window = scripted(qtbot, settings, engine)
    window.cost_tag.calibration.stop()
    tag = window.panel.price

    def filled(side: int) -> str:
        brush(window, (100, 100), (100 + side, 100))
        fill(qtbot, window)
        window.cost_tag.token_estimator.update()
        return tag.text()

    for side in (40, 200, 120, 280, 80, 240):
        filled(side)
    usual = price(filled(160))
    engine.load = 6.0
    filled(160)
    assert price(filled(160)) == pytest.approx(6 * usual, rel=0.15)
    engine.load = 1.0
    filled(160)
    assert price(filled(160)) == pytest.approx(usual, rel=0.15)
    window.document.undo_stack.setClean()
    window.close()


def price(text: str) -> float:
    """The seconds of "about 0.6 s"."""
    assert text.startswith("about ")
    return float(text.split()[1])


def test_auto_says_how_many_before_it_makes_them(qtbot: QtBot, window: MainWindow) -> None:
    control(window.panel.options, QSpinBox, "Number of variants").setValue(0)
    brush(window, (200, 200), (210, 210))
    qtbot.waitUntil(lambda: bool(window.panel.price.text()), timeout=PATIENCE_MS)
    estimate = window.cost_tag.token_estimator.estimate
    assert estimate is not None
    expected = min(64 // estimate.tokens.hole, 8)
    assert expected > 1
    fill(qtbot, window)
    assert window.panel.variants.count == expected


def test_the_context_is_ready_before_the_prompt_is_and_serves_every_try(
    qtbot: QtBot, window: MainWindow
) -> None:
    status = window.status
    brush(window, (200, 200), (260, 220))
    assert not window.generation.prefetcher.ready
    ready(qtbot, window)
    # What is said follows once a turn of the event loop.
    qtbot.waitUntil(lambda: window.generation.prefetcher.ready, timeout=PATIENCE_MS)
    assert control(status, QLabel, CONTEXT).text() == "context ready"
    engine = window.generation.engine_thread.worker._engine
    assert isinstance(engine, Engine)
    backend = engine._backend
    assert isinstance(backend, FakeBackend)
    for prompt in ("a red mushroom", "a blue one"):
        window.panel.prompt.setPlainText(prompt)
        fill(qtbot, window)
        assert "context reused" in control(status, QLabel, "Last fill").text()
    fill(qtbot, window, Qt.Key.Key_R)
    assert backend.contexts_encoded == 1
    assert window.generation.prefetcher.ready, "for yet another try"
    window.variant_browser.discard()
    assert window.generation.prefetcher.ready, "what is under the mask is not looked at"
    brush(window, (250, 300), (300, 330))
    assert not window.generation.prefetcher.ready
    assert control(status, QLabel, CONTEXT).text() == ""


def test_quick_strokes_are_looked_at_once_when_the_hand_rests(
    qtbot: QtBot, settings: SettingsStore
) -> None:
    engine = ScriptedEngine()
    window = scripted(qtbot, settings, engine)
    for x in (100, 200, 300):
        brush(window, (x, 200), (x + 40, 220))
    ready(qtbot, window)
    assert len(engine.prepared) == 1
    assert engine.prepared[0].any()
    window.document.undo_stack.setClean()
    window.close()


def test_what_is_masked_while_a_fill_runs_is_looked_at_afterwards(
    qtbot: QtBot, settings: SettingsStore
) -> None:
    engine = ScriptedEngine(open_gate=False)
    window = scripted(qtbot, settings, engine)
    brush(window, (200, 200), (260, 220))
    with qtbot.waitSignal(window.generation.progressed, timeout=PATIENCE_MS):
        window.panel.generate()
    brush(window, (100, 100), (120, 130))
    looked = len(engine.prepared)
    engine.gate.set()
    qtbot.waitUntil(lambda: len(engine.prepared) > looked, timeout=PATIENCE_MS)
    window.document.undo_stack.setClean()
    window.close()
