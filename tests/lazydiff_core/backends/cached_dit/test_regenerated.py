"""The third architecture: our own inpainting model, which is told its canvas besides."""

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
from lazydiff_core.backends.cached_dit.kv_entry import PlainAttention, RecordKV, ReuseKV, Storage
from lazydiff_core.backends.cached_dit.loading import load
from lazydiff_core.backends.cached_dit.regenerated import RegenerateImage
from lazydiff_core.backends.protocols import ModelInput
from lazydiff_core.backends.regenerate import RegenerateBackend
from lazydiff_core.errors import ModelError
from lazydiff_core.model.checkpoint.checkpoint import Checkpoint, save_checkpoint
from lazydiff_core.model.files.config import baseline
from lazydiff_core.model.network.lazy_model import LazyDiffusion
from lazydiff_core.model.text.prompt import join_prompts
from lazydiff_core.model.text.text_encoder import TextEncoder
from tests.lazydiff_core.backends.driving import denoise_params

# diffusers' DPM-Solver hands a tensor to numpy's constructor
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

CPU = torch.device("cpu")
T = torch.tensor(640.0)
PROMPT = "red apple"


@pytest.fixture(scope="module", params=["flow", "iddpm"])
def checkpoint(
    request: pytest.FixtureRequest,
    tiny_checkpoint: Checkpoint,
    randomise: Callable[..., LazyDiffusion],
) -> Checkpoint:
    config = dataclasses.replace(tiny_checkpoint.lazy.config, objective=request.param)
    lazy = randomise(LazyDiffusion(baseline(config, "regenerate_image")))
    return dataclasses.replace(tiny_checkpoint, name="image", lazy=lazy)


@pytest.fixture(scope="module")
def family(checkpoint: Checkpoint, word_states: TextEncoder) -> RegenerateImage:
    return RegenerateImage(checkpoint, word_states, CPU)


def context_of(family: RegenerateImage, view: ModelInput, **changes: Any) -> DitContext:
    return dit(family, **changes).encode_context(view)


def dit(family: RegenerateImage, **changes: Any) -> CachedDit:
    settings = {"dilate": 0, "budget": MemoryBudget(10**9)} | changes
    return CachedDit(family, "image", CacheSettings(**settings))


@pytest.fixture
def view(make_input: Callable[..., ModelInput]) -> ModelInput:
    return make_input(np.s_[16:40, 24:48], side=64)


def noised(context: DitContext, places: Tensor, seed: int = 0) -> Tensor:
    x = torch.randn(context.canvas.tokens.shape, generator=torch.Generator().manual_seed(seed))
    return context.canvas.with_conditions(x[:, places], places)


@torch.inference_mode()
def test_all_tokens_in_any_order_are_our_own_decoder(
    family: RegenerateImage, checkpoint: Checkpoint, word_states: TextEncoder, view: ModelInput
) -> None:
    own = RegenerateBackend(checkpoint, word_states, CPU)
    context, hole = context_of(family, view), own.encode_context(view).hole
    places = torch.randperm(family.shape.tokens, generator=torch.Generator().manual_seed(1))
    prompts = join_prompts(family.encode_prompt(PROMPT), family.encode_prompt(""))
    x = noised(context, places).repeat(2, 1, 1)
    predicted = family.predict(x, places, T, prompts, PlainAttention())
    width = family.shape.token_width
    noise = torch.empty_like(x[..., :width])
    noise[:, places] = x[..., :width]
    expected = checkpoint.lazy.decoder(noise, T.expand(2), hole.repeat(2), prompts)[..., :width]
    assert predicted.shape == expected.shape
    assert torch.allclose(predicted, expected[:, places], atol=1e-5)


@torch.inference_mode()
def test_a_recalled_moment_changes_nothing(family: RegenerateImage, view: ModelInput) -> None:
    context, text = context_of(family, view), family.encode_prompt(PROMPT)
    canvas = context.canvas
    record = RecordKV(Storage(torch.float32), len(canvas.visible_N))
    x = noised(context, canvas.places)
    whole = family.predict(x, canvas.places, T, text, record)
    hole = x[:, len(canvas.visible_N) :]
    alone = family.predict(hole, canvas.hole_N, T, text, ReuseKV(record.entry))
    assert torch.allclose(alone, whole[:, len(canvas.visible_N) :], atol=1e-5)


@torch.inference_mode()
@pytest.mark.parametrize("mode", ["bank", "refresh", "full"])
def test_a_hole_that_is_everything_is_the_baseline(
    family: RegenerateImage,
    checkpoint: Checkpoint,
    word_states: TextEncoder,
    make_input: Callable[..., ModelInput],
    mode: str,
) -> None:
    """The same noise, so the same latents: our own sampler against diffusers' schedulers."""
    own = RegenerateBackend(checkpoint, word_states, CPU)
    view, lazy = make_input(None, side=64), dit(family, mode=mode)
    sampler = "euler" if family.flow else "dpm++"
    context, told = lazy.encode_context(view), denoise_params((3,), 4, 2.0, sampler)
    latents = lazy.denoise(context, lazy.encode_prompt(PROMPT, ""), told, lambda *_: None)
    channels, side = family.codec.channels, family.shape.side // family.codec.scale
    drawn = torch.randn(1, channels, side, side, generator=torch.Generator().manual_seed(3))
    own._noise = lambda *_: family.tokens_of(drawn)  # type: ignore[method-assign]
    expected = own.denoise(
        own.encode_context(view), own.encode_prompt(PROMPT, ""), told, lambda *_: None
    ).tokens
    assert torch.allclose(latents, expected, rtol=0, atol=1e-5 * float(expected.abs().max()))


@torch.inference_mode()
def test_a_folder_of_ours_runs_lazily(
    checkpoint: Checkpoint,
    tmp_path: Path,
    view: ModelInput,
    monkeypatch: pytest.MonkeyPatch,
    word_states: TextEncoder,
) -> None:
    from lazydiff_core.backends.cached_dit import regenerated

    monkeypatch.setattr(regenerated, "load_text_encoder", lambda *_: word_states)
    save_checkpoint(tmp_path / "image", checkpoint)
    lazy = load(str(tmp_path / "image"), "cpu")
    assert lazy.info.backend == "cached_dit"
    assert lazy.info.concepts == checkpoint.concepts
    assert lazy.info.framing == checkpoint.lazy.config.framing
    assert len(lazy.info.model_hash) == 64
    context = lazy.encode_context(view)
    params = denoise_params((1, 2), 3, 2.0, lazy.info.default_sampler)
    latents = lazy.denoise(context, lazy.encode_prompt(PROMPT, ""), params, lambda *_: None)
    assert len(latents) == 2
    assert lazy.decode(context, latents, 1)[16:40, 24:48].any()


def test_a_model_that_is_told_looks_is_refused(checkpoint: Checkpoint, tmp_path: Path) -> None:
    config = dataclasses.replace(checkpoint.lazy.config, look_styles=4)
    told = dataclasses.replace(checkpoint, lazy=LazyDiffusion(config))
    save_checkpoint(tmp_path / "image", told)
    with pytest.raises(ModelError, match="use it with --backend regenerate_image"):
        load(str(tmp_path / "image"), "cpu")


def test_the_lazy_model_needs_no_making_lazy(tiny_folder: Path) -> None:
    with pytest.raises(ModelError, match="a lazydiffusion, which is not supported"):
        load(str(tiny_folder), "cpu")
