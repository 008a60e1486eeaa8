from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.document.commands import change_edit, replace_mask
from app.document.document import Document
from app.document.edits import Edit
from app.engine.generation import Generation
from app.engine.generation_state import GenerationState
from app.engine.jobs import Done, Failed, Report
from app.engine.timetable import Kind
from lazydiff_core.contract import Box, EditResult
from lazydiff_core.errors import ModelError
from lazydiff_core.generation_settings import GenerationSettings, ResolvedSettings
from tests.app.doubles import PATIENCE_MS, ScriptedEngine, grey

HOLE = Box(100, 100, 160, 140)


@dataclass
class Scene:
    document: Document
    generation: Generation
    engine: ScriptedEngine

    def state(self) -> tuple[bytes, bytes, int]:
        document = self.document
        return document.pixels.tobytes(), document.mask.tobytes(), document.undo_stack.count()


@pytest.fixture
def staged(qtbot: QtBot, document: Document) -> Iterator[Callable[[ScriptedEngine], Scene]]:
    """Makes a generation with a masked document and an engine that is ready."""
    made: list[Generation] = []

    def make(engine: ScriptedEngine) -> Scene:
        generation = Generation(document, lambda: engine)
        made.append(generation)
        mask = np.zeros_like(document.mask)
        mask[100:140, 100:160] = True
        replace_mask(document, "Paint mask", mask)
        with qtbot.waitSignal(generation.loader.loaded, timeout=PATIENCE_MS):
            generation.start()
        return Scene(document, generation, engine)

    yield make
    for generation in made:
        assert generation.stop(60)


def generate(qtbot: QtBot, scene: Scene, wishes: GenerationSettings) -> EditResult:
    with qtbot.waitSignal(scene.generation.landed, timeout=PATIENCE_MS) as finished:
        scene.generation.fill(wishes)
    result = finished.args[0]
    assert isinstance(result, EditResult)
    return result


def test_a_fill_lands_and_can_be_undone(
    qtbot: QtBot, staged: Callable[[ScriptedEngine], Scene]
) -> None:
    scene = staged(ScriptedEngine())
    before = scene.document.pixels.copy()
    generate(qtbot, scene, GenerationSettings("a red mushroom", seed=5, steps=3, guidance=2.0))
    request = scene.engine.requests[0].settings
    assert (request.prompt, request.seed, request.steps) == ("a red mushroom", 5, 3)
    assert not scene.generation.is_running
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
    with qtbot.waitSignal(scene.generation.progressed, timeout=PATIENCE_MS):
        scene.generation.fill(GenerationSettings())
    scene.generation.cancel()
    assert not scene.generation.is_running, "at once, not when the worker gets round to it"
    qtbot.waitUntil(lambda: scene.generation.engine_thread.is_idle, timeout=PATIENCE_MS)
    assert scene.state() == before


def test_a_fault_leaves_the_document_as_it_was(
    qtbot: QtBot, staged: Callable[[ScriptedEngine], Scene]
) -> None:
    scene = staged(ScriptedEngine(fault=RuntimeError("device lost")))
    before = scene.state()
    with qtbot.waitSignal(scene.generation.failed, timeout=PATIENCE_MS) as failed:
        scene.generation.fill(GenerationSettings())
    assert "device lost" in failed.args[0]
    assert scene.state() == before
    assert not scene.generation.is_running
    scene.engine.fault = None
    generate(qtbot, scene, GenerationSettings())


def test_the_newest_request_wins(qtbot: QtBot, staged: Callable[[ScriptedEngine], Scene]) -> None:
    scene = staged(ScriptedEngine(open_gate=False))
    with qtbot.waitSignal(scene.generation.progressed, timeout=PATIENCE_MS):
        scene.generation.fill(GenerationSettings(seed=5))
    scene.generation.fill(GenerationSettings(seed=6))
    with qtbot.waitSignal(scene.generation.landed, timeout=PATIENCE_MS):
        scene.engine.gate.set()
    assert (scene.document.pixels[120, 120] == grey(6)).all()
    assert scene.document.undo_stack.count() == 2, "the mask and one fill"


def test_a_stale_result_is_dropped(qtbot: QtBot, staged: Callable[[ScriptedEngine], Scene]) -> None:
    scene = staged(ScriptedEngine())
    old = generate(qtbot, scene, GenerationSettings(seed=5))
    scene.document.undo_stack.undo()
    before = scene.state()
    scene.generation.engine_thread.reported.emit(Report(old.id, Done(old)))
    scene.generation.engine_thread.reported.emit(Report(old.id, Failed("too late")))
    assert scene.state() == before


def test_another_picture_drops_the_running_request(
    qtbot: QtBot, staged: Callable[[ScriptedEngine], Scene]
) -> None:
    scene = staged(ScriptedEngine(open_gate=False))
    with qtbot.waitSignal(scene.generation.progressed, timeout=PATIENCE_MS):
        scene.generation.fill(GenerationSettings())
    scene.document.replace(np.zeros((64, 64, 3), np.uint8))
    qtbot.waitUntil(lambda: scene.generation.engine_thread.is_idle, timeout=PATIENCE_MS)
    assert not scene.generation.is_running
    assert (scene.document.pixels == 0).all()


def test_previews_come_with_their_place_and_hole(
    qtbot: QtBot, staged: Callable[[ScriptedEngine], Scene]
) -> None:
    scene = staged(ScriptedEngine())
    with qtbot.waitSignal(scene.generation.previewed, timeout=PATIENCE_MS) as previewed:
        scene.generation.fill(GenerationSettings())
    rect, pixels, hole, number = previewed.args
    assert rect == HOLE
    assert pixels.shape == (40, 60, 3)
    assert hole.all()
    assert number == scene.engine.requests[0].id
    qtbot.waitUntil(lambda: not scene.generation.is_running, timeout=PATIENCE_MS)


def second_hole(document: Document) -> None:
    """Move the mask so that it covers a part of what was filled."""
    mask = np.zeros_like(document.mask)
    mask[120:180, 120:180] = True
    replace_mask(document, "Paint mask", mask)


def replay(qtbot: QtBot, scene: Scene, start: Callable[[], None]) -> None:
    with qtbot.waitSignal(scene.generation.landed, timeout=PATIENCE_MS):
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
    replay(qtbot, scene, lambda: scene.generation.replay(first.id, settings))
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
    replay(qtbot, scene, scene.generation.replay_stale)
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
    replay(qtbot, scene, lambda: scene.generation.replay(edit.id, settings))
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
    replay(qtbot, scene, lambda: scene.generation.replay(first.id, settings))
    assert [edit.stale for edit in scene.document.edits] == [False, True, True]
    steps, asked = scene.document.undo_stack.count(), len(scene.engine.requests)
    told: list[tuple[int, int] | None] = []
    scene.generation.state_changed.connect(lambda state: told.append(state.replaying))
    replay(qtbot, scene, scene.generation.replay_stale)
    assert [step for step, _ in groupby(told)] == [(1, 2), (2, 2), None]
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
    replay(qtbot, scene, lambda: scene.generation.replay(first.id, settings))
    before = scene.state()
    scene.engine.gate.clear()
    with qtbot.waitSignal(scene.generation.progressed, timeout=PATIENCE_MS):
        scene.generation.replay_stale()
    scene.generation.cancel()
    qtbot.waitUntil(lambda: scene.generation.engine_thread.is_idle, timeout=PATIENCE_MS)
    assert scene.state() == before
    assert not scene.generation.is_running


def test_a_replay_is_void_when_the_edits_change_meanwhile(
    qtbot: QtBot, staged: Callable[[ScriptedEngine], Scene]
) -> None:
    scene = staged(ScriptedEngine())
    for seed in (1, 2):
        generate(qtbot, scene, GenerationSettings(seed=seed))
    first: Edit = scene.document.edits[0]
    scene.engine.gate.clear()
    with qtbot.waitSignal(scene.generation.progressed, timeout=PATIENCE_MS):
        settings = dataclasses.replace(first.recipe.settings, seed=40)
        scene.generation.replay(first.id, settings)
    scene.document.undo_stack.undo()
    before = scene.state()
    with qtbot.waitSignal(scene.generation.failed, timeout=PATIENCE_MS) as failed:
        scene.engine.gate.set()
    assert "changed meanwhile" in failed.args[0]
    assert scene.state() == before
    assert not scene.generation.is_running


def test_a_result_waits_until_the_hand_is_up(
    qtbot: QtBot, staged: Callable[[ScriptedEngine], Scene]
) -> None:
    scene = staged(ScriptedEngine())
    before = scene.document.pixels.copy()
    scene.generation.hold(True)
    scene.generation.fill(GenerationSettings(seed=5))
    qtbot.waitUntil(lambda: bool(scene.generation._arrived), timeout=PATIENCE_MS)
    assert np.array_equal(scene.document.pixels, before)
    assert scene.generation.is_running
    with qtbot.waitSignal(scene.generation.landed, timeout=PATIENCE_MS):
        scene.generation.hold(False)
    assert (scene.document.pixels[105, 105] == grey(5)).all()
    assert not scene.generation.is_running


def test_a_waiting_result_can_be_cancelled(
    qtbot: QtBot, staged: Callable[[ScriptedEngine], Scene]
) -> None:
    scene = staged(ScriptedEngine())
    scene.generation.hold(True)
    scene.generation.fill(GenerationSettings(seed=5))
    qtbot.waitUntil(lambda: bool(scene.generation._arrived), timeout=PATIENCE_MS)
    before = scene.state()
    scene.generation.cancel()
    scene.generation.hold(False)
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
    scene.generation.ask(Kind.CONTEXT)
    assert not scene.generation.state.table.rows
    assert len(scene.engine.prepared) == 1


def test_a_model_that_cannot_be_loaded_is_told(qtbot: QtBot, document: Document) -> None:
    def load() -> ScriptedEngine:
        raise ModelError("The model is damaged: install it again.")

    generation = Generation(document, load)
    with qtbot.waitSignal(generation.loader.load_failed, timeout=PATIENCE_MS):
        generation.start()
    assert generation.state.fault.startswith("The model is damaged")
    assert generation.stop(60)


def test_stopping_while_generating(qtbot: QtBot, staged: Callable[[ScriptedEngine], Scene]) -> None:
    scene = staged(ScriptedEngine(open_gate=False))
    with qtbot.waitSignal(scene.generation.progressed, timeout=PATIENCE_MS):
        scene.generation.fill(GenerationSettings())
    assert scene.generation.stop(60)
    assert not scene.generation.is_running


def test_the_state_is_told_once_for_all_that_a_landing_changes(
    qtbot: QtBot, staged: Callable[[ScriptedEngine], Scene]
) -> None:
    scene = staged(ScriptedEngine(open_gate=False))
    with qtbot.waitSignal(scene.generation.progressed, timeout=PATIENCE_MS):
        scene.generation.fill(GenerationSettings(seed=5))
    mask = np.zeros_like(scene.document.mask)
    mask[300:340, 300:360] = True
    replace_mask(scene.document, "Paint mask", mask)
    scene.generation.fill(GenerationSettings(seed=6))
    told: list[GenerationState] = []
    scene.generation.state_changed.connect(told.append)
    with qtbot.waitSignal(scene.generation.landed, timeout=PATIENCE_MS):
        scene.engine.passes.release()
    assert [(state.is_running, len(state.table.fills)) for state in told] == [(True, 1)]
    with qtbot.waitSignal(scene.generation.landed, timeout=PATIENCE_MS):
        scene.engine.gate.set()
    assert [state.is_running for state in told] == [True, False], "idle once, at the end"


def test_a_replay_comes_before_the_fills_that_wait(
    qtbot: QtBot, staged: Callable[[ScriptedEngine], Scene]
) -> None:
    scene = staged(ScriptedEngine())
    generate(qtbot, scene, GenerationSettings("first", seed=1))
    scene.engine.gate.clear()
    with qtbot.waitSignal(scene.generation.progressed, timeout=PATIENCE_MS):
        scene.generation.fill(GenerationSettings("runs", seed=2))
    second_hole(scene.document)
    scene.generation.fill(GenerationSettings("waits", seed=3))
    edit = scene.document.edits[0]
    scene.engine.passes.release()
    scene.generation.cancel()
    scene.generation.replay(edit.id, dataclasses.replace(edit.recipe.settings, prompt="again"))
    scene.engine.gate.set()
    qtbot.waitUntil(lambda: not scene.generation.state.table.rows, timeout=PATIENCE_MS)
    prompts = [request.settings.prompt for request in scene.engine.requests]
    assert prompts.index("again") > prompts.index("runs")


def test_a_context_gives_way_to_a_fill(
    qtbot: QtBot, staged: Callable[[ScriptedEngine], Scene]
) -> None:
    scene = staged(ScriptedEngine())
    scene.generation.fill(GenerationSettings(seed=5))
    scene.generation.ask(Kind.CONTEXT)
    kinds = [(row.kind, row.running) for row in scene.generation.state.table.rows]
    assert kinds == [(Kind.FILL, True), (Kind.CONTEXT, False)]
    qtbot.waitUntil(lambda: not scene.generation.state.table.rows, timeout=PATIENCE_MS)
    assert (scene.document.pixels[105, 105] == grey(5)).all()
