"""Keys of a prompt's padding, kept as those of the canvas are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from lazydiff_core.backends.cached_dit.backend import CachedDit
from lazydiff_core.backends.cached_dit.cache_settings import (
    CacheSettings,
    MemoryBudget,
    Mode,
    PaddingMode,
)
from lazydiff_core.backends.cached_dit.flux2 import Flux2
from lazydiff_core.backends.cached_dit.flux2_needs import TEXT_TOKENS
from lazydiff_core.backends.cached_dit.kv_entry import PlainAttention, RecordKV, Storage
from lazydiff_core.backends.cached_dit.padding import Padding
from lazydiff_core.backends.cached_dit.pixart import PixArt
from lazydiff_core.backends.protocols import ModelInput
from tests.lazydiff_core.backends.driving import denoise_params

HOLE = np.s_[10:30, 20:40]
MODES: tuple[Mode, ...] = ("bank", "refresh", "reference")
PADDINGS: tuple[PaddingMode, ...] = ("computed", "kept", "kept_by_prompt")
MakeInput = Callable[..., ModelInput]


def backend(
    family: Any, mode: Mode = "bank", padding: PaddingMode = "kept", **changes: Any
) -> CachedDit:
    changes = {"budget": MemoryBudget(10**9)} | changes
    return CachedDit(family, "tiny", CacheSettings(mode, padding=padding, **changes))


def run(dit: CachedDit, context: Any, prompt: str = "red apple", scale: float = 2.0) -> Tensor:
    params = denoise_params((7, 8), 3, scale, "euler")
    return dit.denoise(context, dit.encode_prompt(prompt, ""), params, lambda *_: None)


@torch.inference_mode()
@pytest.mark.parametrize("longer", [0, 3])
def test_padding_of_the_same_moment_changes_nothing(flux2: Flux2, longer: int) -> None:
    """Not even where a prompt has more words than the one whose padding was kept."""
    padding, order = Padding(flux2), torch.randperm(64)
    x, t, text = torch.randn(1, 64, 16), torch.tensor(400.0), flux2.encode_prompt("red apple")
    assert text.words == 6  # with the words of the chat
    shown, count = padding.record(text)
    assert count == TEXT_TOKENS - 6
    record = RecordKV(Storage(torch.float32), count + 50)
    whole = flux2.predict(x[:, order], order, t, shown, record)
    plain = flux2.predict(x[:, order], order, t, text, PlainAttention())
    assert torch.allclose(whole, plain, atol=1e-5)
    hole, longer_text = order[50:], replace(text, words=6 + longer)
    lean, attend = padding.reuse(longer_text, record.entry, text)
    assert lean.states.shape[1] == 6 + longer
    ours = flux2.predict(x[:, hole], hole, t, lean, attend)
    assert torch.allclose(ours, plain[:, 50:], atol=1e-5)


def test_a_prompt_that_is_shorter_than_what_was_recorded(flux2: Flux2) -> None:
    padding, long = Padding(flux2), flux2.encode_prompt("red apple red apple")
    shown, count = padding.record(long)
    record = RecordKV(Storage(torch.float32), count)
    x, places, t = torch.randn(1, 9, 16), torch.arange(9), torch.tensor(400.0)
    with torch.inference_mode():
        flux2.predict(x, places, t, shown, record)
    lean, attend = padding.reuse(flux2.encode_prompt(""), record.entry, long)
    assert (lean.states.shape[1], attend.skip) == (long.words, 0)
    together = flux2.batch([flux2.encode_prompt(""), long])
    assert together.words == long.words


@pytest.mark.parametrize("mode", MODES)
def test_little_is_lost_and_only_words_are_computed(
    flux2: Flux2, make_input: MakeInput, monkeypatch: pytest.MonkeyPatch, mode: Mode
) -> None:
    lengths: list[int] = []
    passes = flux2.predict

    def counted(x: Tensor, place: Tensor, t: Tensor, text: Any, attend: Any) -> Tensor:
        lengths.append(text.states.shape[1])
        return passes(x, place, t, text, attend)

    view = make_input(HOLE, 64)
    plain, kept = backend(flux2, mode, "computed"), backend(flux2, mode)
    expected = run(plain, plain.encode_context(view))
    context = kept.encode_context(view)
    kept.prepare(context, lambda: False)
    run(kept, context)  # fills what is kept
    monkeypatch.setattr(flux2, "predict", counted)
    ours = run(kept, context)
    words = [6, 6] if mode == "refresh" else [6, 6, 6]  # whose first step computes everything
    assert lengths[-len(words) :] == words
    assert not torch.equal(ours, expected)
    spread = expected.std()
    assert (ours - expected).square().mean().sqrt() < 0.2 * spread


def test_all_of_a_bank_is_padding_where_the_canvas_is_a_reference(
    flux2: Flux2, make_input: MakeInput
) -> None:
    dit = backend(flux2, "reference")
    context = dit.encode_context(make_input(HOLE, 64))
    run(dit, context)
    assert context.kv_cache is not None
    assert context.plan is not None
    padding = TEXT_TOKENS - flux2.encode_prompt("").words
    kept = {entry.layers[0].shape[2] for entry in context.kv_cache.entries.values()}
    assert kept == {padding}
    assert len(context.kv_cache.entries) == 3
    visible = len(context.canvas.visible_N)
    assert context.plan.bytes == flux2.shape.entry_bytes(visible + 3 * TEXT_TOKENS, 4)


@torch.inference_mode()
def test_prompts_of_a_batch_are_told_apart(flux2: Flux2) -> None:
    one, other = flux2.encode_prompt("red apple"), flux2.encode_prompt("")
    prompts, each, rows = flux2.distinct(flux2.batch([other, other, one, one]))
    assert prompts == ("", "red apple")
    assert rows == [0, 0, 1, 1]
    assert torch.equal(each.states, torch.cat([other.states, one.states]))


@pytest.mark.parametrize("mode", ["bank", "reference"])
def test_a_prompts_own_padding_is_made_once(
    flux2: Flux2, make_input: MakeInput, monkeypatch: pytest.MonkeyPatch, mode: Mode
) -> None:
    made: list[tuple[int, int]] = []
    passes = flux2.predict

    def counted(x: Tensor, place: Tensor, t: Tensor, text: Any, attend: Any) -> Tensor:
        made.append((len(x), text.states.shape[1]))
        return passes(x, place, t, text, attend)

    view = make_input(HOLE, 64)
    plain, shared, own = (backend(flux2, mode, way) for way in PADDINGS)
    exact, far = (run(dit, dit.encode_context(view)) for dit in (plain, shared))
    context = own.encode_context(view)
    run(own, context, "apple")  # fills the bank
    monkeypatch.setattr(flux2, "predict", counted)
    first = run(own, context)
    # Two prompts, as guidance has them, and two seeds of each.
    assert made[-6:] == [(2, TEXT_TOKENS), (4, 6)] * 3
    made.clear()
    again = run(own, context)
    assert made == [(4, 6)] * 3
    assert torch.equal(first, again)
    assert (first - exact).abs().max() < 0.2 * (far - exact).abs().max()
    other = run(own, context, "apple")
    assert not torch.allclose(other, first, atol=1e-3)
    assert torch.equal(run(own, context), first)


@pytest.mark.parametrize("mode", [*MODES, "full"])
@pytest.mark.parametrize("padding", PADDINGS[1:])
def test_where_all_is_computed_padding_is_too(
    flux2: Flux2, make_input: MakeInput, mode: Mode, padding: PaddingMode
) -> None:
    full = backend(flux2, "full", "computed")
    dit = backend(flux2, mode, padding)
    everything = make_input(None, 64)
    assert torch.equal(
        run(dit, dit.encode_context(everything)), run(full, full.encode_context(everything))
    )


def test_refreshing_at_every_step_is_computing_everything(
    flux2: Flux2, make_input: MakeInput
) -> None:
    full, every = backend(flux2, "full", "computed"), backend(flux2, "refresh", every=1)
    view = make_input(HOLE, 64)
    ours, theirs = (run(dit, dit.encode_context(view)) for dit in (every, full))
    assert torch.allclose(ours, theirs, atol=1e-5)


def test_memory_that_ends_while_a_prompts_padding_is_made(
    flux2: Flux2, make_input: MakeInput, monkeypatch: pytest.MonkeyPatch
) -> None:
    passes = flux2.predict

    def failing(x: Tensor, place: Tensor, *rest: Any) -> Tensor:
        if not len(place):
            raise torch.OutOfMemoryError("CUDA out of memory")
        return passes(x, place, *rest)

    refreshing, own = backend(flux2, "refresh"), backend(flux2, padding="kept_by_prompt")
    view = make_input(HOLE, 64)
    expected = run(refreshing, refreshing.encode_context(view))
    context = own.encode_context(view)
    monkeypatch.setattr(flux2, "predict", failing)
    assert torch.equal(run(own, context), expected)
    assert own.notice(context).startswith("Memory ran out")


@pytest.mark.parametrize("mode", MODES)
def test_padding_needs_room(flux2: Flux2, make_input: MakeInput, mode: Mode) -> None:
    view = make_input(HOLE, 64)
    sizes = []
    for padding in ("computed", "kept"):
        dit = backend(flux2, mode, padding)
        context = dit.encode_context(view)
        run(dit, context)
        assert context.plan is not None
        sizes.append(context.plan.bytes)
    times = 2 if mode == "refresh" else 3  # two branches of guidance, or three steps
    assert sizes[1] - sizes[0] == flux2.shape.entry_bytes(times * TEXT_TOKENS, 4)


def test_families_without_padding_have_none_to_keep(pixart: PixArt) -> None:
    plain, kept = (
        CachedDit(pixart, "tiny", CacheSettings(padding=padding, budget=MemoryBudget(10**9)))
        for padding in ("computed", "kept")
    )
    assert plain.info == kept.info
