"""Tiny public pipelines with random weights, laid out as diffusers saves them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from diffusers import (
    DDPMScheduler,
    DPMSolverMultistepScheduler,
    EulerDiscreteScheduler,
    LCMScheduler,
    PixArtTransformer2DModel,
)

from lazydiff_core.backends.cached_dit.family import open_family
from lazydiff_core.backends.cached_dit.flux2 import Flux2
from lazydiff_core.backends.cached_dit.pipeline_reader import open_folder
from lazydiff_core.backends.cached_dit.pixart import PixArt
from lazydiff_core.backends.cached_dit.zimage import ZImage
from lazydiff_core.backends.protocols import ModelInput
from lazydiff_core.doctor.tiny_pipelines import save_klein
from tests.lazydiff_core import public_layouts as layouts

CPU = torch.device("cpu")
_Z_LAYERS = 6
# Less noise than PixArt's 0.02: random weights predict nothing of it, and what they leave over
# would be divided by nearly nothing. Latents stay of unit size, so that 1e-5 means something.
BETAS = {"beta_start": 0.0001, "beta_end": 0.001, "beta_schedule": "linear"}
SCHEDULERS = {
    "dpm++": lambda: DPMSolverMultistepScheduler(**BETAS),
    "lcm": lambda: LCMScheduler(**BETAS),
    "ddpm": lambda: DDPMScheduler(clip_sample=False, **BETAS),
    "euler_discrete": lambda: EulerDiscreteScheduler(**BETAS),
    "euler_leading": lambda: EulerDiscreteScheduler(
        timestep_spacing="leading", steps_offset=1, **BETAS
    ),
}

SavePipeline = Callable[..., Path]


@pytest.fixture(scope="session")
def save_pipeline(
    pixart_pipeline: Path,
    tmp_path_factory: pytest.TempPathFactory,
    randomise: Callable[[Any], Any],
) -> SavePipeline:
    """A PixArt pipeline's folder, 128 pixels and 8x8 tokens wide; sizes can be changed."""

    def save(
        kind: str = "PixArtAlphaPipeline",
        scheduler: str = "dpm++",
        name: str = "tiny-dit",
        **changes: Any,
    ) -> Path:
        sizes: dict[str, Any] = {
            "num_attention_heads": 2,
            "attention_head_dim": 12,
            "num_layers": 3,
            "cross_attention_dim": 24,
            "sample_size": 16,
            "caption_channels": 32,
            "use_additional_conditions": False,
            "interpolation_scale": 2,
        }
        folder = tmp_path_factory.mktemp("pipelines") / name
        shutil.copytree(pixart_pipeline, folder)
        transformer = randomise(PixArtTransformer2DModel(**(sizes | changes)))
        transformer.save_pretrained(folder / "transformer")
        SCHEDULERS[scheduler]().save_pretrained(folder / "scheduler")
        index = {
            "_class_name": kind,
            "scheduler": ["diffusers", type(SCHEDULERS[scheduler]()).__name__],
            "text_encoder": ["transformers", "T5EncoderModel"],
            "tokenizer": ["transformers", "T5Tokenizer"],
            "transformer": ["diffusers", "PixArtTransformer2DModel"],
            "vae": ["diffusers", "AutoencoderKL"],
        }
        (folder / "model_index.json").write_text(json.dumps(index))
        return folder

    return save


@pytest.fixture(scope="session")
def dit_folder(save_pipeline: SavePipeline) -> Path:
    """PixArt-alpha with DPM-Solver++; never changed by a test."""
    return save_pipeline()


@pytest.fixture(scope="session")
def lcm_folder(save_pipeline: SavePipeline) -> Path:
    return save_pipeline(scheduler="lcm")


@pytest.fixture(scope="session")
def open_pixart() -> Callable[[Path], PixArt]:
    def open_it(folder: Path) -> PixArt:
        family = open_family(open_folder(folder), CPU)
        assert isinstance(family, PixArt)
        return family

    return open_it


@pytest.fixture(scope="session")
def pixart(dit_folder: Path, open_pixart: Callable[[Path], PixArt]) -> PixArt:
    return open_pixart(dit_folder)


@pytest.fixture(scope="session")
def pixart_lcm(lcm_folder: Path, open_pixart: Callable[[Path], PixArt]) -> PixArt:
    return open_pixart(lcm_folder)


@pytest.fixture(scope="session")
def klein_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """FLUX.2 [klein], guided, 64 pixels and 8x8 tokens wide; never changed by a test."""
    return save_klein(tmp_path_factory.mktemp("pipelines") / "tiny-klein")


@pytest.fixture(scope="session")
def flux2(klein_folder: Path) -> Flux2:
    family = open_family(open_folder(klein_folder), CPU)
    assert isinstance(family, Flux2)
    return family


@pytest.fixture(scope="session")
def z_image_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Z-Image with more joint layers than control networks have; never changed by a test."""
    made = tmp_path_factory.mktemp("z") / "z-image"
    layouts.z_image(made, 6.0, _Z_LAYERS)
    return made


@pytest.fixture(scope="session")
def controls(z_image_folder: Path) -> dict[str, Path]:
    """By version; beside each the config that diffusers reads it with."""
    folder = z_image_folder.parent
    for version in layouts.CONTROLS:
        (folder / version).mkdir()
        config = layouts.z_image_control(folder / f"{version}.safetensors", version, _Z_LAYERS)
        (folder / version / "config.json").write_text(json.dumps(config))
    return {version: folder / f"{version}.safetensors" for version in layouts.CONTROLS}


@pytest.fixture(scope="session")
def z_image(z_image_folder: Path) -> ZImage:
    family = open_family(open_folder(z_image_folder), CPU)
    assert isinstance(family, ZImage)
    return family


@pytest.fixture(scope="session")
def make_input() -> Callable[..., ModelInput]:
    """A random canvas with a hole; None = all of it is hole."""

    def make(hole: Any = np.s_[40:70, 30:80], side: int = 128, seed: int = 0) -> ModelInput:
        image = np.random.default_rng(seed).integers(0, 256, (side, side, 3), np.uint8)
        mask = np.full((side, side), hole is None)
        if hole is not None:
            mask[hole] = True
        return ModelInput(np.where(mask[..., None], np.uint8(127), image), mask)

    return make
