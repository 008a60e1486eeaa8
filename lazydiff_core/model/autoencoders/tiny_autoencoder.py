"""TAESD-class autoencoders (diffusers' AutoencoderTiny): small, with exact crops."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from lazydiff_core.model.autoencoders.latent_codec import CodecLayers, LatentCodec
from lazydiff_core.model.autoencoders.layer_crops import LayerStep, anywhere, step_of
from lazydiff_core.model.files.pretrained import load_pretrained
from lazydiff_core.model.files.weights import DIFFUSERS_STEM, check_finite


class TinyAutoencoder(LatentCodec):
    """AutoencoderTiny as a LatentCodec; its latents are those of the autoencoder it imitates."""

    def __init__(self, vae: Any) -> None:
        super().__init__()
        config = vae.config
        self.vae = vae
        self.channels = int(config.latent_channels)
        self.scale = int(config.upsampling_scaling_factor) ** (len(config.num_decoder_blocks) - 1)
        self.factor = float(config.scaling_factor)
        self.shift = float(config.shift_factor or 0.0)

    def encode(self, image: Tensor) -> Tensor:
        return self._normalised(self.vae.encode(image).latents)

    def decode(self, latent: Tensor) -> Tensor:
        image: Tensor = self.vae.decode(self._denormalised(latent)).sample
        return image

    def encoding(self) -> CodecLayers:
        """The layers of `EncoderTiny.forward`, which expects pixels in [0,1]."""
        begin = LayerStep(anywhere(lambda image: image.add(1).div(2)))
        layers = map(step_of, self.vae.encoder.layers)
        return CodecLayers([begin, *layers, LayerStep(anywhere(self._normalised))])

    def decoding(self) -> CodecLayers:
        """The layers of `DecoderTiny.forward`, which softly clamps latents; pixels in [0,1]."""
        begin = LayerStep(anywhere(lambda latent: torch.tanh(self._denormalised(latent) / 3) * 3))
        layers = map(step_of, self.vae.decoder.layers)
        return CodecLayers([begin, *layers, LayerStep(anywhere(lambda image: image.mul(2).sub(1)))])

    def _normalised(self, latent: Tensor) -> Tensor:
        return (latent - self.shift) * self.factor

    def _denormalised(self, latent: Tensor) -> Tensor:
        return latent / self.factor + self.shift


def load_tiny_autoencoder(folder: Path) -> TinyAutoencoder:
    """Read an AutoencoderTiny folder in float32; raises ModelError."""
    from diffusers import AutoencoderTiny

    vae = load_pretrained(AutoencoderTiny, folder, DIFFUSERS_STEM).float()
    check_finite(vae.state_dict(), folder)
    return TinyAutoencoder(vae)
