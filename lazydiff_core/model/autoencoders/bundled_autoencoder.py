"""The bundled autoencoder: fully convolutional, 16 (or 8) pixels per latent.

Most work is done at the latent resolution; both ends are pixel (un)shuffles. Nothing normalises or
attends over the whole picture, so a crop with its halo is encoded and decoded exactly
(layer_crops.py). The bottleneck is a batch norm without parameters: latents have zero mean and unit
variance per channel, and at inference the norm is a fixed affine map.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from torch import Tensor, nn
from torch.nn import functional as F

from lazydiff_core.model.autoencoders.latent_codec import CodecLayers, LatentCodec
from lazydiff_core.model.autoencoders.layer_crops import step_of


@dataclass(frozen=True)
class AutoencoderConfig:
    """Sizes of the autoencoder.

    scale: pixels per latent, along a side.
    stem:  pixels per cell, along a side, after the encoder's first pixel unshuffle.
    decoder_widths, decoder_blocks: one number per stage; each stage has twice the resolution of
        the one before, and a pixel shuffle follows the last.
    """

    scale: int = 16
    channels: int = 16
    stem: int = 8
    fine_width: int = 96
    fine_blocks: int = 1
    width: int = 192
    blocks: int = 2
    decoder_widths: tuple[int, ...] = (256, 128, 64)
    decoder_blocks: tuple[int, ...] = (2, 3, 3)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> AutoencoderConfig:
        """Read a config back from JSON; TypeError on unknown entries."""
        sizes: dict[str, Any] = {
            k: tuple(v) if isinstance(v, list) else v for k, v in values.items()
        }
        return cls(**sizes)


class ResidualBlock(nn.Module):
    """x + conv(silu(conv(silu(x)))); the second convolution starts at zero.

    second: size of the second kernel; 1 halves the receptive field, and with it a crop's halo.
    """

    def __init__(self, width: int, second: int = 3) -> None:
        super().__init__()
        self.first = nn.Conv2d(width, width, 3, padding=1)
        self.second = nn.Conv2d(width, width, second, padding=second // 2)
        nn.init.zeros_(self.second.weight)

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = x + self.second(F.silu(self.first(F.silu(x))))
        return y


class Autoencoder(LatentCodec):
    """Images in [-1,1] to latents of about unit variance, and back.

    `encode`: (B,3,H,W) -> (B,c,H/s,W/s). `decode`: (B,c,h,w) -> (B,3,h*s,w*s), not clamped.
    """

    def __init__(self, config: AutoencoderConfig = AutoencoderConfig()) -> None:
        super().__init__()
        self.config = config
        self.channels, self.scale = config.channels, config.scale
        fold = config.scale // config.stem
        fine, wide = config.fine_width, config.width
        self.encoder = nn.Sequential(
            nn.PixelUnshuffle(config.stem),
            nn.Conv2d(3 * config.stem**2, fine, 3, padding=1),
            *(ResidualBlock(fine) for _ in range(config.fine_blocks)),
            nn.PixelUnshuffle(fold),
            nn.Conv2d(fine * fold**2, wide, 1),
            *(ResidualBlock(wide) for _ in range(config.blocks)),
            nn.Conv2d(wide, config.channels, 1),
        )
        self.whiten = nn.BatchNorm2d(config.channels, affine=False)
        self.whiten.eval()
        self.decoder = nn.Sequential(*_decoder_layers(config))

    def encode(self, image: Tensor) -> Tensor:
        latent: Tensor = self.whiten(self.encoder(image))
        return latent

    def decode(self, latent: Tensor) -> Tensor:
        image: Tensor = self.decoder(latent)
        return image

    def encoding(self) -> CodecLayers:
        return CodecLayers([step_of(layer) for layer in (*self.encoder, self.whiten)])

    def decoding(self) -> CodecLayers:
        return CodecLayers([step_of(layer) for layer in self.decoder])

    def train(self, mode: bool = True) -> Autoencoder:
        """Set the mode, but keep the bottleneck on running statistics, as at inference."""
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


def _decoder_layers(config: AutoencoderConfig) -> Iterator[nn.Module]:
    widths, pixels = config.decoder_widths, config.scale
    yield nn.Conv2d(config.channels, widths[0], 3, padding=1)
    for stage, (width, blocks) in enumerate(zip(widths, config.decoder_blocks, strict=True)):
        if stage:
            yield nn.Conv2d(widths[stage - 1], 4 * width, 1)
            yield nn.PixelShuffle(2)
            pixels //= 2
        yield from (ResidualBlock(width, second=1) for _ in range(blocks))
    yield nn.Conv2d(widths[-1], 3 * pixels**2, 3, padding=1)
    yield nn.PixelShuffle(pixels)
