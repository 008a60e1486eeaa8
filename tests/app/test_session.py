from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pytest
from PySide6.QtCore import QRect
from pytestqt.qtbot import QtBot

from app.commands import replace_mask
from app.document import Document
from app.session import Fill, Session, Wishes
from app.worker import EngineRoom
from lazydiff_core.errors import ModelError
from tests.app.doubles import PATIENCE_MS, ScriptedEngine, grey

HOLE = QRect(100, 100, 60, 40)


@dataclass
class Scene:
    document: Document
    session: Session
    engine: ScriptedEngine

    def state(self) -> tuple[bytes, bytes, int]:
        document = self.document
        return document.pixels.tobytes(), document.mask.tobytes(), document.undo_stack.count()


@pytest.fixture
def staged(qtbot: QtBot, document: Document) -> Iterator[Callable[[ScriptedEngine], Scene]]:
    """Makes a session with a masked document and an engine that is ready."""
    sessions: list[Session] = []

    def make(engine: ScriptedEngine) -> Scene:
        session = Session(document, EngineRoom(lambda: engine))
        sessions.append(session)
        mask = np.zeros_like(document.mask)
        mask[100:140, 100:160] = True
        replace_mask(document, "Paint mask", mask)
        with qtbot.waitSignal(session.engine_ready, timeout=PATIENCE_MS):
            session.start()
        return Scene(document, session, engine)

    yield make
    for session in sessions:
        assert session.stop(60)


def generate(qtbot: QtBot, scene: Scene, wishes: Wishes) -> Fill:
    with qtbot.waitSignal(scene.session.finished, timeout=PATIENCE_MS) as finished:
        scene.session.generate(wishes)
    fill = finished.args[0]
    assert isinstance(fill, Fill)
    return fill


def test_a_fill_lands_and_can_be_undone(
    qtbot: QtBot, staged: Callable[[ScriptedEngine], Scene]
) -> None:
    scene = staged(ScriptedEngine())
    before = scene.document.pixels.copy()
    generate(qtbot, scene, Wishes("a red mushroom", seed=5, steps=3, guidance=2.0))
    request = scene.engine.requests[0]
    assert (request.prompt, request.seed, request.steps) == ("a red mushroom", 5, 3)
    assert not scene.session.is_running
    assert (scene.document.pixels[100:140, 100:160] == grey(5)).all()
    scene.document.undo_stack.undo()
    assert np.array_equal(scene.document.pixels, before)


def test_the_request_does_not_change_with_the_document(
    qtbot: QtBot, staged: Callable[[ScriptedEngine], Scene]
) -> None:
    scene = staged(ScriptedEngine())
    fill = generate(qtbot, scene, Wishes(seed=5))
    assert (fill.result.canvas == 255).all()
    assert (scene.document.pixels != 255).any()


def test_another_try_replaces_the_fill_as_one_more_step(
    qtbot: QtBot, staged: Callable[[ScriptedEngine], Scene]
) -> None:
    scene = staged(ScriptedEngine())
    generate(qtbot, scene, Wishes(seed=5))
    generate(qtbot, scene, Wishes(seed=6))
    assert (scene.document.pixels[120, 120] == grey(6)).all()
    scene.document.undo_stack.undo()
    assert (scene.document.pixels[120, 120] == grey(5)).all()


def test_cancelling_leaves_the_document_as_it_was(
    qtbot: QtBot, staged: Callable[[ScriptedEngine], Scene]
) -> None:
    scene = staged(ScriptedEngine(open_gate=False))
    before = scene.state()
    with qtbot.waitSignal(scene.session.progressed, timeout=PATIENCE_MS):
        scene.session.generate(Wishes())
    with qtbot.waitSignal(scene.session._room.worker.stopped, timeout=PATIENCE_MS):
        scene.session.cancel()
        assert not scene.session.is_running, "at once, not when the worker gets round to it"
    assert scene.state() == before


def test_a_fault_leaves_the_document_as_it_was(
    qtbot: QtBot, staged: Callable[[ScriptedEngine], Scene]
) -> None:
    scene = staged(ScriptedEngine(fault=RuntimeError("device lost")))
    before = scene.state()
    with qtbot.waitSignal(scene.session.failed, timeout=PATIENCE_MS) as failed:
        scene.session.generate(Wishes())
    assert "device lost" in failed.args[0]
    assert scene.state() == before
    assert not scene.session.is_running
    scene.engine.fault = None
    generate(qtbot, scene, Wishes())


def test_the_newest_request_wins(qtbot: QtBot, staged: Callable[[ScriptedEngine], Scene]) -> None:
    scene = staged(ScriptedEngine(open_gate=False))
    with qtbot.waitSignal(scene.session.progressed, timeout=PATIENCE_MS):
        scene.session.generate(Wishes(seed=5))
    scene.session.generate(Wishes(seed=6))
    with qtbot.waitSignal(scene.session.finished, timeout=PATIENCE_MS):
        scene.engine.gate.set()
    assert (scene.document.pixels[120, 120] == grey(6)).all()
    assert scene.document.undo_stack.count() == 2, "the mask and one fill"


def test_a_stale_result_is_dropped(qtbot: QtBot, staged: Callable[[ScriptedEngine], Scene]) -> None:
    scene = staged(ScriptedEngine())
    old = generate(qtbot, scene, Wishes(seed=5)).result
    scene.document.undo_stack.undo()
    before = scene.state()
    scene.session._on_finished(old)
    scene.session._on_failed(old.id, "too late")
    assert scene.state() == before


def test_another_picture_drops_the_running_request(
    qtbot: QtBot, staged: Callable[[ScriptedEngine], Scene]
) -> None:
    scene = staged(ScriptedEngine(open_gate=False))
    with qtbot.waitSignal(scene.session.progressed, timeout=PATIENCE_MS):
        scene.session.generate(Wishes())
    with qtbot.waitSignal(scene.session._room.worker.stopped, timeout=PATIENCE_MS):
        scene.document.replace(np.zeros((64, 64, 3), np.uint8))
    assert not scene.session.is_running
    assert (scene.document.pixels == 0).all()


def test_previews_come_with_their_place_and_hole(
    qtbot: QtBot, staged: Callable[[ScriptedEngine], Scene]
) -> None:
    scene = staged(ScriptedEngine())
    with qtbot.waitSignal(scene.session.previewed, timeout=PATIENCE_MS) as previewed:
        scene.session.generate(Wishes())
    rect, pixels, hole = previewed.args
    assert rect == HOLE
    assert pixels.shape == (40, 60, 3)
    assert hole.all()
    qtbot.waitUntil(lambda: not scene.session.is_running, timeout=PATIENCE_MS)


def test_variants_can_be_flipped(qtbot: QtBot, staged: Callable[[ScriptedEngine], Scene]) -> None:
    scene = staged(ScriptedEngine())
    generate(qtbot, scene, Wishes(seed=5, variants=3))
    scene.session.flip_to(2)
    assert (scene.document.pixels[120, 120] == grey(7)).all()
    scene.session.flip_to(9)
    assert (scene.document.pixels[120, 120] == grey(7)).all()
    scene.document.undo_stack.undo()
    assert (scene.document.pixels[120, 120] == grey(5)).all()


def test_which_variant_is_shown_is_known_after_undo_and_redo(
    qtbot: QtBot, staged: Callable[[ScriptedEngine], Scene]
) -> None:
    scene = staged(ScriptedEngine())
    fill = generate(qtbot, scene, Wishes(seed=5, variants=3))
    shown = [fill.shown_in(scene.document.pixels)]
    scene.session.flip_to(2)
    shown.append(fill.shown_in(scene.document.pixels))
    for _ in range(2):
        scene.document.undo_stack.undo()
        shown.append(fill.shown_in(scene.document.pixels))
    assert shown == [0, 2, 0, -1]


def test_the_context_is_computed_when_the_pen_rests(
    qtbot: QtBot, staged: Callable[[ScriptedEngine], Scene]
) -> None:
    scene = staged(ScriptedEngine())
    qtbot.waitUntil(lambda: len(scene.engine.prepared) == 1, timeout=PATIENCE_MS)
    assert np.array_equal(scene.engine.prepared[0], scene.document.mask)


def test_nothing_is_computed_ahead_for_a_filled_mask(
    qtbot: QtBot, staged: Callable[[ScriptedEngine], Scene]
) -> None:
    scene = staged(ScriptedEngine())
    qtbot.waitUntil(lambda: len(scene.engine.prepared) == 1, timeout=PATIENCE_MS)
    generate(qtbot, scene, Wishes())
    scene.session._prepare()
    assert scene.session._ahead is not None
    assert scene.session._ahead.superseded.is_set()


def test_a_model_that_cannot_be_loaded_is_told(qtbot: QtBot, document: Document) -> None:
    def load() -> ScriptedEngine:
        raise ModelError("The model is damaged: install it again.")

    session = Session(document, EngineRoom(load))
    with qtbot.waitSignal(session.engine_failed, timeout=PATIENCE_MS):
        session.start()
    assert session.fault.startswith("The model is damaged")
    assert session.stop(60)


def test_stopping_while_generating(qtbot: QtBot, staged: Callable[[ScriptedEngine], Scene]) -> None:
    scene = staged(ScriptedEngine(open_gate=False))
    with qtbot.waitSignal(scene.session.progressed, timeout=PATIENCE_MS):
        scene.session.generate(Wishes())
    assert scene.session.stop(60)
    assert not scene.session.is_running
