"""Z-Image on tiny random weights in the public layout: against diffusers' own pipeline."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from diffusers import AutoencoderKL, FlowMatchEulerDiscreteScheduler, ZImagePipeline
from safetensors.torch import save_file
from torch import Tensor

from lazydiff_core.backends.cached_dit import zimage as zimage_module
from lazydiff_core.backends.cached_dit.backend import CachedDit
from lazydiff_core.backends.cached_dit.cache_settings import CacheSettings, MemoryBudget, Mode
from lazydiff_core.backends.cached_dit.family import open_family
from lazydiff_core.backends.cached_dit.kv_entry import PlainAttention, RecordKV, ReuseKV, Storage
from lazydiff_core.backends.cached_dit.pipeline_reader import open_folder
from lazydiff_core.backends.cached_dit.zimage import GuidanceLimits, ZImage
from lazydiff_core.backends.fitting import Fit
from lazydiff_core.backends.protocols import ModelInput
from lazydiff_core.contract import EditRequest
from lazydiff_core.engine.engine import Engine
from lazydiff_core.errors import ModelError, OutOfMemoryError
from lazydiff_core.lora_files import Lora, loras_setting
from tests.lazydiff_core import public_layouts as layouts
from tests.lazydiff_core.backends.driving import denoise_params

CPU = torch.device("cpu")
SHORT, LONG = "red apple", "a red apple on a table in front of a window"
TOKENS, WIDTH = 256, 64

pytestmark = pytest.mark.filterwarnings(
    "ignore:builtin type:DeprecationWarning", "ignore:__array__ implementation:DeprecationWarning"
)


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    made = {"turbo": 3.0, "base": 6.0}
    for name, shift in made.items():
        layouts.z_image(tmp_path_factory.getbasetemp() / f"z-{name}", shift)
    return {name: tmp_path_factory.getbasetemp() / f"z-{name}" for name in made}


def opened(folder: Path) -> ZImage:
    family = open_family(open_folder(folder), CPU)
    assert isinstance(family, ZImage)
    return family


@pytest.fixture(scope="module")
def base(folders: dict[str, Path]) -> ZImage:
    return opened(folders["base"])


@pytest.fixture(scope="module")
def theirs(folders: dict[str, Path]) -> Any:
    pipeline = ZImagePipeline.from_pretrained(folders["base"])
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


def nothing(step: int, steps: int, estimate: object) -> None: ...


def backend(family: ZImage, mode: Mode = "bank", **changes: Any) -> CachedDit:
    settings = {"mode": mode, "budget": MemoryBudget(10**9)} | changes
    return CachedDit(family, "tiny", CacheSettings(**settings))


def run(
    dit: CachedDit, context: Any, prompt: str = LONG, steps: int = 3, scale: float = 3.0
) -> Tensor:
    params = denoise_params((7,), steps, scale, "euler")
    return dit.denoise(context, dit.encode_prompt(prompt, ""), params, nothing)


def painted(pipeline: Any, prompt: str, scale: float, **more: Any) -> Tensor:
    """diffusers' latents; its own scale is one less than the usual one."""
    latents: Tensor = pipeline(
        prompt=prompt,
        num_inference_steps=3,
        guidance_scale=scale - 1,
        generator=torch.Generator().manual_seed(7),
        height=64,
        width=64,
        output_type="latent",
        **more,
    ).images
    return latents


def close(ours: Tensor, other: Tensor) -> bool:
    return torch.allclose(ours, other, atol=1e-5 * float(other.abs().max()))


def test_sizes(base: ZImage) -> None:
    shape = base.shape
    assert (shape.side, shape.grid, shape.layers, shape.width) == (64, 16, 4, 32)
    assert (shape.tokens, shape.token_width, base.codec.channels) == (TOKENS, WIDTH, 16)
    defaults = base.defaults
    assert (defaults.samplers, defaults.steps, defaults.guidance) == (("euler",), 50, 5.0)


def test_turbo_is_known_by_its_scheduler_and_never_guided(
    folders: dict[str, Path], theirs: Any, make_input: Callable[..., ModelInput]
) -> None:
    turbo = opened(folders["turbo"])
    dit = backend(turbo)
    assert (dit.info.default_steps, dit.info.default_guidance) == (8, 1.0)
    context = dit.encode_context(make_input(None, 64))
    pipeline = ZImagePipeline.from_pretrained(folders["turbo"])
    pipeline.set_progress_bar_config(disable=True)
    assert isinstance(pipeline.scheduler, FlowMatchEulerDiscreteScheduler)
    expected = turbo.tokens_of(painted(pipeline, LONG, 1.0))
    assert close(run(dit, context, scale=9.0), expected)
    assert not close(turbo.tokens_of(painted(theirs, LONG, 1.0)), expected)


@torch.inference_mode()
def test_the_latents_are_the_pipelines(base: ZImage, theirs: Any) -> None:
    image = torch.rand(1, 3, 64, 64) * 2 - 1
    vae = theirs.vae
    latents = (vae.encode(image).latent_dist.mean - 0.1159) * 0.3611
    assert torch.allclose(base.codec.encode(image), latents, atol=1e-5)
    decoded = vae.decode(latents / 0.3611 + 0.1159).sample
    assert torch.allclose(base.codec.decode(latents), decoded, atol=1e-4)


@torch.inference_mode()
@pytest.mark.parametrize("prompt", ["", SHORT, LONG])
@pytest.mark.parametrize("t", [1000.0, 400.0])
def test_a_step_is_diffusers_forward_pass_with_the_sign_turned(
    base: ZImage, theirs: Any, prompt: str, t: float
) -> None:
    """In any order of tokens, for captions of any length."""
    latents = torch.randn(1, 16, 32, 32)
    states, _ = theirs.encode_prompt(prompt, do_classifier_free_guidance=False)
    passed = torch.tensor([(1000 - t) / 1000])
    out = theirs.transformer([latents[0][:, None]], passed, states, return_dict=False)[0]
    expected = -base.tokens_of(out[0].squeeze(1)[None])
    order = torch.randperm(TOKENS)
    x, text = base.tokens_of(latents), base.encode_prompt(prompt)
    assert text.states.shape[1] == (64 if prompt == LONG else 32)
    assert len(states[0]) % 32
    ours = base.predict(x[:, order], order, torch.tensor(t), text, PlainAttention())
    assert torch.allclose(ours, expected[:, order], atol=1e-5)


@pytest.mark.parametrize("mode", ["bank", "refresh", "full"])
@pytest.mark.parametrize("prompt", [SHORT, LONG])
def test_a_hole_that_is_everything_is_the_plain_pipeline(
    base: ZImage, theirs: Any, make_input: Callable[..., ModelInput], mode: Mode, prompt: str
) -> None:
    """Noise, guidance and decoding included; the two captions are padded to different lengths."""
    dit = backend(base, mode)
    context = dit.encode_context(make_input(None, 64))
    ours, latents = run(dit, context, prompt), painted(theirs, prompt, 3.0)
    assert close(ours, base.tokens_of(latents))
    with torch.inference_mode():
        picture = theirs.vae.decode(latents / 0.3611 + 0.1159).sample[0] / 2 + 0.5
    levels = picture.clamp(0, 1).permute(1, 2, 0).numpy()
    assert abs(dit.decode(context, ours, 0) / 255 - levels).max() < 0.6 / 255
    assert not close(run(dit, context, prompt, scale=1.0), ours)


@pytest.mark.parametrize(
    ("limits", "asked"),
    [
        (GuidanceLimits(truncation=0.2), {"cfg_truncation": 0.2}),
        (GuidanceLimits(norm=0.7), {"cfg_normalization": 0.7}),
        (GuidanceLimits(0.2, 1.0), {"cfg_truncation": 0.2, "cfg_normalization": True}),
    ],
)
def test_guidance_is_truncated_and_renormalised_as_in_the_pipeline(
    folders: dict[str, Path],
    theirs: Any,
    make_input: Callable[..., ModelInput],
    limits: GuidanceLimits,
    asked: dict[str, Any],
) -> None:
    family = opened(folders["base"])
    family.limits = limits
    dit = backend(family)
    ours = run(dit, dit.encode_context(make_input(None, 64)))
    assert close(ours, family.tokens_of(painted(theirs, LONG, 3.0, **asked)))
    assert not close(ours, family.tokens_of(painted(theirs, LONG, 3.0)))


@torch.inference_mode()
def test_recalled_keys_of_the_same_moment_change_nothing(base: ZImage) -> None:
    order = torch.randperm(TOKENS)
    x, t = torch.randn(1, TOKENS, WIDTH), torch.tensor(400.0)
    text = base.encode_prompt(LONG)
    record = RecordKV(Storage(torch.float32), 200)
    whole = base.predict(x[:, order], order, t, text, record)
    assert len(record.entry.layers) == base.shape.layers
    hole = order[200:]
    lazy = base.predict(x[:, hole], hole, t, text, ReuseKV(record.entry))
    assert torch.allclose(lazy, whole[:, 200:], atol=1e-5)
    alone = base.predict(x[:, hole], hole, t, text, PlainAttention())
    assert not torch.allclose(alone, lazy, atol=1e-3)


@torch.inference_mode()
def test_one_bank_serves_captions_of_every_length(base: ZImage) -> None:
    """Keys that no joint block has mixed with text yet are the same for all captions; diffusers'
    own positions would turn them by the caption's length."""
    x, t, places = torch.randn(1, TOKENS, WIDTH), torch.tensor(400.0), torch.arange(TOKENS)
    entries = []
    for prompt in ("", LONG):
        record = RecordKV(Storage(torch.float32), TOKENS)
        base.predict(x, places, t, base.encode_prompt(prompt), record)
        entries.append(record.entry.layers)
    for short, long in zip(entries[0][:3], entries[1][:3], strict=True):
        assert torch.equal(short, long)
    assert not torch.allclose(entries[0][3], entries[1][3], atol=1e-3)


@torch.inference_mode()
def test_a_bank_is_a_dense_forward_with_the_hole_masked(base: ZImage) -> None:
    """Text and visible tokens see no hole; the hole sees them alone."""
    x, t, text = torch.randn(1, TOKENS, WIDTH), torch.tensor(400.0), base.encode_prompt(SHORT)
    visible, hole = torch.arange(200), torch.arange(200, TOKENS)

    def masked(layer: int, key: Tensor, value: Tensor) -> tuple[Tensor, Tensor]:
        return key[:, :200], value[:, :200]

    record = RecordKV(Storage(torch.float32), 200)
    dense = base.predict(x, torch.arange(TOKENS), t, text, masked)
    seen = base.predict(x[:, visible], visible, t, text, record)
    assert torch.allclose(seen, dense[:, :200], atol=1e-5)

    def bank_alone(layer: int, key: Tensor, value: Tensor) -> tuple[Tensor, Tensor]:
        keys, values = record.entry.layers[layer]
        return keys, values

    ours = base.predict(x[:, hole], hole, t, text, bank_alone)
    assert torch.allclose(ours, dense[:, 200:], atol=1e-5)


@torch.inference_mode()
def test_captions_of_different_lengths_share_a_batch(base: ZImage) -> None:
    x, t, places = torch.randn(1, TOKENS, WIDTH), torch.tensor(700.0), torch.arange(TOKENS)
    texts = [base.encode_prompt(prompt) for prompt in ("", LONG)]
    together = base.predict(x.repeat(2, 1, 1), places, t, base.batch(texts), PlainAttention())
    for row, text in zip(together, texts, strict=True):
        alone = base.predict(x, places, t, base.batch([text]), PlainAttention())
        assert torch.allclose(row, alone[0], atol=1e-5)


def test_refreshing_at_every_step_is_computing_everything(
    base: ZImage, make_input: Callable[..., ModelInput]
) -> None:
    view = make_input(np.s_[10:30, 20:40], 64)
    full, every, lazy, bank = (
        run(dit, dit.encode_context(view))
        for dit in (
            backend(base, "full"),
            backend(base, "refresh", every=1),
            backend(base, "refresh", every=3),
            backend(base),
        )
    )
    assert torch.allclose(full, every, atol=1e-5)
    assert not torch.allclose(full, lazy, atol=1e-3)
    assert not torch.allclose(lazy, bank, atol=1e-3)


@pytest.mark.parametrize(
    ("device", "host", "said"),
    [
        (1.1, 0, "is kept for 8 of 8 steps"),
        (0.6, 0, "in half precision"),
        (0.2, 0.6, "in main memory"),
        (0.4, 0, "is kept for 4 of 8 steps"),
        (0.15, 0, "Some steps compute the whole canvas"),
    ],
)
def test_the_bank_is_what_memory_allows(
    base: ZImage, make_input: Callable[..., ModelInput], device: float, host: float, said: str
) -> None:
    steps, view = 8, make_input(np.s_[10:30, 20:40], 64)
    visible = len(backend(base).encode_context(view).canvas.visible_N)
    whole = steps * base.shape.entry_bytes(visible, 4)
    budget = MemoryBudget(round(device * whole), round(host * whole))
    dit = backend(base, budget=budget, every=2)
    context = dit.encode_context(view)
    assert run(dit, context, steps=steps, scale=1.0).isfinite().all()
    assert said in dit.notice(context)


def test_a_fill_touches_nothing_outside(
    folders: dict[str, Path], make_request: Callable[..., EditRequest]
) -> None:
    engine = Engine.load(str(folders["base"]), device="cpu")
    assert engine.info.backend == "cached_dit"
    one, other = (engine.run(make_request((64, 64), guidance=g, steps=2)) for g in (1.0, 4.0))
    assert one.pixels_changed_outside_mask == other.pixels_changed_outside_mask == 0
    assert not np.array_equal(one.patches[0], other.patches[0])


def test_a_lora_counts_in_blocks_for_text_too(
    folders: dict[str, Path], tmp_path: Path, make_request: Callable[..., EditRequest]
) -> None:
    names = ("layers.1.attention.to_v", "context_refiner.0.feed_forward.w1")
    by_hand, state = opened(folders["base"]), {}
    for name in names:
        weight = by_hand.transformer.get_submodule(name).weight
        up, down = torch.randn(len(weight), 2) * 0.3, torch.randn(2, weight.shape[1]) * 0.3
        weight.data += 0.8 * up @ down
        state |= {
            f"transformer.{name}.lora_B.weight": up,
            f"transformer.{name}.lora_A.weight": down,
        }
    save_file(state, tmp_path / "ink.safetensors")
    engine = Engine(CachedDit(opened(folders["base"]), "tiny"))
    loras = loras_setting((Lora(tmp_path / "ink.safetensors", 0.8),))
    plain, changed, again = (
        engine.run(make_request((64, 64), steps=2, loras=used)).patches[0].astype(int)
        for used in ("", loras, "")
    )
    expected = Engine(CachedDit(by_hand, "tiny")).run(make_request((64, 64), steps=2)).patches[0]
    assert np.abs(changed - expected).max() <= 1
    assert np.abs(changed - plain).mean() > 0.5
    assert (again == plain).all()


@pytest.mark.parametrize("denoiser", ["eight_bit", "visits"])
def test_the_folder_is_fitted_into_what_is_free(
    folders: dict[str, Path],
    monkeypatch: pytest.MonkeyPatch,
    make_input: Callable[..., ModelInput],
    denoiser: Any,
) -> None:
    """What a card's plan does, done on the CPU."""
    view = make_input(np.s_[10:30, 20:40], 64)
    usual = backend(opened(folders["base"]))
    expected = run(usual, usual.encode_context(view))
    plan = Fit(torch.float32, denoiser, text_visits=True)
    monkeypatch.setattr(zimage_module, "choose_fit", lambda *given: plan)
    family = opened(folders["base"])
    assert "visits for new prompts" in family.notice
    dit = backend(family)
    distance = (run(dit, dit.encode_context(view)) - expected).square().mean().sqrt()
    least, most = (1e-4, 0.5) if denoiser == "eight_bit" else (0, 1e-5)
    assert least <= distance <= most


def test_a_folder_that_finds_no_room_is_told_before_it_is_read(
    folders: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zimage_module, "free_bytes", lambda device: 10)
    with pytest.raises(OutOfMemoryError, match="needs at least"):
        opened(folders["base"])


def test_another_vae_and_a_vae_for_tiny_pictures(folders: dict[str, Path], tmp_path: Path) -> None:
    copy = Path(shutil.copytree(folders["base"], tmp_path / "other"))
    AutoencoderKL(
        block_out_channels=(8, 8),
        down_block_types=("DownEncoderBlock2D",) * 2,
        up_block_types=("UpDecoderBlock2D",) * 2,
        norm_num_groups=4,
        sample_size=64,
    ).save_pretrained(copy / "vae")
    with pytest.raises(ModelError, match="of 4 channels, but the transformer reads 16"):
        opened(copy)
    config = copy / "vae" / "config.json"
    sizes = json.loads(config.read_text())
    config.write_text(json.dumps(sizes | {"sample_size": 72}))
    assert zimage_module.side_of(copy / "vae") == 64, "whole groups of 32 tokens"
    config.write_text(json.dumps(sizes | {"sample_size": 24}))
    with pytest.raises(ModelError, match="too small"):
        opened(copy)
