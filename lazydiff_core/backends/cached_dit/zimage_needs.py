"""What Z-Image asks of a device's memory."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Final

from lazydiff_core.backends.cached_dit.pipeline_reader import read_json, whole_number
from lazydiff_core.backends.fitting import PICTURE_VALUES, Needs, Size, size_of_file, size_on_disk
from lazydiff_core.errors import ModelError
from lazydiff_core.model.text.qwen3 import is_read
from lazydiff_core.model_store.single_files import SingleFile
from lazydiff_core.model_store.weight_names import DIFFUSERS_STEM, TRANSFORMERS_STEM

SIDE: Final = 1024  # the pipeline's default
TEXT_TOKENS: Final = 512
PATCH: Final = 2
PADDED: Final = 32  # captions and pictures take a multiple of so many tokens
_GROUP = 8  # tokens a side: only the squares of its multiples are multiples of PADDED
_STEPS, _HALF_BYTES = 8, 2
_STEP_WIDTHS = 16  # values a token at the widest place of a step, in widths of keys


def side_of(vae: Path) -> int:
    """Pixels a side of the canvas for a VAE's folder: its pictures', in whole groups of tokens.

    A picture is never padded: a hole's tokens would be padded otherwise than a picture's.

    Raises ModelError.
    """
    path = vae / "config.json"
    config = {"sample_size": SIDE} | read_json(path)
    levels = config.get("block_out_channels")
    if not isinstance(levels, list) or not levels:
        raise ModelError(f"{path} does not say its block_out_channels: download the model again.")
    token: int = PATCH * 2 ** (len(levels) - 1)
    side = min(SIDE, whole_number(config, "sample_size", path))
    whole = side - side % (token * _GROUP)
    if not whole:
        raise ModelError(f"{vae} is for pictures of {side} pixels, which is too small.")
    return whole


def text_layer(text: Path) -> int:
    """The number of the hidden states that the pipeline reads: the last but one."""
    path = text / "config.json"
    return whole_number(read_json(path), "num_hidden_layers", path) - 1


def read_needs(transformer: Path, text: Path, vae: Path, single: SingleFile | None = None) -> Needs:
    """What a folder's parts ask of a device, from their configs and their weights' headers.

    single: a file that takes the transformer's place. One that is quantised stays as it is.
    """
    path = transformer / "config.json"
    entry = partial(whole_number, read_json(path), path=path)
    return needs_of(
        size_on_disk(transformer, DIFFUSERS_STEM) if single is None else size_of_file(single),
        size_on_disk(text, TRANSFORMERS_STEM, partial(is_read, layers=text_layer(text) + 1)),
        size_on_disk(vae, DIFFUSERS_STEM),
        entry("dim"),
        entry("n_refiner_layers") + entry("n_layers"),
        side_of(vae),
    )


def needs_of(
    denoiser: Size, text: Size, pictures: Size, width: int, layers: int, side: int
) -> Needs:
    """What Z-Image asks of a device, for keys of `width` and a canvas of `side` pixels.

    Activations were counted (`lazydiff bench memory`), with the longest prompt.
    """
    tokens = (side // (8 * PATCH)) ** 2
    return Needs(
        denoiser,
        text,
        pictures,
        step=(tokens + TEXT_TOKENS) * width * _STEP_WIDTHS * _HALF_BYTES,
        work=side**2 * PICTURE_VALUES * _HALF_BYTES,
        keys=2 * _STEPS * 2 * layers * tokens * width * _HALF_BYTES,
    )
