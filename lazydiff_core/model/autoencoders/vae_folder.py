"""Loads the autoencoder of a diffusers folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from lazydiff_core.errors import ModelError
from lazydiff_core.model.autoencoders.latent_codec import LatentCodec
from lazydiff_core.model.autoencoders.sd_autoencoder import load_sd_autoencoder
from lazydiff_core.model.autoencoders.tiny_autoencoder import load_tiny_autoencoder
from lazydiff_core.model.files.config_file import read_object

AUTOENCODERS: Final[dict[str, Callable[[Path], LatentCodec]]] = {
    "AutoencoderKL": load_sd_autoencoder,
    "AutoencoderTiny": load_tiny_autoencoder,
}


def load_vae(folder: Path) -> LatentCodec:
    """Read the autoencoder that the folder's config.json names, in float32; raises ModelError."""
    path = folder / "config.json"
    config = read_object(
        path,
        absent=f"{folder} is not an autoencoder's folder: no config.json.",
        odd=f"{path} does not say what autoencoder this is.",
    )
    names = config.get("_class_name"), *config.get("architectures", ())
    kind = str(next((name for name in names if name), "AutoencoderKL"))
    if kind not in AUTOENCODERS:
        raise ModelError(
            f"{folder} holds a {kind}; a model needs one of {', '.join(AUTOENCODERS)}."
        )
    return AUTOENCODERS[kind](folder)
