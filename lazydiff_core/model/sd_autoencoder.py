"""The autoencoder of Stable Diffusion (diffusers' AutoencoderKL), as the paper uses it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from torch import Tensor

from lazydiff_core.model.codec import LatentCodec
from lazydiff_core.model.pretrained import load_pretrained
from lazydiff_core.model.weights import check_finite

STEM = "diffusion_pytorch_model"


class SDAutoencoder(LatentCodec):
    """Latents are the mean of the posterior, scaled as the folder's config says."""

    def __init__(self, vae: Any) -> None:
        super().__init__()
        self.vae = vae
        self.channels = int(vae.config.latent_channels)
        self.scale = 2 ** (len(vae.config.block_out_channels) - 1)
        self.factor = float(vae.config.scaling_factor)
        self.shift = float(vae.config.shift_factor or 0.0)

    def encode(self, image: Tensor) -> Tensor:
        mean: Tensor = self.vae.encode(image).latent_dist.mean
        return (mean - self.shift) * self.factor

    def decode(self, latent: Tensor) -> Tensor:
        image: Tensor = self.vae.decode(latent / self.factor + self.shift).sample
        return image


def load_sd_autoencoder(folder: Path) -> SDAutoencoder:
    """Read an AutoencoderKL folder in float32; raises ModelError."""
    from diffusers import AutoencoderKL

    vae = load_pretrained(AutoencoderKL, folder, STEM).float()
    check_finite(vae.state_dict(), folder)
    return SDAutoencoder(vae)
