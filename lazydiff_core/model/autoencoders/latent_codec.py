"""The interface of autoencoders."""

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
    """Tells layers that depend on the whole picture to record their statistics or to reuse them.

    mode:  "record" stores the statistics of a full pass. "reuse" applies them to a crop of another
           picture, after replacing the crop's own part. "plain" does neither.
    box:   where the crop lies.
    shift: how far the last reuse moved any statistic, in standard deviations.
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
    """The layers of an autoencoder's encoder or decoder, in order.

    statistics: shared by layers that depend on the whole picture; None = there are no such layers,
                so a crop with its halo is exact.
    """

    steps: Sequence[LayerStep]
    statistics: RecordedStatistics | None = None


class LatentCodec(nn.Module, ABC):
    """Autoencoder between images (B,3,H,W) in [-1,1] and latents (B,channels,H/scale,W/scale).

    Latents have about unit variance.
    """

    channels: int
    scale: int

    @abstractmethod
    def encode(self, image: Tensor) -> Tensor:
        """Images to latents, deterministic."""

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
        """Use the channels-last memory layout, which is faster on CPU and CUDA."""
        self.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        return self
