"""The seam between pixels and latents: what every autoencoder offers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Self

import torch
from torch import Tensor, nn


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

    def channels_last(self) -> Self:
        """Lay convolution weights out channels last, the faster order on CPU and CUDA."""
        self.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        return self
