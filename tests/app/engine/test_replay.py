from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import numpy as np
import pytest

from app.document.edit_stack import EditStack
from app.document.edits import Provenance, Recipe
from app.engine.replay import Replay
from app.engine.requests import edit_from
from lazydiff_core.contract import RGBA, Cover, EditRequest, Mask
from lazydiff_core.engine.engine import Engine
from lazydiff_core.generation_settings import GenerationSettings

SIDE = 96


def disc(x: int, y: int, radius: int) -> Mask:
    ys, xs = np.mgrid[0:SIDE, 0:SIDE]
    return np.asarray(np.hypot(ys - y, xs - x) <= radius, np.bool_)


def laid(engine: Engine, stack: EditStack, request: EditRequest) -> EditStack:
    """The stack with one more edit, made by the engine."""
    edit = edit_from(request, engine.run(request), engine.info, request.image)
    return EditStack(stack.base, (*stack.edits, edit))


def painting(engine: Engine, steps: int, most: int = 4) -> EditStack:
    """Edits that overlap, one of soft edges from a sketch, one apart, one the second choice."""
    base = np.random.default_rng(0).integers(90, 160, (SIDE, SIDE, 3), np.uint8)
    stack = EditStack(base)
    sketch = np.zeros((SIDE, SIDE, 4), np.uint8)
    sketch[30:60, 30:60] = (200, 30, 40, 255)
    soft = np.rint(disc(60, 50, 18) * np.linspace(40, 255, SIDE)).astype(np.uint8)
    rows: list[tuple[Mask, str, int, int, RGBA | None, Cover | None]] = [
        (disc(36, 40, 20), "red apple", 1, 2, None, None),
        (soft > 0, "sun", 5, 1, sketch, soft),
        (disc(80, 80, 10), "", 9, 2, None, None),
        (disc(40, 60, 12), "cat", 12, 1, None, None),
    ]
    for mask, prompt, seed, variants, guide, cover in rows[:most]:
        request = EditRequest(
            stack.pixels(),
            mask,
            prompt=prompt,
            negative="dog",
            seed=seed,
            steps=steps,
            variants=variants,
            sketch=guide,
            strength=1.0 if guide is None else 0.5,
            cover=cover,
        )
        stack = laid(engine, stack, request)
        if variants > 1:
            last = len(stack.edits) - 1
            stack = stack.with_edit(last, replace(stack.edits[last], chosen=1))
    return stack


def replayed(
    engine: Engine,
    stack: EditStack,
    todo: tuple[UUID, ...],
    settings: GenerationSettings | None = None,
) -> EditStack:
    replay = Replay.of(stack, todo, settings)
    while replay.todo:
        request = replay.request(engine.info)
        replay = replay.after(request, engine.run(request), engine.info)
    return replay.stack


def everything(stack: EditStack) -> tuple[UUID, ...]:
    return tuple(edit.id for edit in stack.edits)


@pytest.fixture
def engine() -> Engine:
    return Engine.load("fake")


def same_pixels(first: EditStack, second: EditStack) -> bool:
    pairs = zip(first.edits, second.edits, strict=True)
    return np.array_equal(first.pixels(), second.pixels()) and all(
        np.array_equal(v.pixels[a.mask], w.pixels[a.mask])
        for a, b in pairs
        for v, w in zip(a.variants, b.variants, strict=True)
    )


def test_replaying_an_untouched_stack_gives_the_same_pixels(engine: Engine) -> None:
    stack = painting(engine, 3)
    assert same_pixels(replayed(Engine.load("fake"), stack, everything(stack)), stack)


@pytest.mark.model
def test_the_bundled_model_replays_an_untouched_stack_to_the_same_pixels() -> None:
    engine = Engine.load("bundled", device="cpu")
    stack = painting(engine, steps=2, most=2)
    assert stack.edits[0].recipe.provenance.model_hash
    engine._contexts.clear()  # nothing remembered
    assert same_pixels(replayed(engine, stack, everything(stack)), stack)


def test_a_changed_prompt_changes_its_edit_and_those_upon_it(engine: Engine) -> None:
    stack = painting(engine, 3)
    first = stack.edits[0]
    settings = replace(first.recipe.settings, prompt="green pear")
    changed = replayed(engine, stack, (first.id,), settings)
    assert changed.edits[0].recipe == replace(first.recipe, settings=settings)
    assert [edit.stale for edit in changed.edits] == [False, True, False, True]
    todo = tuple(edit.id for edit in changed.edits if edit.stale)
    done = replayed(engine, changed, todo)
    assert not any(edit.stale for edit in done.edits)
    back = replayed(engine, done, everything(done)[:1], first.recipe.settings)
    again = replayed(engine, back, todo)
    assert same_pixels(again, stack), "and back to where it came from"


def test_edits_are_run_from_the_lowest_up_whatever_the_order(engine: Engine) -> None:
    stack = painting(engine, 3)
    up = replayed(engine, stack, everything(stack))
    assert same_pixels(replayed(engine, stack, everything(stack)[::-1]), up)


def test_the_row_is_counted(engine: Engine) -> None:
    stack = painting(engine, 3)
    replay = Replay.of(stack, everything(stack)[:2])
    assert (replay.number, replay.count) == (1, 2)
    request = replay.request(engine.info)
    replay = replay.after(request, engine.run(request), engine.info)
    assert (replay.number, replay.count) == (2, 2)


def test_a_sampler_the_model_lacks_gives_way_to_its_own(engine: Engine) -> None:
    stack = painting(engine, 3)
    edit = stack.edits[2]
    settings = replace(edit.recipe.settings, sampler="euler of another model")
    elsewhere = replace(edit, recipe=Recipe(settings, Provenance("other")))
    again = replayed(engine, stack.with_edit(2, elsewhere), (edit.id,))
    assert again.edits[2].recipe.settings.sampler == engine.info.default_sampler
    assert again.edits[2].recipe.provenance.backend == "fake"
