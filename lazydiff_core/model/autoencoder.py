"""The bundled autoencoder: 16 (or 8) pixels to a latent, fully convolutional, no pretrained part.

Ours. Most work is done at the latent resolution; the ends are pixel-(un)shuffles. There is no
normalisation over space and no global attention, so encoding or decoding a crop with a halo of
`halo` latents is exact, which is what makes latents lazy. The bottleneck is a batch norm without
parameters: latents are white per channel, as diffusion wants them, and a fixed affine at inference.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from torch import Tensor, nn
from torch.nn import functional as F

from lazydiff_core.model.codec import LatentCodec, Layers
from lazydiff_core.model.crops import step_of


@dataclass(frozen=True)
class AutoencoderConfig:
    """Sizes. `scale` = pixels per latent; `stem` = pixels folded into channels at the ends."""

    scale: int = 16
    stem: int = 8
    channels: int = 16
    fine_width: int = 96
    width: int = 192
    fine_blocks: tuple[int, int] = (1, 2)
    blocks: tuple[int, int] = (2, 4)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> AutoencoderConfig:
        """Read a config back from JSON; TypeError on unknown entries."""
        sizes: dict[str, Any] = {
            k: tuple(v) if isinstance(v, list) else v for k, v in values.items()
        }
        return cls(**sizes)

    @property
    def halo(self) -> int:
        """Latents of context on each side that make a cropped encode or decode exact."""
        ratio = self.scale // self.stem
        fine = max(2 * self.fine_blocks[0], 2 * self.fine_blocks[1]) + 2
        return -(-fine // ratio) + 2 * max(self.blocks) + 2


class ResidualBlock(nn.Module):
    """x + conv(silu(conv(silu(x)))), the second convolution starting at zero."""

    reach = 2  # cells on each side that an output depends on

    def __init__(self, width: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(width, width, 3, padding=1)
        self.second = nn.Conv2d(width, width, 3, padding=1)
        nn.init.zeros_(self.second.weight)

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = x + self.second(F.silu(self.first(F.silu(x))))
        return y


class Autoencoder(LatentCodec):
    """Images in [-1,1] to latents of about unit variance and back.

    `encode`: (B,3,H,W) -> (B,c,H/s,W/s). `decode`: the way back, not clamped.
    """

    def __init__(self, config: AutoencoderConfig = AutoencoderConfig()) -> None:
        super().__init__()
        self.config = config
        self.channels, self.scale = config.channels, config.scale
        fold = config.scale // config.stem
        pixels = 3 * config.stem**2
        fine, wide = config.fine_width, config.width
        self.encoder = nn.Sequential(
            nn.PixelUnshuffle(config.stem),
            nn.Conv2d(pixels, fine, 3, padding=1),
            *(ResidualBlock(fine) for _ in range(config.fine_blocks[0])),
            nn.PixelUnshuffle(fold),
            nn.Conv2d(fine * fold**2, wide, 1),
            *(ResidualBlock(wide) for _ in range(config.blocks[0])),
            nn.Conv2d(wide, config.channels, 1),
        )
        self.whiten = nn.BatchNorm2d(config.channels, affine=False)
        self.whiten.eval()
        self.decoder = nn.Sequential(
            nn.Conv2d(config.channels, wide, 3, padding=1),
            *(ResidualBlock(wide) for _ in range(config.blocks[1])),
            nn.Conv2d(wide, fine * fold**2, 1),
            nn.PixelShuffle(fold),
            *(ResidualBlock(fine) for _ in range(config.fine_blocks[1])),
            nn.Conv2d(fine, pixels, 3, padding=1),
            nn.PixelShuffle(config.stem),
        )

    def encode(self, image: Tensor) -> Tensor:
        latent: Tensor = self.whiten(self.encoder(image))
        return latent

    def decode(self, latent: Tensor) -> Tensor:
        image: Tensor = self.decoder(latent)
        return image

    def encoding(self) -> Layers:
        return Layers([step_of(layer) for layer in (*self.encoder, self.whiten)])

    def decoding(self) -> Layers:
        return Layers([step_of(layer) for layer in self.decoder])

    def train(self, mode: bool = True) -> Autoencoder:
        """The bottleneck always uses running statistics, so training and inference agree."""
        super().train(mode)
        self.whiten.eval()
        return self

    def follow_statistics(self, raw_BCHW: Tensor, momentum: float = 0.05) -> None:
        """Move the bottleneck's running statistics towards those of a batch (training only)."""
        mean, var = self.whiten.running_mean, self.whiten.running_var
        assert mean is not None
        assert var is not None
        mean.lerp_(raw_BCHW.mean((0, 2, 3)), momentum)
        var.lerp_(raw_BCHW.var((0, 2, 3)), momentum)

    def forward(self, image: Tensor) -> Tensor:
        return self.decode(self.encode(image))
