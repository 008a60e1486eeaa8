from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.document.commands import change_edit, replace_mask
from app.document.document import Document
from app.document.edits import Edit
from app.engine.engine_thread import EngineRoom
from app.engine.session import Session
from lazydiff_core.contract import Box, EditResult
from lazydiff_core.errors import ModelError
from lazydiff_core.generation_settings import GenerationSettings, ResolvedSettings
from tests.app.doubles import PATIENCE_MS, ScriptedEngine, grey

HOLE = Box(100, 100, 160, 140)


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


def generate(qtbot: QtBot, scene: Scene, settings: GenerationSettings) -> EditResult:
    with qtbot.waitSignal(scene.session.finished, timeout=PATIENCE_MS) as finished:
        scene.session.generate(settings)
    result = finished.args[0]
    assert isinstance(result, EditResult)
    return result


def test_a_fill_lands_and_can_be_undone(
    qtbot: QtBot, staged: Callable[[ScriptedEngine], Scene]
) -> None:
    scene = staged(ScriptedEngine())
    before = scene.document.pixels.copy()
    generate(qtbot, scene, GenerationSettings("a red mushroom", seed=5, steps=3, guidance=2.0))
    asked = scene.engine.requests[0].settings
    assert (asked.prompt, asked.seed, asked.steps) == ("a red mushroom", 5, 3)
    assert not scene.session.is_running
    assert (scene.document.pixels[100:140, 100:160] == grey(5)).all()
    scene.document.undo_stack.undo()
    assert np.array_equal(scene.document.pixels, before)


def test_the_request_does_not_change_with_the_document(
    qtbot: QtBot, staged: Callable[[ScriptedEngine], Scene]
) -> None:
    scene = staged(ScriptedEngine())
    result = generate(qtbot, scene, GenerationSettings(seed=5))
    assert (result.canvas == 255).all()
    assert (scene.document.pixels != 255).any()


def test_another_try_replaces_the_fill_as_one_more_step(
    qtbot: QtBot, staged: Callable[[ScriptedEngine], Scene]
) -> None:
    scene = staged(ScriptedEngine())
    generate(qtbot, scene, GenerationSettings(seed=5))
    generate(qtbot, scene, GenerationSettings(seed=6))
    assert (scene.document.pixels[120, 120] == grey(6)).all()
    scene.document.undo_stack.undo()
    assert (scene.document.pixels[120, 120] == grey(5)).all()


def test_cancelling_leaves_the_document_as_it_was(
    qtbot: QtBot, staged: Callable[[ScriptedEngine], Scene]
) -> None:
    scene = staged(ScriptedEngine(open_gate=False))
    before = scene.state()
    with qtbot.waitSignal(scene.session.progressed, timeout=PATIENCE_MS):
        scene.session.generate(GenerationSettings())
    with qtbot.waitSignal(scene.session.room.worker.stopped, timeout=PATIENCE_MS):
        scene.session.cancel()
        assert not scene.session.is_running, "at once, not when the worker gets round to it"
    assert scene.state() == before


def test_a_fault_leaves_the_document_as_it_was(
    qtbot: QtBot, staged: Callable[[ScriptedEngine], Scene]
) -> None:
    scene = staged(ScriptedEngine(fault=RuntimeError("device lost")))
    before = scene.state()
    with qtbot.waitSignal(scene.session.failed, timeout=PATIENCE_MS) as failed:
        scene.session.generate(GenerationSettings())
    assert "device lost" in failed.args[0]
    assert scene.state() == before
    assert not scene.session.is_running
    scene.engine.fault = None
    generate(qtbot, scene, GenerationSettings())


def test_the_newest_request_wins(qtbot: QtBot, staged: Callable[[ScriptedEngine], Scene]) -> None:
    scene = staged(ScriptedEngine(open_gate=False))
    with qtbot.waitSignal(scene.session.progressed, timeout=PATIENCE_MS):
        scene.session.generate(GenerationSettings(seed=5))
    scene.session.generate(GenerationSettings(seed=6))
    with qtbot.waitSignal(scene.session.finished, timeout=PATIENCE_MS):
        scene.engine.gate.set()
    assert (scene.document.pixels[120, 120] == grey(6)).all()
    assert scene.document.undo_stack.count() == 2, "the mask and one fill"


def test_a_stale_result_is_dropped(qtbot: QtBot, staged: Callable[[ScriptedEngine], Scene]) -> None:
    scene = staged(ScriptedEngine())
    old = generate(qtbot, scene, GenerationSettings(seed=5))
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
        scene.session.generate(GenerationSettings())
    with qtbot.waitSignal(scene.session.room.worker.stopped, timeout=PATIENCE_MS):
        scene.document.replace(np.zeros((64, 64, 3), np.uint8))
    assert not scene.session.is_running
    assert (scene.document.pixels == 0).all()


def test_previews_come_with_their_place_and_hole(
    qtbot: QtBot, staged: Callable[[ScriptedEngine], Scene]
) -> None:
    scene = staged(ScriptedEngine())
    with qtbot.waitSignal(scene.session.previewed, timeout=PATIENCE_MS) as previewed:
        scene.session.generate(GenerationSettings())
    rect, pixels, hole, number = previewed.args
    assert rect == HOLE
    assert pixels.shape == (40, 60, 3)
    assert hole.all()
    assert number == scene.engine.requests[0].id
    qtbot.waitUntil(lambda: not scene.session.is_running, timeout=PATIENCE_MS)


def second_hole(document: Document) -> None:
    """Move the mask so that it covers a part of what was filled."""
    mask = np.zeros_like(document.mask)
    mask[120:180, 120:180] = True
    replace_mask(document, "Paint mask", mask)


def replay(qtbot: QtBot, scene: Scene, start: Callable[[], None]) -> None:
    with qtbot.waitSignal(scene.session.finished, timeout=PATIENCE_MS):
        start()


def test_an_edit_knows_how_it_was_made(
    qtbot: QtBot, staged: Callable[[ScriptedEngine], Scene]
) -> None:
    scene = staged(ScriptedEngine())
    generate(qtbot, scene, GenerationSettings("a cat", "fur", seed=5, variants=2, scope="near"))
    recipe = scene.document.edits[0].recipe
    made = ResolvedSettings("a cat", "fur", 5, 2, 4, 1.0, "linear", scope="near")
    assert recipe.settings == made
    assert (recipe.provenance.model, recipe.provenance.device) == ("scripted", "cpu")


def test_another_prompt_for_an_early_edit_makes_later_ones_stale(
    qtbot: QtBot, staged: Callable[[ScriptedEngine], Scene]
) -> None:
    scene = staged(ScriptedEngine())
    generate(qtbot, scene, GenerationSettings("a cat", seed=5, variants=2))
    second_hole(scene.document)
    generate(qtbot, scene, GenerationSettings("a hat", seed=9))
    steps = scene.document.undo_stack.count()
    first = scene.document.edits[0]
    settings = dataclasses.replace(first.recipe.settings, prompt="a dog", seed=50)
    replay(qtbot, scene, lambda: scene.session.replay(first.id, settings))
    request = scene.engine.requests[-1]
    asked = request.settings
    assert (asked.prompt, asked.seed, asked.variants) == ("a dog", 50, 2)
    assert (request.image == 255).all(), "from the canvas beneath it"
    first, second = scene.document.edits
    assert first.recipe.settings.prompt == "a dog"
    assert [edit.stale for edit in (first, second)] == [False, True]
    assert (scene.document.pixels[105, 105] == grey(50)).all()
    assert (scene.document.pixels[125, 125] == grey(9)).all(), "the later one still covers it"
    assert scene.document.undo_stack.count() == steps + 1
    replay(qtbot, scene, scene.session.replay_stale)
    assert (scene.engine.requests[-1].image[105, 105] == grey(50)).all(), "it saw what is new"
    assert not any(edit.stale for edit in scene.document.edits)
    scene.document.undo_stack.undo()
    scene.document.undo_stack.undo()
    assert [edit.recipe.settings.prompt for edit in scene.document.edits] == ["a cat", "a hat"]
    assert (scene.document.pixels[105, 105] == grey(5)).all()


def test_the_same_variant_is_shown_after_a_replay(
    qtbot: QtBot, staged: Callable[[ScriptedEngine], Scene]
) -> None:
    scene = staged(ScriptedEngine())
    generate(qtbot, scene, GenerationSettings(seed=5, variants=4))
    edit = scene.document.edits[0]
    kept = dataclasses.replace(edit, variants=edit.variants[1:3], chosen=1)
    change_edit(scene.document, "Discard variant", kept)
    settings = dataclasses.replace(edit.recipe.settings, seed=30)
    replay(qtbot, scene, lambda: scene.session.replay(edit.id, settings))
    edit = scene.document.edits[0]
    assert [variant.seed for variant in edit.variants] == [31, 32], "not the discarded ones"
    assert (scene.document.pixels[105, 105] == grey(32)).all()


def test_several_stale_edits_are_one_step(
    qtbot: QtBot, staged: Callable[[ScriptedEngine], Scene]
) -> None:
    scene = staged(ScriptedEngine())
    for seed in (1, 2, 3):
        generate(qtbot, scene, GenerationSettings(seed=seed))
    first = scene.document.edits[0]
    settings = dataclasses.replace(first.recipe.settings, seed=40)
    replay(qtbot, scene, lambda: scene.session.replay(first.id, settings))
    assert [edit.stale for edit in scene.document.edits] == [False, True, True]
    steps, asked = scene.document.undo_stack.count(), len(scene.engine.requests)
    told: list[tuple[int, int]] = []
    scene.session.replaying.connect(lambda number, count: told.append((number, count)))
    replay(qtbot, scene, scene.session.replay_stale)
    assert told == [(1, 2), (2, 2)]
    assert len(scene.engine.requests) == asked + 2
    assert scene.document.undo_stack.count() == steps + 1
    assert not any(edit.stale for edit in scene.document.edits)


def test_a_cancelled_replay_changes_nothing(
    qtbot: QtBot, staged: Callable[[ScriptedEngine], Scene]
) -> None:
    scene = staged(ScriptedEngine())
    for seed in (1, 2, 3):
        generate(qtbot, scene, GenerationSettings(seed=seed))
    first = scene.document.edits[0]
    settings = dataclasses.replace(first.recipe.settings, seed=40)
    replay(qtbot, scene, lambda: scene.session.replay(first.id, settings))
    before = scene.state()
    scene.engine.gate.clear()
    with qtbot.waitSignal(scene.session.progressed, timeout=PATIENCE_MS):
        scene.session.replay_stale()
    with qtbot.waitSignal(scene.session.room.worker.stopped, timeout=PATIENCE_MS):
        scene.session.cancel()
    assert scene.state() == before
    assert not scene.session.is_running


def test_a_replay_is_void_when_the_edits_change_meanwhile(
    qtbot: QtBot, staged: Callable[[ScriptedEngine], Scene]
) -> None:
    scene = staged(ScriptedEngine())
    for seed in (1, 2):
        generate(qtbot, scene, GenerationSettings(seed=seed))
    first: Edit = scene.document.edits[0]
    scene.engine.gate.clear()
    with qtbot.waitSignal(scene.session.progressed, timeout=PATIENCE_MS):
        settings = dataclasses.replace(first.recipe.settings, seed=40)
        scene.session.replay(first.id, settings)
    scene.document.undo_stack.undo()
    before = scene.state()
    with qtbot.waitSignal(scene.session.failed, timeout=PATIENCE_MS) as failed:
        scene.engine.gate.set()
    assert "changed meanwhile" in failed.args[0]
    assert scene.state() == before
    assert not scene.session.is_running


def test_a_result_waits_until_the_hand_is_up(
    qtbot: QtBot, staged: Callable[[ScriptedEngine], Scene]
) -> None:
    scene = staged(ScriptedEngine())
    before = scene.document.pixels.copy()
    scene.session.hold(True)
    scene.session.generate(GenerationSettings(seed=5))
    qtbot.waitUntil(lambda: bool(scene.session._arrived), timeout=PATIENCE_MS)
    assert np.array_equal(scene.document.pixels, before)
    assert scene.session.is_running
    with qtbot.waitSignal(scene.session.finished, timeout=PATIENCE_MS):
        scene.session.hold(False)
    assert (scene.document.pixels[105, 105] == grey(5)).all()
    assert not scene.session.is_running


def test_a_waiting_result_can_be_cancelled(
    qtbot: QtBot, staged: Callable[[ScriptedEngine], Scene]
) -> None:
    scene = staged(ScriptedEngine())
    scene.session.hold(True)
    scene.session.generate(GenerationSettings(seed=5))
    qtbot.waitUntil(lambda: bool(scene.session._arrived), timeout=PATIENCE_MS)
    before = scene.state()
    scene.session.cancel()
    scene.session.hold(False)
    assert scene.state() == before


def test_the_context_is_computed_when_the_pen_rests(
    qtbot: QtBot, staged: Callable[[ScriptedEngine], Scene]
) -> None:
    scene = staged(ScriptedEngine())
    qtbot.waitUntil(lambda: len(scene.engine.prepared) == 1, timeout=PATIENCE_MS)
    assert scene.engine.prepared[0].sum() == scene.document.mask.sum()


def test_nothing_is_computed_ahead_for_a_filled_mask(
    qtbot: QtBot, staged: Callable[[ScriptedEngine], Scene]
) -> None:
    scene = staged(ScriptedEngine())
    qtbot.waitUntil(lambda: len(scene.engine.prepared) == 1, timeout=PATIENCE_MS)
    generate(qtbot, scene, GenerationSettings())
    scene.session.foresight.prepare()
    assert len(scene.engine.prepared) == 1


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
        scene.session.generate(GenerationSettings())
    assert scene.session.stop(60)
    assert not scene.session.is_running
