"""Control networks in one file, as they are published for Z-Image: recognised by their tensors."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lazydiff_core.errors import ModelError
from lazydiff_core.model_store.safetensors_header import read_header

# Tensors by which such a file is known, and by which its versions differ.
_PATCHES: Final = "control_all_x_embedder.2-1.weight"  # (width, values of a token's picture)
_LAYER: Final = "control_layers.{}.after_proj.weight"
REFINER_ENTRY: Final = "control_noise_refiner.0.before_proj.weight"
_PATCH_LATENTS: Final = 4  # 2 x 2 latents a token
# What is published, for the sentence that says what a file should have been.
SOURCE: Final = "alibaba-pai/Z-Image-Turbo-Fun-Controlnet-Union-2.1"


@dataclass(frozen=True)
class ControlNetworkFile:
    """What the tensors of a file say.

    width:    of the hidden states.
    channels: of the latents that show it the picture: 16, or 33 with mask and canvas (2.0 on).
    layers:   that follow the joint blocks.
    has_refiners: whether its refiners have an entry of their own, as from version 2.0 on.
    """

    path: Path
    width: int
    channels: int
    layers: int
    has_refiners: bool


def recognise_control(path: Path) -> ControlNetworkFile:
    """What a file holds; raises ModelError for what is missing or no control network."""
    try:
        shapes = read_header(path).shapes
    except OSError as error:
        raise ModelError(f"The control network {path} is missing.") from error
    patches = shapes.get(_PATCHES, ())
    layers = next(n for n in range(len(shapes) + 1) if _LAYER.format(n) not in shapes)
    if len(patches) != 2 or not layers:
        raise ModelError(
            f"{path.name} is no control network for Z-Image, by its tensors: take a file such as "
            f"those of {SOURCE}."
        )
    width, values = patches
    return ControlNetworkFile(
        path, width, values // _PATCH_LATENTS, layers, REFINER_ENTRY in shapes
    )
