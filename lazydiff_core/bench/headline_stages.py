"""The pieces that edits are made of, with the networks in their real shapes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol, TypeAlias

import torch

from lazydiff_core.backends.cached_dit.family import Attend
from lazydiff_core.backends.cached_dit.kv_entry import KVCacheEntry, PlainAttention, ReuseKV
from lazydiff_core.bench.latency_count import LazyEdit
from lazydiff_core.bench.memory import T5_XXL
from lazydiff_core.bench.public_models import SIDE, PublicModel, autoencoder_kl
from lazydiff_core.contract import Box
from lazydiff_core.model.autoencoders.latent_codec import LatentCodec
from lazydiff_core.model.autoencoders.layer_crops import run_within
from lazydiff_core.model.autoencoders.recorded_layers import RecordedAttention
from lazydiff_core.model.files.config import XL

Run: TypeAlias = Callable[[], object]


@dataclass(frozen=True)
class Read:
    """Reading a prompt."""


@dataclass(frozen=True)
class Encode:
    """Encoding a square of `side` pixels."""

    side: int


@dataclass(frozen=True)
class Decode:
    """Decoding a square of `side` pixels, or the pixels `part` of it alone."""

    side: int
    part: Box | None = None


@dataclass(frozen=True)
class Step:
    """One pass of the denoiser, for a canvas of `side` pixels.

    tokens: of the picture that are computed. text: those of the prompt.
    kept:   others that are attended to, whose keys and values are there.
    """

    side: int
    tokens: int
    text: int
    kept: int = 0


@dataclass(frozen=True)
class Context:
    """The paper's context encoder, for so many tokens of the hole."""

    tokens: int


Piece: TypeAlias = Read | Encode | Decode | Step | Context


class Stages(Protocol):
    """Makes pieces of an edit ready to run."""

    def run(self, piece: Piece) -> Run: ...


class PublicStages:
    """The pieces with a public model's networks."""

    def __init__(self, model: PublicModel) -> None:
        self.model, self.family = model, lru_cache(model.family)

    def run(self, piece: Piece) -> Run:
        match piece:
            case Read():
                return lambda: self.family(SIDE).encode_prompt("a")
            case Encode() | Decode():
                return _coding(self.family(piece.side).codec, piece)
            case Step():
                return self._step(piece)
        raise ValueError(f"{self.model.name} has no {piece}")

    def _step(self, step: Step) -> Run:
        family = self.family(step.side)
        shape = family.shape
        like: dict[str, Any] = {"device": family.device, "dtype": family.dtype}
        x = torch.zeros(1, step.tokens, shape.token_width, **like)
        place, t = torch.arange(step.tokens, device=family.device), torch.tensor(1000.0)
        text = self.model.states(step.text)
        attend: Attend = PlainAttention()
        if step.kept:
            layers = [
                torch.zeros(2, 1, step.kept, shape.width, **like) for _ in range(shape.layers)
            ]
            attend = ReuseKV(KVCacheEntry(layers))
        return lambda: family.predict(x, place, t, text, attend)


class PaperStages:
    """The pieces with the networks of the paper's sizes, guided: T5-XXL and AutoencoderKL."""

    def __init__(self) -> None:
        from transformers import T5Config, T5EncoderModel

        self.t5: Any = T5EncoderModel(T5Config(**T5_XXL)).eval()
        self.edit, self.codec = LazyEdit(XL), autoencoder_kl()

    def run(self, piece: Piece) -> Run:
        match piece:
            case Read():
                ids = torch.zeros(1, XL.text_tokens, dtype=torch.long)
                return lambda: self.t5(input_ids=ids, attention_mask=torch.ones_like(ids))
            case Encode() | Decode():
                return _coding(self.codec, piece)
            case Step():
                return self.edit.step(piece.tokens)
            case Context():
                return self.edit.context(piece.tokens)


def _coding(codec: LatentCodec, piece: Encode | Decode) -> Run:
    like: dict[str, Any] = {"device": (p := next(codec.parameters())).device, "dtype": p.dtype}
    if isinstance(piece, Encode):
        image = torch.zeros(1, 3, piece.side, piece.side, **like)
        return lambda: codec.encode(image)
    side, part = piece.side // codec.scale, piece.part
    latents = torch.zeros(1, codec.channels, side, side, **like)
    if part is None:
        return lambda: codec.decode(latents)
    return lambda: _decoded_part(codec, latents, part)


def _decoded_part(codec: LatentCodec, latents: torch.Tensor, part: Box) -> torch.Tensor:
    """Pixels of a picture, whose attention sees what a full pass has recorded of all others."""
    layers = codec.decoding()
    if layers.statistics is None:
        return run_within(layers.steps, latents, part)
    cells = Box.of(tuple(latents.shape[2:]))
    for step in layers.steps:
        if isinstance(step.run, RecordedAttention):
            width = step.run.attention.to_k.out_features
            step.run.memory = (latents.new_zeros(1, width, *cells.shape),) * 2
        cells = step.makes(cells)
    with layers.statistics.reusing():
        return run_within(layers.steps, latents, part)
