"""Folders that cannot be used: one sentence each."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from diffusers import AutoencoderKL, AutoencoderTiny

from lazydiff_core.backends.cached_dit import loading
from lazydiff_core.backends.cached_dit.pipeline_reader import open_folder
from lazydiff_core.contract import EditRequest
from lazydiff_core.engine.engine import Engine
from lazydiff_core.errors import InputError, ModelError, OutOfMemoryError
from lazydiff_core.model.autoencoders.tiny_autoencoder import TinyAutoencoder

# diffusers' DPM-Solver hands a tensor to numpy's constructor
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


@pytest.fixture
def copy(dit_folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(dit_folder, tmp_path / "copy"))


def change_index(folder: Path, **entries: Any) -> None:
    path = folder / "model_index.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | entries))


def test_a_pipeline_is_known_by_its_folder(dit_folder: Path) -> None:
    info = Engine.load(str(dit_folder), device="cpu").info
    assert (info.model, info.backend, info.device) == ("tiny-dit", "cached_dit", "cpu")
    assert (info.native_side, info.token_pixels) == (128, 16)
    assert (info.samplers, info.default_steps) == (("dpm++", "ddim"), 20)
    assert info.default_guidance == 4.5
    assert "kept for 20 of 20 steps" in info.notice
    assert len(info.model_hash) == 64


@pytest.mark.parametrize(
    ("name", "notice"),
    [("cached_dit_refresh", "Some steps compute"), ("blended_dit", "Every step computes")],
)
def test_other_ways_by_name(dit_folder: Path, name: str, notice: str) -> None:
    info = Engine.load(str(dit_folder), backend=name, device="cpu").info
    assert info.backend == name
    assert info.notice.startswith(notice)


def test_a_hash_tells_two_models_apart(dit_folder: Path, lcm_folder: Path, copy: Path) -> None:
    digest = open_folder(dit_folder).digest
    assert digest == open_folder(copy).digest
    assert digest != open_folder(lcm_folder).digest


def test_an_unsupported_pipeline(copy: Path) -> None:
    change_index(copy, _class_name="KandinskyPipeline")
    with pytest.raises(
        ModelError, match=r"is a KandinskyPipeline, which .*take one of PixArtAlpha"
    ):
        Engine.load(str(copy), device="cpu")


def test_a_folder_that_is_no_pipeline(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"not a diffusers pipeline: it has no model_index\.json"):
        Engine.load(str(tmp_path), backend="cached_dit", device="cpu")


@pytest.mark.parametrize("text", ["", "[]", "{"])
def test_an_index_that_says_nothing(copy: Path, text: str) -> None:
    (copy / "model_index.json").write_text(text)
    with pytest.raises(ModelError, match="model_index"):
        open_folder(copy)


@pytest.mark.parametrize("part", ["text_encoder", "tokenizer", "vae", "transformer", "scheduler"])
def test_a_part_that_is_missing(copy: Path, part: str) -> None:
    shutil.rmtree(copy / part)
    with pytest.raises(ModelError, match=f"has no {part}: get the whole pipeline"):
        Engine.load(str(copy), device="cpu")


def test_a_part_left_out_of_the_index(copy: Path) -> None:
    change_index(copy, text_encoder=[None, None])
    with pytest.raises(ModelError, match="has no text_encoder"):
        Engine.load(str(copy), device="cpu")


def test_a_vae_of_another_class(copy: Path) -> None:
    change_index(copy, vae=["diffusers", "AutoencoderDC"])
    with pytest.raises(ModelError, match="is a AutoencoderDC, but a PixArtAlphaPipeline needs"):
        Engine.load(str(copy), device="cpu")


def test_a_small_vae_decodes_the_hole_alone(
    copy: Path, make_request: Callable[..., EditRequest], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Distilled from the large one, on the same latents: exact in crops, so never decoded whole."""
    sizes = {"num_encoder_blocks": (1,) * 4, "num_decoder_blocks": (1,) * 4}
    widths = {"encoder_block_out_channels": (8,) * 4, "decoder_block_out_channels": (8,) * 4}
    AutoencoderTiny(**sizes, **widths).save_pretrained(copy / "vae")
    change_index(copy, vae=["diffusers", "AutoencoderTiny"])
    engine = Engine.load(str(copy), device="cpu")
    monkeypatch.setattr(TinyAutoencoder, "decode", None)
    result = engine.run(make_request((128, 128), (40, 40, 56, 56), steps=2))
    assert result.pixels_changed_outside_mask == 0
    assert result.image[40:56, 40:56].std() > 0


def test_a_vae_with_other_latents(copy: Path) -> None:
    blocks = {
        "down_block_types": ["DownEncoderBlock2D"] * 2,
        "up_block_types": ["UpDecoderBlock2D"] * 2,
    }
    vae = AutoencoderKL(block_out_channels=[8] * 2, norm_num_groups=4, latent_channels=16, **blocks)
    vae.save_pretrained(copy / "vae")
    with pytest.raises(ModelError, match=r"latents of 16 channels, but the transformer reads 4"):
        Engine.load(str(copy), device="cpu")


def test_a_text_encoder_of_another_width(copy: Path) -> None:
    path = copy / "transformer" / "config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"caption_channels": 48}))
    with pytest.raises(ModelError, match=r"caption_projection|width"):
        Engine.load(str(copy), device="cpu")


def test_an_unknown_scheduler(copy: Path) -> None:
    change_index(copy, scheduler=["diffusers", "PNDMScheduler"])
    with pytest.raises(ModelError, match=r"PNDMScheduler .*cannot drive hole tokens alone"):
        Engine.load(str(copy), device="cpu")


def test_weights_as_a_pickle(copy: Path) -> None:
    where = copy / "transformer"
    (where / "diffusion_pytorch_model.safetensors").rename(where / "diffusion_pytorch_model.bin")
    with pytest.raises(ModelError, match="only as a pickle"):
        Engine.load(str(copy), device="cpu")


def test_a_device_that_is_not_there(dit_folder: Path) -> None:
    with pytest.raises(InputError, match="not available"):
        Engine.load(str(dit_folder), device="magic")


def test_a_model_too_large_for_the_device(
    dit_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise torch.OutOfMemoryError("CUDA out of memory")

    monkeypatch.setattr(loading, "open_family", full)
    with pytest.raises(OutOfMemoryError, match="does not fit"):
        Engine.load(str(dit_folder), device="cpu")
