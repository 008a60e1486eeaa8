"""A model folder of the paper's kind, tiny: SD autoencoder, T5, PixArt decoder, from end to end."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from lazydiff_core.backends import lazydiffusion
from lazydiff_core.backends.lazydiffusion import LazyBackend
from lazydiff_core.contract import EditRequest
from lazydiff_core.engine.engine import Engine
from lazydiff_core.errors import InputError, ModelError, OutOfMemoryError
from lazydiff_core.model.checkpoint.checkpoint import load_checkpoint
from lazydiff_core.model.checkpoint.class_labels import ClassLabels
from lazydiff_core.model.checkpoint.from_pixart import config_for_pixart, initialise_from_pixart
from lazydiff_core.model.checkpoint.pipeline_folder import Sources, save_parts
from lazydiff_core.model.network.lazy_model import LazyDiffusion

# diffusers' DPM-Solver hands a tensor to numpy's constructor
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

MakeRequest = Callable[..., EditRequest]
CANVAS = {"size": (150, 210), "hole": (40, 30, 90, 75)}  # larger than the model's 128


@pytest.fixture(scope="module")
def engine(parts_folder: Path) -> Engine:
    return Engine.load(str(parts_folder), device="cpu")


def test_what_it_says_of_itself(engine: Engine) -> None:
    info = engine.info
    assert (info.model, info.native_side, info.token_pixels) == ("parts", 128, 16)
    assert (info.samplers, info.default_steps) == (("iddpm", "ddim", "dpm++"), 50)
    assert info.default_guidance == 4.5


@pytest.mark.parametrize("sampler", ["iddpm", "ddim", "dpm++"])
def test_an_edit(engine: Engine, make_request: MakeRequest, sampler: str) -> None:
    request = make_request(**CANVAS, sampler=sampler, steps=3, variants=2)
    result = engine.run(request)
    assert result.pixels_changed_outside_mask == 0
    assert result.tokens.canvas == 64
    assert 0 < result.tokens.hole < 64
    assert not np.array_equal(result.patches[0], result.patches[1])
    again = engine.run(make_request(**CANVAS, sampler=sampler, steps=3, variants=2))
    assert again.context_reused
    assert all(map(np.array_equal, result.patches, again.patches))


def test_prompt_and_surroundings_count(engine: Engine, make_request: MakeRequest) -> None:
    def fill(prompt: str, darker: int = 1) -> np.ndarray:
        request = make_request(**CANVAS, steps=2, prompt=prompt)
        changed = make_request(**CANVAS, steps=2, prompt=prompt, image=request.image // darker)
        return engine.run(changed).patches[0]

    assert not np.array_equal(fill("red apple"), fill("blue car"))
    assert not np.array_equal(fill("red apple"), fill("red apple", darker=4))


def test_an_empty_prompt_has_nothing_to_be_guided_away_from(
    engine: Engine, make_request: MakeRequest
) -> None:
    def fill(**changes: object) -> np.ndarray:
        return engine.run(make_request(**CANVAS, steps=2, **changes)).patches[0]

    continued = fill(prompt="  ")
    assert np.array_equal(continued, fill(prompt="", guidance=1.0))
    assert not np.array_equal(continued, fill(prompt="", negative="red"))
    assert not np.array_equal(continued, fill(prompt="red"))


def test_a_sketch(engine: Engine, make_request: MakeRequest) -> None:
    sketch = np.full((150, 210, 4), 255, np.uint8)
    plain = engine.run(make_request(**CANVAS, steps=4)).patches[0]
    led = engine.run(make_request(**CANVAS, steps=4, sketch=sketch, strength=0.5)).patches[0]
    assert not np.array_equal(plain, led)


def test_half_precision_agrees(parts_folder: Path, make_request: MakeRequest) -> None:
    """What CUDA does, on the CPU: weights in bfloat16 under autocast."""
    full = lazydiffusion.load(str(parts_folder), "cpu")
    half = lazydiffusion.load(str(parts_folder), "cpu")
    half.dtype = torch.bfloat16
    half.checkpoint.lazy.to(torch.bfloat16)
    half.checkpoint.autoencoder.to(torch.bfloat16)
    request = make_request(**CANVAS, steps=2, sampler="ddim", guidance=1.5)
    expected, result = (Engine(b).run(request).patches[0].astype(int) for b in (full, half))
    assert np.abs(expected - result).mean() < 3


def test_memory_that_ends(
    parts_folder: Path, make_request: MakeRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    backend = lazydiffusion.load(str(parts_folder), "cpu")

    def full(image: torch.Tensor) -> torch.Tensor:
        raise torch.OutOfMemoryError("CUDA out of memory")

    monkeypatch.setattr(backend.codec, "encode", full)
    with pytest.raises(OutOfMemoryError, match="no memory left for this edit"):
        Engine(backend).run(make_request(**CANVAS))


def test_a_small_autoencoder_of_the_same_latents(
    pixart_pipeline: Path, tmp_path: Path, make_request: MakeRequest
) -> None:
    """TAESD in the place of Stable Diffusion's: faster, and exact in crops."""
    from diffusers import AutoencoderTiny

    widths = {"encoder_block_out_channels": (8,) * 4, "decoder_block_out_channels": (8,) * 4}
    vae = AutoencoderTiny(**widths)
    with torch.no_grad():  # as they are, random weights paint nothing but black
        vae.decoder.layers[-1].weight.mul_(20)
        vae.decoder.layers[-1].bias.fill_(0.5)
    vae.save_pretrained(tmp_path / "vae")
    transformer = pixart_pipeline / "transformer"
    lazy = initialise_from_pixart(str(transformer), config_for_pixart(transformer, classes=3))
    save_parts(tmp_path / "model", lazy, Sources(tmp_path / "vae"))
    engine = Engine.load(str(tmp_path / "model"), device="cpu")
    result = engine.run(make_request(**CANVAS, steps=2, prompt="class:1"))
    assert result.pixels_changed_outside_mask == 0
    assert len(np.unique(result.patches[0])) > 20


@pytest.fixture(scope="module")
def classes_folder(pixart_pipeline: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten classes in the place of text, and no text encoder."""
    transformer = pixart_pipeline / "transformer"
    config = config_for_pixart(transformer, classes=10)
    lazy = initialise_from_pixart(str(transformer), config)
    folder = tmp_path_factory.mktemp("models") / "classes"
    save_parts(folder, lazy, Sources(pixart_pipeline / "vae"), concepts=("tench", "goldfish"))
    return folder


def test_classes_in_the_place_of_text(classes_folder: Path, make_request: MakeRequest) -> None:
    engine = Engine.load(str(classes_folder), device="cpu")

    def fill(prompt: str) -> np.ndarray:
        return engine.run(make_request(**CANVAS, steps=2, prompt=prompt)).patches[0]

    assert np.array_equal(fill("class:1"), fill("goldfish"))
    assert not np.array_equal(fill("class:1"), fill("class:2"))
    assert not np.array_equal(fill("class:1"), fill(""))
    with pytest.raises(InputError, match="not one of them"):
        fill("a goldfish in a bowl")


def test_a_small_model_with_classes(
    make_lazy: Callable[..., LazyDiffusion], tiny_folder: Path, make_request: MakeRequest
) -> None:
    from lazydiff_core.model.checkpoint.checkpoint import Checkpoint, save_checkpoint

    tiny = load_checkpoint(tiny_folder)
    small = Checkpoint("c", make_lazy(classes=3), tiny.autoencoder, tiny.defaults, ())
    save_checkpoint(tiny_folder, small)
    assert json.loads((tiny_folder / "config.json").read_text())["text"] == "classes"
    backend = lazydiffusion.load(str(tiny_folder), "cpu")
    assert isinstance(backend, LazyBackend)
    assert isinstance(backend.text, ClassLabels)
    assert Engine(backend).run(make_request(prompt="class:2")).pixels_changed_outside_mask == 0


def test_a_hub_id(
    parts_folder: Path, make_request: MakeRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huggingface_hub.snapshot_download", lambda name, **how: str(parts_folder))
    engine = Engine.load("owner/model", device="cpu")
    assert engine.run(make_request(**CANVAS, steps=1)).pixels_changed_outside_mask == 0


@pytest.mark.parametrize("name", ["text_encoder/model.safetensors", "tokenizer/tokenizer.json"])
def test_a_damaged_text_encoder(parts_folder: Path, tmp_path: Path, name: str) -> None:
    folder = Path(shutil.copytree(parts_folder, tmp_path / "copy"))
    data = (folder / name).read_bytes()
    (folder / name).write_bytes(data[: len(data) // 2])
    with pytest.raises(ModelError, match=name):
        Engine.load(str(folder), device="cpu")
