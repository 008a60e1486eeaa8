from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import torch
from diffusers import AutoencoderKL
from safetensors.torch import load_file, save_file

from lazydiff_core.errors import ModelError
from lazydiff_core.model.autoencoders.sd_autoencoder import load_sd_autoencoder
from lazydiff_core.model.files.weights import DIFFUSERS_STEM


@pytest.fixture
def folder(pixart_pipeline: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(pixart_pipeline / "vae", tmp_path / "vae"))


@torch.no_grad()
@pytest.mark.parametrize("shift", [None, 0.25])
def test_latents_are_the_scaled_mean(folder: Path, shift: float | None) -> None:
    path = folder / "config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"shift_factor": shift}))
    codec, vae = load_sd_autoencoder(folder), AutoencoderKL.from_pretrained(folder)
    images = torch.rand(2, 3, 32, 48) * 2 - 1
    latents = codec.encode(images)
    assert latents.shape == (2, codec.channels, 32 // codec.scale, 48 // codec.scale)
    mean = vae.encode(images).latent_dist.mean
    assert torch.allclose(latents, (mean - (shift or 0)) * 0.18215, atol=1e-6)
    assert torch.equal(codec.encode(images), latents)
    decoded = codec.decode(latents)
    assert torch.allclose(decoded, vae.decode(mean).sample, atol=1e-4)
    assert torch.allclose(codec.channels_last().decode(latents), decoded, atol=1e-4)


def test_it_is_frozen_and_in_float32(folder: Path) -> None:
    AutoencoderKL.from_pretrained(folder).half().save_pretrained(folder)
    codec = load_sd_autoencoder(folder)
    assert not codec.vae.training
    assert all(p.dtype == torch.float32 and not p.requires_grad for p in codec.parameters())


def test_weights_that_are_not_finite(folder: Path) -> None:
    path = folder / f"{DIFFUSERS_STEM}.safetensors"
    state = load_file(path)
    state["quant_conv.bias"][0] = float("inf")
    save_file(state, path)
    with pytest.raises(ModelError, match="not finite"):
        load_sd_autoencoder(folder)


def test_a_layer_that_is_missing(folder: Path) -> None:
    path = folder / f"{DIFFUSERS_STEM}.safetensors"
    state = load_file(path)
    del state["quant_conv.bias"]
    save_file(state, path)
    with pytest.raises(ModelError, match=r"another architecture .*quant_conv\.bias"):
        load_sd_autoencoder(folder)


def test_pickles_and_missing_configs(folder: Path) -> None:
    (folder / f"{DIFFUSERS_STEM}.safetensors").rename(folder / f"{DIFFUSERS_STEM}.bin")
    with pytest.raises(ModelError, match="only as a pickle"):
        load_sd_autoencoder(folder)
    (folder / "config.json").unlink()
    with pytest.raises(ModelError, match=r"not a AutoencoderKL folder: it has no config\.json"):
        load_sd_autoencoder(folder)
