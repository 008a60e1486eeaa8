"""The interface between caching and an architecture: another DiT is one file with one Family.

docs/adding-a-dit.md describes how to add one. Legend of shapes: B samples, N image tokens, P values
per token, W width of keys (heads x head width), L text tokens.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Protocol, TypeAlias

import torch
from torch import Tensor
from torch.nn import functional as F

from lazydiff_core.backends.cached_dit.pipeline_reader import PipelineFolder
from lazydiff_core.contract import Framing
from lazydiff_core.errors import ModelError
from lazydiff_core.model.autoencoders.latent_codec import LatentCodec
from lazydiff_core.model.files.devices import half_of
from lazydiff_core.model.files.pretrained import damage_is_said
from lazydiff_core.model.network.transformer_layers import patchify, unpatchify
from lazydiff_core.sampling.schedule import SCHEDULERS

# pipeline class in model_index.json, or architecture of a LazyDiff model
# -> (module, function taking (PipelineFolder, device, dtype))
FAMILIES: dict[str, tuple[str, str]] = {
    "PixArtAlphaPipeline": ("lazydiff_core.backends.cached_dit.pixart", "load"),
    "PixArtSigmaPipeline": ("lazydiff_core.backends.cached_dit.pixart", "load"),
    "Flux2KleinPipeline": ("lazydiff_core.backends.cached_dit.flux2", "load"),
    "Flux2KleinKVPipeline": ("lazydiff_core.backends.cached_dit.flux2", "load"),
    "ZImagePipeline": ("lazydiff_core.backends.cached_dit.zimage", "load"),
    "regenerate_image": ("lazydiff_core.backends.cached_dit.regenerated", "load"),
}
# Families whose numbers stay within the range of float16.
_NARROW = ("PixArtAlphaPipeline", "PixArtSigmaPipeline")

Text: TypeAlias = Any


class Attend(Protocol):
    """Chooses what image tokens attend to. A family calls it once in each self-attention layer."""

    def __call__(self, layer: int, key_BNW: Tensor, value_BNW: Tensor) -> tuple[Tensor, Tensor]:
        """Keys and values of the computed tokens -> those of all image tokens to attend to.

        `layer` counts from 0 in order of execution. The tokens of the result may be in any order.
        """
        ...


@dataclass(frozen=True)
class DitShape:
    """Sizes: `side` pixels, `grid` tokens a side, `token_width` = P, `layers` of `width` = W."""

    side: int
    grid: int
    patch: int
    token_width: int
    layers: int
    width: int

    @property
    def tokens(self) -> int:
        return self.grid**2

    def places(self, picture: int, rows: int, columns: int) -> Tensor:
        """(rows x columns,) places of a picture's tokens: 0 is the canvas, from 1 on references.

        Each has a grid of its own, behind those of the pictures before it.
        """
        row, column = torch.meshgrid(torch.arange(rows), torch.arange(columns), indexing="ij")
        return (picture * self.tokens + row * self.grid + column).flatten()

    def entry_bytes(self, tokens: int, itemsize: int) -> int:
        """Bytes of the keys and values of `tokens` tokens in all layers, for one sample."""
        return 2 * self.layers * tokens * self.width * itemsize


@dataclass(frozen=True)
class Defaults:
    """How a checkpoint is sampled by default.

    samplers: names in SCHEDULERS, the default first.
    guidable: False for models distilled to work without guidance.
    """

    samplers: tuple[str, ...]
    steps: int
    guidance: float
    guidable: bool = True


# Samplers for any noise-predicting model; few-step and flow models are trained for one sampler.
_NOISE_PREDICTING = ("dpm++", "ddim")
# Samplers that can step hole tokens alone.
_ALONE = (*_NOISE_PREDICTING, "lcm", "euler_discrete", "ddpm", "euler")
_SOLE = ("lcm", "euler")


def samplers_of(config: dict[str, Any]) -> tuple[str, ...]:
    """Samplers for a checkpoint with this scheduler, its own first; ModelError if there is none."""
    names = {SCHEDULERS[name]: name for name in _ALONE}
    kind = config["_class_name"]
    predicted = config.get("prediction_type", "epsilon")
    if kind not in names or predicted != "epsilon" or config.get("thresholding"):
        raise ModelError(
            f"The scheduler {kind} (predicting {predicted}) cannot drive hole tokens alone; "
            f"use a checkpoint with one of {', '.join(names)}."
        )
    own = names[kind]
    if own in _SOLE:
        return (own,)
    return (own, *(name for name in _NOISE_PREDICTING if name != own))


class Pass(Protocol):
    """A forward pass over any tokens: a family, or a family with references."""

    def predict(
        self, x_BNP: Tensor, place_N: Tensor, t: Tensor, text: Text, attend: Attend
    ) -> Tensor:
        """As `Family.predict`."""
        ...


class Family(ABC):
    """One architecture with its weights, text encoder and autoencoder, on one device.

    What only some can do is in abilities.py.

    sees_blank: trained to see canvases whose hole is blank. To others a blank is a grey square,
                which the latents around it would show: they see the hole's nearest pixels in it.
    concepts: words the model was trained on, if it declares them.
    framing:  as in EngineInfo.
    work:     bytes that its widest pass takes beside weights and keys; 0 = not known.
    notice:   how it was fitted into the device's memory, as sentences; empty if all is as usual.
    """

    concepts: tuple[str, ...] = ()
    work: int = 0
    notice: str = ""
    framing: Framing = Framing()
    sees_blank: bool = False

    shape: DitShape
    defaults: Defaults
    codec: LatentCodec
    scheduler: dict[str, Any]  # the folder's scheduler_config.json
    dtype: torch.dtype
    device: torch.device

    @abstractmethod
    def encode_prompt(self, prompt: str) -> Text:
        """Encode one prompt, with everything that depends on the text alone."""

    @abstractmethod
    def batch(self, texts: Sequence[Text]) -> Text:
        """Join texts into a batch, one text per sample."""

    @abstractmethod
    def predict(
        self, x_BNP: Tensor, place_N: Tensor, t: Tensor, text: Text, attend: Attend
    ) -> Tensor:
        """(B,N,P) float32: the model output that the scheduler's `step` takes, for these tokens.

        x_BNP:   noised tokens; their `conditions`, if the family has any, follow in the last axis.
        place_N: int64 row-major places in the grid, in any order; behind it, those of references
                 (`DitShape.places`), whose tokens are clean.
        t:       the scheduler's timestep.
        """

    def guided(self, positive: Tensor, negative: Tensor, scale: float, t: Tensor) -> Tensor:
        """(B,N,P): both branches' predictions at timestep t under a guidance scale, 1 = none."""
        return negative + scale * (positive - negative)

    def conditions(self, tokens: Tensor, mask: Tensor) -> Tensor | None:
        """(1,N,C) an inpainting model's extra input for each token, in row-major order.

        tokens: (1,N,P) of the canvas, clean, blank in the hole.
        mask:   (1,1,S,S), 1 = hole.
        None for plain text-to-image models.
        """
        return None

    def timetable(self, steps: int) -> dict[str, Any]:
        """Arguments of the scheduler's `set_timesteps`."""
        return {"num_inference_steps": steps}

    def tokens_of(self, latents: Tensor) -> Tensor:
        """Latents (B,C,h,w) -> tokens (B,N,P), row-major."""
        return patchify(latents, self.shape.patch)

    def latents_of(self, tokens: Tensor) -> Tensor:
        """Tokens (B,N,P) of the whole grid -> latents (B,C,h,w)."""
        return unpatchify(tokens, self.shape.patch, self.shape.grid, self.shape.grid)


def attention(
    query_BNW: Tensor, key_BNW: Tensor, value_BNW: Tensor, heads: int, bias: Any
) -> Tensor:
    """(B,N,W) multi-head softmax attention; `bias` is added to the scores unless None."""

    def split(x: Tensor) -> Tensor:
        parts: Tensor = x.unflatten(-1, (heads, -1))
        return parts.transpose(1, 2)

    mixed = F.scaled_dot_product_attention(
        split(query_BNW), split(key_BNW), split(value_BNW), attn_mask=bias
    )
    return mixed.transpose(1, 2).flatten(2)


def open_family(folder: PipelineFolder, device: torch.device) -> Family:
    """Load the family that a pipeline folder belongs to; raises ModelError."""
    if folder.kind not in FAMILIES:
        raise ModelError(
            f"{folder.path} is a {folder.kind}, which is not supported; "
            f"take one of {', '.join(FAMILIES)}."
        )
    module, function = FAMILIES[folder.kind]
    dtype = half_of(device, wide=folder.kind not in _NARROW)
    with damage_is_said(folder.path):
        family: Family = getattr(import_module(module), function)(folder, device, dtype)
    return family
