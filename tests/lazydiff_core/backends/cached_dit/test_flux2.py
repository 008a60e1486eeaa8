"""The second architecture, on tiny random weights: against diffusers' own pipeline."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from diffusers import AutoencoderKLFlux2, Flux2KleinPipeline
from torch import Tensor

from lazydiff_core.backends.cached_dit import flux2 as flux2_module
from lazydiff_core.backends.cached_dit.backend import CachedDit
from lazydiff_core.backends.cached_dit.cache_settings import CacheSettings, MemoryBudget, Mode
from lazydiff_core.backends.cached_dit.family import open_family
from lazydiff_core.backends.cached_dit.flux2 import Flux2
from lazydiff_core.backends.cached_dit.flux2_needs import TEXT_LAYERS, TEXT_TOKENS
from lazydiff_core.backends.cached_dit.kv_entry import PlainAttention, RecordKV, ReuseKV, Storage
from lazydiff_core.backends.cached_dit.pipeline_reader import open_folder
from lazydiff_core.backends.fitting import Fit
from lazydiff_core.backends.protocols import ModelInput
from lazydiff_core.contract import EditRequest
from lazydiff_core.engine.engine import Engine
from lazydiff_core.errors import ModelError, OutOfMemoryError
from lazydiff_core.model.text.qwen3 import Qwen3Folders, Qwen3States
from tests.lazydiff_core.backends.driving import denoise_params

CPU = torch.device("cpu")


def nothing(step: int, steps: int, estimate: object) -> None: ...


def backend(family: Flux2, mode: Mode = "bank", **changes: Any) -> CachedDit:
    return CachedDit(
        family, "tiny", CacheSettings(mode=mode, budget=MemoryBudget(10**9), **changes)
    )


def run(dit: CachedDit, context: Any, steps: int = 3, scale: float = 2.0) -> Tensor:
    params = denoise_params((7,), steps, scale, "euler")
    return dit.denoise(context, dit.encode_prompt("red apple", ""), params, nothing)


def test_sizes(flux2: Flux2) -> None:
    assert (flux2.shape.side, flux2.shape.grid, flux2.shape.layers) == (64, 8, 4)
    assert flux2.defaults.samplers == ("euler",)
    assert flux2.defaults.guidable


def test_the_text_and_the_latents_are_the_pipelines(klein_folder: Path, flux2: Flux2) -> None:
    theirs = Flux2KleinPipeline.from_pretrained(klein_folder)
    with torch.inference_mode():
        states, _ = theirs.encode_prompt("red apple")
        assert torch.allclose(flux2.encode_prompt("red apple").states, states, atol=1e-5)
        image = torch.rand(1, 3, 64, 64) * 2 - 1
        latents = theirs._encode_vae_image(image, None)
        assert torch.allclose(flux2.codec.encode(image), latents, atol=1e-5)
        assert torch.allclose(flux2.codec.decode(latents), _decoded(theirs, latents), atol=1e-4)


def _decoded(pipeline: Any, latents: Tensor) -> Tensor:
    norm = pipeline.vae.bn
    spread = (norm.running_var + pipeline.vae.config.batch_norm_eps).sqrt()
    plain = latents * spread[:, None, None] + norm.running_mean[:, None, None]
    return pipeline.vae.decode(pipeline._unpatchify_latents(plain)).sample


@pytest.mark.parametrize("mode", ["bank", "full"])
def test_a_hole_that_is_everything_is_the_plain_pipeline(
    klein_folder: Path, flux2: Flux2, make_input: Callable[..., ModelInput], mode: Mode
) -> None:
    pipeline = Flux2KleinPipeline.from_pretrained(klein_folder)
    pipeline.set_progress_bar_config(disable=True)
    theirs = pipeline(
        prompt="red apple",
        num_inference_steps=3,
        guidance_scale=2.0,
        generator=torch.Generator().manual_seed(7),
        height=64,
        width=64,
        output_type="pt",
    ).images[0]
    dit = backend(flux2, mode)
    context = dit.encode_context(make_input(None, 64))
    ours = dit.decode(context, run(dit, context), 0)
    assert abs(ours / 255 - theirs.permute(1, 2, 0).numpy()).max() < 0.6 / 255


@torch.inference_mode()
def test_recalled_keys_of_the_same_moment_change_nothing(flux2: Flux2) -> None:
    order = torch.randperm(64)
    x, t = torch.randn(1, 64, 16), torch.tensor(400.0)
    text = flux2.encode_prompt("red apple")
    record = RecordKV(Storage(torch.float32), 50)
    whole = flux2.predict(x[:, order], order, t, text, record)
    plain = flux2.predict(x, torch.arange(64), t, text, PlainAttention())
    assert torch.allclose(whole, plain[:, order], atol=1e-5)
    hole = order[50:]
    lazy = flux2.predict(x[:, hole], hole, t, text, ReuseKV(record.entry))
    assert torch.allclose(lazy, whole[:, 50:], atol=1e-5)
    assert not torch.allclose(
        flux2.predict(x[:, hole], hole, t, text, PlainAttention()), lazy, atol=1e-3
    )


@torch.inference_mode()
def test_a_bank_is_a_dense_forward_with_the_hole_masked(flux2: Flux2) -> None:
    """Text and visible tokens see no hole; the hole sees them alone."""
    x, t, text = torch.randn(1, 64, 16), torch.tensor(400.0), flux2.encode_prompt("red apple")
    visible, hole = torch.arange(50), torch.arange(50, 64)

    def masked(layer: int, key: Tensor, value: Tensor) -> tuple[Tensor, Tensor]:
        return key[:, :50], value[:, :50]

    record = RecordKV(Storage(torch.float32), 50)
    dense = flux2.predict(x, torch.arange(64), t, text, masked)
    seen = flux2.predict(x[:, visible], visible, t, text, record)
    assert torch.allclose(seen, dense[:, :50], atol=1e-5)

    def bank_alone(layer: int, key: Tensor, value: Tensor) -> tuple[Tensor, Tensor]:
        keys, values = record.entry.layers[layer]
        return keys, values

    ours = flux2.predict(x[:, hole], hole, t, text, bank_alone)
    assert torch.allclose(ours, dense[:, 50:], atol=1e-5)


def test_refreshing_at_every_step_is_computing_everything(
    flux2: Flux2, make_input: Callable[..., ModelInput]
) -> None:
    view = make_input(np.s_[10:30, 20:40], 64)
    full, every, lazy, bank = (
        run(dit, dit.encode_context(view))
        for dit in (
            backend(flux2, "full"),
            backend(flux2, "refresh", every=1),
            backend(flux2, "refresh", every=3),
            backend(flux2),
        )
    )
    assert torch.allclose(full, every, atol=1e-5)
    assert not torch.allclose(full, lazy, atol=1e-3)
    assert not torch.allclose(lazy, bank, atol=1e-3)


def test_distilled_models_are_not_guided(
    klein_folder: Path, tmp_path: Path, make_request: Callable[..., EditRequest]
) -> None:
    copy = Path(shutil.copytree(klein_folder, tmp_path / "distilled"))
    index = json.loads((copy / "model_index.json").read_text()) | {"is_distilled": True}
    (copy / "model_index.json").write_text(json.dumps(index))
    engine = Engine.load(str(copy), device="cpu")
    assert (engine.info.default_steps, engine.info.default_guidance) == (4, 1.0)
    one, other = (
        engine.run(make_request((64, 64), guidance=guidance, steps=2)) for guidance in (1.0, 9.0)
    )
    assert np.array_equal(one.patches[0], other.patches[0])
    assert one.pixels_changed_outside_mask == 0


def test_another_vae(klein_folder: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(klein_folder, tmp_path / "other"))
    AutoencoderKLFlux2(
        block_out_channels=(8, 8, 8),
        down_block_types=("DownEncoderBlock2D",) * 3,
        up_block_types=("UpDecoderBlock2D",) * 3,
        latent_channels=2,
        norm_num_groups=4,
    ).save_pretrained(copy / "vae")
    with pytest.raises(ModelError, match="tokens of 8 values, but the transformer reads 16"):
        Engine.load(str(copy), device="cpu")


def states_of(klein_folder: Path, **how: Any) -> Qwen3States:
    texts = Qwen3Folders(klein_folder / "text_encoder", klein_folder / "tokenizer")
    return Qwen3States(texts, TEXT_LAYERS, TEXT_TOKENS, CPU, torch.float32, **how)


@torch.inference_mode()
def test_layers_behind_the_last_wanted_states_are_not_loaded(klein_folder: Path) -> None:
    text = states_of(klein_folder)
    assert len(text.model.layers) == 28
    pipeline = Flux2KleinPipeline.from_pretrained(klein_folder)
    theirs, _ = pipeline.encode_prompt("red apple", max_sequence_length=TEXT_TOKENS)
    assert torch.allclose(text.encode("red apple"), theirs, atol=1e-5)


def test_a_text_encoder_that_visits_says_the_same(klein_folder: Path) -> None:
    visiting = states_of(klein_folder, visits=True)
    before = {name: p.data_ptr() for name, p in visiting.model.named_parameters()}
    assert torch.equal(visiting.encode("red apple"), states_of(klein_folder).encode("red apple"))
    assert {name: p.data_ptr() for name, p in visiting.model.named_parameters()} == before


def test_a_text_encoder_with_too_few_layers_is_told(klein_folder: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(klein_folder, tmp_path / "short"))
    path = copy / "text_encoder" / "config.json"
    config = json.loads(path.read_text()) | {"num_hidden_layers": 20, "layer_types": None}
    path.write_text(json.dumps(config))
    with pytest.raises(ModelError, match="has 20 layers, but 28 are read"):
        states_of(copy)


@pytest.mark.parametrize(("free", "said"), [(10**9, ""), (None, "visits for new prompts")])
def test_the_folder_is_fitted_into_what_is_free(
    klein_folder: Path, monkeypatch: pytest.MonkeyPatch, free: int | None, said: str
) -> None:
    """What a card's plan does, done on the CPU."""
    plan = Fit(torch.float32, "eight_bit", text_visits=True)
    if free is None:
        monkeypatch.setattr(flux2_module, "choose_fit", lambda *given: plan)
    else:
        monkeypatch.setattr(flux2_module, "free_bytes", lambda device: free)
    family = open_family(open_folder(klein_folder), CPU)
    assert said in family.notice
    dit = backend(family)
    assert family.notice in dit.info.notice
    mask = np.zeros((64, 64), bool)
    mask[16:32, 16:48] = True
    context = dit.encode_context(ModelInput(np.full((64, 64, 3), 90, np.uint8), mask))
    assert run(dit, context, steps=2).isfinite().all()


def test_a_folder_that_finds_no_room_is_told_before_it_is_read(
    klein_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flux2_module, "free_bytes", lambda device: 10)
    with pytest.raises(OutOfMemoryError, match="needs at least"):
        open_family(open_folder(klein_folder), CPU)
