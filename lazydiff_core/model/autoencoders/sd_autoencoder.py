"""The autoencoder of Stable Diffusion (diffusers' AutoencoderKL), as the paper uses it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from torch import Tensor
from torch.nn import functional as F

from lazydiff_core.contract import Box
from lazydiff_core.errors import ModelError
from lazydiff_core.model.autoencoders.latent_codec import (
    CodecLayers,
    LatentCodec,
    RecordedStatistics,
)
from lazydiff_core.model.autoencoders.layer_crops import LayerStep, anywhere, reach_of, step_of
from lazydiff_core.model.autoencoders.recorded_layers import RecordedAttention, RecordedGroupNorm
from lazydiff_core.model.files.pretrained import load_pretrained
from lazydiff_core.model.files.weights import DIFFUSERS_STEM, check_finite

_PLAIN_BLOCKS = {"DownEncoderBlock2D", "UpDecoderBlock2D"}


class SDAutoencoder(LatentCodec):
    """AutoencoderKL as a LatentCodec; latents are the scaled mean of the posterior.

    Crops are not exact, because GroupNorm and the mid-block's attention depend on the whole
    picture: they reuse what the last full pass recorded (recorded_layers.py).
    """

    fold = 1  # the autoencoder's latents along a side of one latent of this class

    def __init__(self, vae: Any) -> None:
        super().__init__()
        self.vae = vae
        config = vae.config
        self.channels = self.fold**2 * int(config.latent_channels)
        self.scale = self.fold * 2 ** (len(config.block_out_channels) - 1)
        self.factor = float(config.get("scaling_factor", 1.0))
        self.shift = float(config.get("shift_factor") or 0.0)
        self._encoding = CodecLayers(
            [*self._encoder_steps(statistics := RecordedStatistics())], statistics
        )
        self._decoding = CodecLayers(
            [*self._decoder_steps(statistics := RecordedStatistics())], statistics
        )

    def encode(self, image: Tensor) -> Tensor:
        return self._normalised(self.vae.encode(image).latent_dist.mean)

    def decode(self, latent: Tensor) -> Tensor:
        image: Tensor = self.vae.decode(self._denormalised(latent)).sample
        return image

    def _normalised(self, latent: Tensor) -> Tensor:
        """The autoencoder's latents -> latents of about unit variance."""
        return (latent - self.shift) * self.factor

    def _denormalised(self, latent: Tensor) -> Tensor:
        return latent / self.factor + self.shift

    def encoding(self) -> CodecLayers:
        return self._encoding

    def decoding(self) -> CodecLayers:
        return self._decoding

    def _encoder_steps(self, statistics: RecordedStatistics) -> Iterator[LayerStep]:
        encoder = self.vae.encoder
        yield step_of(encoder.conv_in)
        for block in encoder.down_blocks:
            yield from (_resnet(layer, statistics) for layer in block.resnets)
            for layer in block.downsamplers or ():
                yield LayerStep(anywhere(layer), reach=reach_of(layer), down=2)
        yield from _middle(encoder.mid_block, statistics)
        yield from _end(encoder, statistics)
        if self.vae.quant_conv is not None:
            yield step_of(self.vae.quant_conv)
        # The second half of the channels is the posterior's variance.
        yield LayerStep(
            anywhere(lambda moments: self._normalised(moments.chunk(2, 1)[0])), down=self.fold
        )

    def _decoder_steps(self, statistics: RecordedStatistics) -> Iterator[LayerStep]:
        decoder = self.vae.decoder
        yield LayerStep(anywhere(self._denormalised), up=self.fold)
        if self.vae.post_quant_conv is not None:
            yield step_of(self.vae.post_quant_conv)
        yield step_of(decoder.conv_in)
        yield from _middle(decoder.mid_block, statistics)
        for block in decoder.up_blocks:
            yield from (_resnet(layer, statistics) for layer in block.resnets)
            for layer in block.upsamplers or ():
                yield LayerStep(anywhere(layer), reach=reach_of(layer), up=2)
        yield from _end(decoder, statistics)


def _resnet(layer: Any, statistics: RecordedStatistics) -> LayerStep:
    for name in ("norm1", "norm2"):
        setattr(layer, name, RecordedGroupNorm(getattr(layer, name), statistics))

    def run(x: Tensor, box: Box) -> Tensor:
        statistics.box = box
        y: Tensor = layer(x, None)
        return y

    return LayerStep(run, reach=reach_of(layer))


def _middle(block: Any, statistics: RecordedStatistics) -> Iterator[LayerStep]:
    yield _resnet(block.resnets[0], statistics)
    for attention, layer in zip(block.attentions, block.resnets[1:], strict=True):
        if attention is not None:
            attention.group_norm = RecordedGroupNorm(attention.group_norm, statistics)
            yield LayerStep(RecordedAttention(attention, statistics))
        yield _resnet(layer, statistics)


def _end(network: Any, statistics: RecordedStatistics) -> Iterator[LayerStep]:
    network.conv_norm_out = RecordedGroupNorm(network.conv_norm_out, statistics)

    def run(x: Tensor, box: Box) -> Tensor:
        statistics.box = box
        return F.silu(network.conv_norm_out(x))

    yield LayerStep(run)
    yield step_of(network.conv_out)


def load_sd_autoencoder(folder: Path) -> SDAutoencoder:
    """Read an AutoencoderKL folder in float32; raises ModelError."""
    from diffusers import AutoencoderKL

    vae = load_pretrained(AutoencoderKL, folder, DIFFUSERS_STEM).float()
    check_finite(vae.state_dict(), folder)
    check_blocks(vae.config, folder)
    return SDAutoencoder(vae)


def check_blocks(config: Any, folder: Path) -> None:
    """Raise ModelError for blocks that cannot be run on a crop."""
    odd = {*config.down_block_types, *config.up_block_types} - _PLAIN_BLOCKS
    if odd:
        raise ModelError(
            f"{folder} is an autoencoder with blocks that are not supported: "
            f"{', '.join(sorted(odd))}."
        )
