"""What FLUX.2 [klein] asks of a device's memory."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Final

from lazydiff_core.backends.cached_dit.pipeline_reader import read_json, whole_number
from lazydiff_core.backends.fitting import PICTURE_VALUES, Needs, Size, size_of_file, size_on_disk
from lazydiff_core.model.text.qwen3 import is_read
from lazydiff_core.model_store.single_files import SingleFile
from lazydiff_core.model_store.weight_names import DIFFUSERS_STEM, TRANSFORMERS_STEM

SIDE: Final = 1024  # the pipeline's default
TEXT_TOKENS: Final = 512
TEXT_LAYERS: Final = (9, 18, 27)
_TOKEN_PIXELS, _STEPS, _HALF_BYTES = 16, 4, 2
STEP_WIDTHS: Final = 22  # values a token at the widest place of a step, in widths of keys


def side_of(vae: Path) -> int:
    """Pixels a side of the canvas for a VAE's folder."""
    path = vae / "config.json"
    return min(SIDE, whole_number({"sample_size": SIDE} | read_json(path), "sample_size", path))


def read_needs(
    transformer: Path, text: Path, vae: Path, side: int, single: SingleFile | None = None
) -> Needs:
    """What a folder's parts ask of a device, from their configs and their weights' headers.

    single: a file that takes the transformer's place. One that is quantised stays as it is.
    """
    path = transformer / "config.json"
    entry = partial(whole_number, read_json(path), path=path)
    return needs_of(
        size_on_disk(transformer, DIFFUSERS_STEM) if single is None else size_of_file(single),
        size_on_disk(text, TRANSFORMERS_STEM, partial(is_read, layers=max(TEXT_LAYERS) + 1)),
        size_on_disk(vae, DIFFUSERS_STEM),
        entry("num_attention_heads") * entry("attention_head_dim"),
        entry("num_layers") + entry("num_single_layers"),
        side,
    )


def needs_of(
    denoiser: Size, text: Size, pictures: Size, width: int, layers: int, side: int
) -> Needs:
    """What FLUX.2 [klein] asks of a device, for keys of `width` and a canvas of `side` pixels.

    Activations were counted (`lazydiff bench memory`): at their widest, a step holds the inputs and
    outputs of one layer's largest product, the autoencoder three pictures of its first width.
    """
    tokens, token = (side // _TOKEN_PIXELS) ** 2, width * STEP_WIDTHS * _HALF_BYTES
    return Needs(
        denoiser,
        text,
        pictures,
        step=(tokens + TEXT_TOKENS) * token,
        # Besides, the keys and values of two layers, one being used and one coming.
        reference=tokens * (token + 2 * 2 * width * _HALF_BYTES),
        work=side**2 * PICTURE_VALUES * _HALF_BYTES,
        keys=2 * _STEPS * 2 * layers * tokens * width * _HALF_BYTES,
    )
