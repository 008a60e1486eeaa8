"""The seam between pixels and latents: what every autoencoder offers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal, Self

import torch
from torch import Tensor, nn

from lazydiff_core.contract import Box
from lazydiff_core.model.autoencoders.layer_crops import LayerStep

Mode = Literal["plain", "record", "reuse"]


@dataclass
class RecordedStatistics:
    """Whether layers that depend on the whole picture record their statistics or reuse them.

    "record": keep the statistics of this full pass. "reuse": a crop of another picture, which lies
    at `box`, takes those of the full pass with its own part in place. `shift`: how far the last
    reuse moved any of them, in standard deviations.
    """

    mode: Mode = "plain"
    box: Box | None = None
    shift: float = 0.0

    @contextmanager
    def recording(self) -> Iterator[None]:
        yield from self._in("record")

    @contextmanager
    def reusing(self) -> Iterator[None]:
        self.shift = 0.0
        yield from self._in("reuse")

    def _in(self, mode: Mode) -> Iterator[None]:
        self.mode = mode
        try:
            yield
        finally:
            self.mode = "plain"


@dataclass(frozen=True, eq=False)
class CodecLayers:
    """One direction of an autoencoder, layer by layer.

    statistics: for layers that look at the whole picture; None = a crop with its halo is exact.
    """

    steps: Sequence[LayerStep]
    statistics: RecordedStatistics | None = None


class LatentCodec(nn.Module, ABC):
    """Images (B,3,H,W) in [-1,1] to latents (B,channels,H/scale,W/scale) of about unit variance."""

    channels: int
    scale: int

    @abstractmethod
    def encode(self, image: Tensor) -> Tensor:
        """Images to latents, without randomness."""

    @abstractmethod
    def decode(self, latent: Tensor) -> Tensor:
        """Latents to images, not clamped."""

    @abstractmethod
    def encoding(self) -> CodecLayers:
        """The layers of `encode`."""

    @abstractmethod
    def decoding(self) -> CodecLayers:
        """The layers of `decode`."""

    def channels_last(self) -> Self:
        """Lay convolution weights out channels last, the faster order on CPU and CUDA."""
        self.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        return self
