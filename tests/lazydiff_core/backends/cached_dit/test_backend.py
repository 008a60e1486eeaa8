"""The backend behind the engine: banks, memory, fallbacks, sketches."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from lazydiff_core.backends.cached_dit.backend import CachedDit, DitContext
from lazydiff_core.backends.cached_dit.cache_settings import CacheSettings, MemoryBudget
from lazydiff_core.backends.cached_dit.kv_cache import KVCache
from lazydiff_core.backends.cached_dit.kv_entry import HALF
from lazydiff_core.backends.cached_dit.pixart import PixArt
from lazydiff_core.backends.protocols import ModelInput, SupportsPrepare
from lazydiff_core.cli import main
from lazydiff_core.contract import EditRequest, Progress
from lazydiff_core.engine.engine import Engine
from lazydiff_core.errors import Cancelled, OutOfMemoryError
from lazydiff_core.images.writing import encode
from tests.lazydiff_core.backends.driving import denoise_params

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

MakeInput = Callable[..., ModelInput]
MakeRequest = Callable[..., EditRequest]
PLENTY = MemoryBudget(10**9)
CANVAS = {"size": (150, 210), "hole": (40, 30, 90, 75), "steps": 3}  # larger than the model's 128


def nothing(step: int, steps: int, estimate: object) -> None: ...


def never() -> bool:
    return False


def backend(family: PixArt, budget: MemoryBudget = PLENTY, **changes: Any) -> CachedDit:
    return CachedDit(family, "tiny", CacheSettings(**({"budget": budget} | changes)))


def run(dit: CachedDit, context: DitContext, prompt: str = "red", **changes: Any) -> Tensor:
    defaults = {"seeds": (3,), "steps": 4, "guidance": 3.0, "sampler": dit.info.default_sampler}
    return dit.denoise(
        context, dit.encode_prompt(prompt, ""), denoise_params(**(defaults | changes)), nothing
    )


class Counted:
    """How many tokens the family computed in each call."""

    def __init__(self, family: PixArt, monkeypatch: pytest.MonkeyPatch) -> None:
        self.calls: list[int] = []
        predict = family.predict

        def counting(x: Tensor, *rest: Any) -> Tensor:
            self.calls.append(x.shape[1])
            return predict(x, *rest)

        monkeypatch.setattr(family, "predict", counting)


# --- what is computed ----------------------------------------------------------------------------


def test_a_prepared_bank_leaves_the_hole_to_compute(
    pixart: PixArt, make_input: MakeInput, monkeypatch: pytest.MonkeyPatch
) -> None:
    dit, counted = backend(pixart), Counted(pixart, monkeypatch)
    assert isinstance(dit, SupportsPrepare)
    run(dit, dit.encode_context(make_input(seed=9)))  # so many steps are usual from now on
    context = dit.encode_context(make_input())
    hole = dit.tokens(context).hole
    counted.calls.clear()
    dit.prepare(context, never)
    assert counted.calls == [64 - hole] * 4
    counted.calls.clear()
    run(dit, context)
    run(dit, context, prompt="another", seeds=(4, 5))
    assert counted.calls == [hole] * 8


def test_refreshing_computes_the_whole_canvas_now_and_then(
    pixart: PixArt, make_input: MakeInput, monkeypatch: pytest.MonkeyPatch
) -> None:
    dit = backend(pixart, mode="refresh", every=3, last_full=1)
    context, counted = dit.encode_context(make_input()), Counted(pixart, monkeypatch)
    hole = dit.tokens(context).hole
    run(dit, context, steps=7)
    assert counted.calls == [64, hole, hole, 64, hole, hole, 64]
    assert "Some steps compute the whole canvas" in dit.notice(context)


def test_results_do_not_depend_on_how_far_the_bank_got(
    pixart: PixArt, make_input: MakeInput
) -> None:
    one, other = backend(pixart), backend(pixart)
    run(one, one.encode_context(make_input(seed=9)))
    ready, bare = one.encode_context(make_input()), other.encode_context(make_input())
    asked: list[int] = []

    def after_two() -> bool:
        asked.append(0)
        return len(asked) > 2

    one.prepare(ready, after_two)
    assert ready.kv_cache is not None
    assert sorted(ready.kv_cache.entries) == [0, 1]
    assert bare.kv_cache is None
    assert torch.equal(run(one, ready), run(other, bare))


def test_prompts_seeds_and_guidance_count(pixart: PixArt, make_input: MakeInput) -> None:
    dit = backend(pixart)
    context = dit.encode_context(make_input())
    base = run(dit, context)
    for change in ({"prompt": "blue"}, {"seeds": (4,)}, {"guidance": 1.0}, {"sampler": "ddim"}):
        assert not torch.allclose(base, run(dit, context, **change), atol=1e-3)
    assert torch.equal(base, run(dit, context))
    assert torch.equal(run(dit, context, prompt=""), run(dit, context, prompt="", guidance=1.0))


@pytest.mark.parametrize(
    "change", [{"fresh_noise": True}, {"bank_prompt": "sky"}, {"mode": "refresh", "last_full": 2}]
)
def test_ablations_change_the_result(
    pixart: PixArt, make_input: MakeInput, change: dict[str, Any]
) -> None:
    plain, ablated = backend(pixart), backend(pixart, **change)
    one, other = (run(dit, dit.encode_context(make_input())) for dit in (plain, ablated))
    assert not torch.allclose(one, other, atol=1e-4)


# --- memory --------------------------------------------------------------------------------------


@pytest.mark.parametrize("share", [1.0, 0.6, 0.5, 0.3, 0.25])
def test_the_memory_of_a_bank_is_obeyed(
    pixart: PixArt, make_input: MakeInput, share: float
) -> None:
    dit = backend(pixart)
    steps, tokens = 20, 64 - dit.tokens(dit.encode_context(make_input())).hole
    whole = steps * pixart.shape.entry_bytes(tokens, 4)
    budget = MemoryBudget(int(whole * share))
    dit = backend(pixart, budget)
    context = dit.encode_context(make_input())
    dit.prepare(context, never)
    assert context.kv_cache is not None
    assert context.plan is not None
    assert 0 < context.kv_cache.bytes == context.plan.bytes <= budget.device
    halved = context.kv_cache.entries[0].layers[0].dtype == HALF
    assert halved is (share < 1)
    kept = len(context.kv_cache.entries)
    assert f"{kept} of 20 steps" in dit.notice(context)
    assert run(dit, context, steps=steps).isfinite().all()


def test_half_precision_hardly_matters(pixart: PixArt, make_input: MakeInput) -> None:
    exact, halved = backend(pixart), backend(pixart)
    context = halved.encode_context(make_input())
    size = 4 * pixart.shape.entry_bytes(len(context.canvas.visible_N), 2)
    halved.budget = MemoryBudget(size)
    one, other = run(exact, exact.encode_context(make_input())), run(halved, context)
    assert context.plan is not None
    assert context.plan.storage.dtype == HALF
    assert torch.allclose(one, other, atol=0.02)
    assert not torch.equal(one, other)


def test_fewer_steps_use_the_moment_before(
    pixart: PixArt, make_input: MakeInput, monkeypatch: pytest.MonkeyPatch
) -> None:
    dit = backend(pixart)
    context = dit.encode_context(make_input())
    dit.budget = MemoryBudget(2 * pixart.shape.entry_bytes(len(context.canvas.visible_N), 2))
    counted = Counted(pixart, monkeypatch)
    run(dit, context)
    hole = dit.tokens(context).hole
    assert counted.calls == [64 - hole, hole, hole, 64 - hole, hole, hole]


def test_too_little_room_for_a_bank(pixart: PixArt, make_input: MakeInput) -> None:
    dit = backend(pixart, MemoryBudget(30_000))
    context = dit.encode_context(make_input())
    dit.prepare(context, never)
    assert context.kv_cache is None
    assert dit.notice(context).startswith("No room for a bank")
    refreshing = backend(pixart, MemoryBudget(30_000), mode="refresh")
    assert torch.allclose(
        run(dit, context, steps=20),
        run(refreshing, refreshing.encode_context(make_input()), steps=20),
    )


def test_one_bank_is_held_at_a_time(pixart: PixArt, make_input: MakeInput) -> None:
    dit = backend(pixart)
    first, second = dit.encode_context(make_input()), dit.encode_context(make_input(seed=2))
    dit.prepare(first, never)
    dit.prepare(second, never)
    assert first.kv_cache is None
    assert second.kv_cache is not None
    kept = second.kv_cache
    dit.prepare(second, never)
    assert second.kv_cache is kept
    run(dit, second, steps=2)
    assert second.kv_cache is not kept  # another schedule


def fail_at(monkeypatch: pytest.MonkeyPatch, family: PixArt, call: int) -> list[int]:
    """Memory ends once, while the bank's n-th entry is made."""
    calls: list[int] = []
    make = family.predict

    def failing(x: Tensor, place: Tensor, *rest: Any) -> Tensor:
        calls.append(len(place))
        if len(calls) == call:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return make(x, place, *rest)

    monkeypatch.setattr(family, "predict", failing)
    return calls


def test_out_of_memory_while_the_bank_is_prepared(
    pixart: PixArt, make_input: MakeInput, monkeypatch: pytest.MonkeyPatch
) -> None:
    refreshing = backend(pixart, mode="refresh")
    expected = run(refreshing, refreshing.encode_context(make_input()), steps=20)
    dit = backend(pixart)
    context = dit.encode_context(make_input())
    fail_at(monkeypatch, pixart, 3)
    dit.prepare(context, never)
    assert context.kv_cache is None
    assert dit.notice(context).startswith("Memory ran out while the bank was built. Some steps")
    assert torch.allclose(run(dit, context, steps=20), expected, atol=1e-5)


def test_out_of_memory_while_a_run_builds_the_bank(
    pixart: PixArt, make_request: MakeRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    refreshing = Engine(backend(pixart, mode="refresh")).run(make_request(**CANVAS))
    fail_at(monkeypatch, pixart, 3)
    result = Engine(backend(pixart)).run(make_request(**CANVAS))
    assert result.notice.startswith("Memory ran out while the bank was built.")
    assert np.array_equal(result.patches[0], refreshing.patches[0])
    assert refreshing.notice.startswith("Some steps")


def test_out_of_memory_that_no_fallback_helps(
    pixart: PixArt, make_request: MakeRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> Tensor:
        raise torch.OutOfMemoryError("CUDA out of memory")

    monkeypatch.setattr(pixart, "predict", full)
    with pytest.raises(OutOfMemoryError, match="no memory left for this edit"):
        Engine(backend(pixart)).run(make_request(**CANVAS))


def test_a_fault_is_no_lack_of_memory(
    pixart: PixArt, make_input: MakeInput, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> Tensor:
        raise RuntimeError("shapes do not fit")

    dit = backend(pixart)
    context = dit.encode_context(make_input())
    monkeypatch.setattr(pixart, "predict", broken)
    with pytest.raises(RuntimeError, match="shapes"):
        dit.prepare(context, never)


def test_seeds_share_a_refresh_as_far_as_memory_goes(
    pixart: PixArt, make_input: MakeInput, monkeypatch: pytest.MonkeyPatch
) -> None:
    together = backend(pixart, mode="refresh")
    context = together.encode_context(make_input())
    one = 2 * pixart.shape.entry_bytes(len(context.canvas.visible_N), 4)
    apart = backend(pixart, MemoryBudget(2 * one), mode="refresh")
    seeds, told = (3, 4, 5), []
    expected = run(together, context, seeds=seeds)
    params = denoise_params(seeds, 4, 3.0, "dpm++")
    text, cut = apart.encode_prompt("red", ""), apart.encode_context(make_input())
    got = apart.denoise(
        cut, text, params, lambda step, steps, x: told.append((step, steps, len(x)))
    )
    assert torch.allclose(got, expected, atol=1e-4)
    assert [step for step, _, _ in told] == list(range(1, 9))
    assert [(steps, count) for _, steps, count in told] == [(8, 2)] * 4 + [(8, 1)] * 4


# --- behind the engine ---------------------------------------------------------------------------


@pytest.mark.parametrize("sampler", ["dpm++", "ddim"])
def test_an_edit(pixart: PixArt, make_request: MakeRequest, sampler: str) -> None:
    engine, news = Engine(backend(pixart)), list[Progress]()
    request = make_request(**CANVAS, sampler=sampler, variants=2)
    result = engine.run(request, news.append)
    assert result.pixels_changed_outside_mask == 0
    assert (result.tokens.canvas, result.backend) == (64, "cached_dit")
    assert 0 < result.tokens.hole < 64
    assert not np.array_equal(result.patches[0], result.patches[1])
    assert [n.step for n in news if n.steps] == [1, 2, 3]
    assert "3 of 3 steps" in result.notice
    again = engine.run(make_request(**CANVAS, sampler=sampler, variants=2))
    assert again.context_reused
    assert all(map(np.array_equal, result.patches, again.patches))


def test_preparing_through_the_engine(pixart: PixArt, make_request: MakeRequest) -> None:
    dit, request = backend(pixart), make_request(**CANVAS)
    engine = Engine(dit)
    assert engine.prepare(request.image, request.mask, "auto", lambda: True)
    (context,) = engine._contexts
    assert isinstance(context.kv_cache, KVCache)
    assert not context.kv_cache.entries
    assert not engine.prepare(request.image, request.mask)
    assert len(context.kv_cache.entries) == 20


def test_cancelling(pixart: PixArt, make_request: MakeRequest) -> None:
    steps: list[int] = []
    with pytest.raises(Cancelled):
        Engine(backend(pixart)).run(
            make_request(**CANVAS | {"steps": 9}),
            lambda news: steps.append(news.step),
            lambda: 2 in steps,
        )
    assert max(steps) == 2


def test_a_sketch_leads(pixart: PixArt, make_request: MakeRequest) -> None:
    engine = Engine(backend(pixart))
    sketch = np.full((150, 210, 4), 255, np.uint8)
    news: list[Progress] = []
    plain = engine.run(make_request(**CANVAS | {"steps": 4})).patches[0]
    given = {"sketch": sketch, "strength": 0.5, "steps": 4}
    led = engine.run(make_request(**CANVAS | given), news.append).patches[0]
    assert not np.array_equal(plain, led)
    assert [n.step for n in news if n.steps] == [1, 2]
    refreshed = Engine(backend(pixart, mode="refresh")).run(make_request(**CANVAS | given))
    assert not np.array_equal(plain, refreshed.patches[0])


def test_a_faithful_sketch_is_nearly_its_latents(pixart: PixArt, make_input: MakeInput) -> None:
    """At the least strength only the last, almost noiseless step is left."""
    dit = backend(pixart)
    context = dit.encode_context(make_input())
    sketch = np.ones((128, 128, 4), np.float32)
    sketch[..., :3] = 0.25
    latents = dit._sketch(context, denoise_params((3,), 20, 1.0, "dpm++", 0.01, sketch))
    assert latents is not None
    led, plain = (
        run(dit, context, steps=20, guidance=1.0, sketch=sketch, strength=strength)
        for strength in (0.01, 1.0)
    )
    assert (led - latents).abs().mean() < 0.2
    assert (plain - latents).abs().mean() > 0.4


def test_from_the_command_line(
    dit_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    image = np.random.default_rng(0).integers(0, 256, (128, 128, 3), np.uint8)
    mask = np.zeros_like(image)
    mask[40:70, 30:80] = 255
    for name, pixels in (("in.png", image), ("mask.png", mask)):
        (tmp_path / name).write_bytes(encode(pixels, Path(name)))
    common = ["--mask", str(tmp_path / "mask.png"), "--prompt", "red apple", "--steps", "2"]
    where = ["--out", str(tmp_path / "out.png"), "--model", str(dit_folder), "--device", "cpu"]
    assert main(["fill", str(tmp_path / "in.png"), *common, *where]) == 0
    printed = capsys.readouterr().out
    assert "tiny-dit (cached_dit)" in printed
    assert "kept for 2 of 2 steps" in printed
    assert (tmp_path / "out.png").is_file()
    assert main(["models", "info", str(dit_folder)]) == 0
    assert "PixArtAlphaPipeline" in capsys.readouterr().out


def test_models_that_know_no_blank_see_the_hole_filled(
    pixart: PixArt, make_input: MakeInput, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a flat canvas, what they see is the canvas; others see the blank."""
    given = make_input()
    flat = np.where(given.mask[..., None], np.uint8(127), np.uint8(200))
    given = dataclasses.replace(given, image=np.broadcast_to(flat, given.image.shape).copy())
    seen = backend(pixart).encode_context(given)
    assert torch.allclose(seen.image, torch.full_like(seen.image, 200 / 127.5 - 1))
    monkeypatch.setattr(pixart, "sees_blank", True)
    blank = backend(pixart).encode_context(given)
    hidden = torch.from_numpy(given.mask)
    assert (blank.image[..., hidden] == 0).all()
    assert torch.equal(blank.image[..., ~hidden], seen.image[..., ~hidden])


def test_the_hole_is_grown_for_models_that_see_it_blank(
    pixart: PixArt, make_input: MakeInput, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = backend(pixart)
    assert plain.info.computed.rim == 0
    hole = plain.tokens(plain.encode_context(make_input())).hole
    monkeypatch.setattr(pixart, "sees_blank", True)
    grown = backend(pixart)
    assert grown.info.computed.rim == 1
    assert grown.tokens(grown.encode_context(make_input())).hole > hole
    assert backend(pixart, dilate=0).info.computed.rim == 0
