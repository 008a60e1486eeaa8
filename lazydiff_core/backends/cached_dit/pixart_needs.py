"""What PixArt asks of a device's memory."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Final

from lazydiff_core.backends.cached_dit.pipeline_reader import read_json, whole_number
from lazydiff_core.backends.fitting import PICTURE_VALUES, Needs, Size, size_on_disk
from lazydiff_core.model_store.weight_names import DIFFUSERS_STEM, TRANSFORMERS_STEM

TEXT_TOKENS: Final = {"PixArtAlphaPipeline": 120, "PixArtSigmaPipeline": 300}
_TOKEN_PIXELS, _LATENT_PIXELS = 16, 8
_STEPS, _HALF_BYTES, _BRANCHES = 20, 2, 2
_STEP_WIDTHS = 16  # values a token and branch at the widest place of a step, in widths of keys


def read_needs(transformer: Path, text: Path, vae: Path) -> Needs:
    """What a folder's parts ask of a device, from their configs and their weights' headers."""
    path = transformer / "config.json"
    entry = partial(whole_number, read_json(path), path=path)
    return needs_of(
        size_on_disk(transformer, DIFFUSERS_STEM),
        size_on_disk(text, TRANSFORMERS_STEM),
        size_on_disk(vae, DIFFUSERS_STEM),
        entry("num_attention_heads") * entry("attention_head_dim"),
        entry("num_layers"),
        entry("sample_size") * _LATENT_PIXELS,
    )


def needs_of(
    denoiser: Size, text: Size, pictures: Size, width: int, layers: int, side: int
) -> Needs:
    """What PixArt asks of a device, for keys of `width` and a canvas of `side` pixels.

    Activations were counted (`lazydiff bench memory`). The denoiser is a tenth of its text encoder,
    so it is always there as a whole.
    """
    tokens = (side // _TOKEN_PIXELS) ** 2
    return Needs(
        Size(denoiser.all),
        text,
        pictures,
        step=_BRANCHES * tokens * width * _STEP_WIDTHS * _HALF_BYTES,
        work=side**2 * PICTURE_VALUES * _HALF_BYTES,
        keys=2 * _STEPS * 2 * layers * tokens * width * _HALF_BYTES,
    )
