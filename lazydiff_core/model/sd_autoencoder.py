"""The autoencoder of Stable Diffusion (diffusers' AutoencoderKL), as the paper uses it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from torch import Tensor, nn

from lazydiff_core.errors import ModelError
from lazydiff_core.model.codec import LatentCodec, Layers, Tape
from lazydiff_core.model.crops import Step, anywhere, step_of
from lazydiff_core.model.pretrained import load_pretrained
from lazydiff_core.model.replay import ReplayedAttention, ReplayedGroupNorm
from lazydiff_core.model.weights import check_finite

STEM = "diffusion_pytorch_model"
_BLOCK_REACH = 2  # two convolutions of 3x3
_PLAIN_BLOCKS = {"DownEncoderBlock2D", "UpDecoderBlock2D"}


class SDAutoencoder(LatentCodec):
    """Latents are the mean of the posterior, scaled as the folder's config says.

    A crop is not exact, as GroupNorm and the middle's attention see the whole picture: they
    replay what they saw in the last full pass (model/replay.py).
    """

    def __init__(self, vae: Any) -> None:
        super().__init__()
        self.vae = vae
        self.channels = int(vae.config.latent_channels)
        self.scale = 2 ** (len(vae.config.block_out_channels) - 1)
        self.factor = float(vae.config.scaling_factor)
        self.shift = float(vae.config.shift_factor or 0.0)
        self._encoding = Layers([*self._encoder_steps(tape := Tape())], tape)
        self._decoding = Layers([*self._decoder_steps(tape := Tape())], tape)

    def encode(self, image: Tensor) -> Tensor:
        mean: Tensor = self.vae.encode(image).latent_dist.mean
        return (mean - self.shift) * self.factor

    def decode(self, latent: Tensor) -> Tensor:
        image: Tensor = self.vae.decode(latent / self.factor + self.shift).sample
        return image

    def encoding(self) -> Layers:
        return self._encoding

    def decoding(self) -> Layers:
        return self._decoding

    def _encoder_steps(self, tape: Tape) -> Iterator[Step]:
        encoder = self.vae.encoder
        yield step_of(encoder.conv_in)
        for block in encoder.down_blocks:
            yield from (_resnet(layer, tape) for layer in block.resnets)
            for layer in block.downsamplers or ():
                yield Step(anywhere(layer), reach=1, down=2)
        yield from _middle(encoder.mid_block, tape)
        yield from _end(encoder, tape)
        if self.vae.quant_conv is not None:
            yield step_of(self.vae.quant_conv)
        # The other half of the channels is the posterior's variance.
        yield Step(
            anywhere(lambda moments: (moments[:, : self.channels] - self.shift) * self.factor)
        )

    def _decoder_steps(self, tape: Tape) -> Iterator[Step]:
        decoder = self.vae.decoder
        yield Step(anywhere(lambda latent: latent / self.factor + self.shift))
        if self.vae.post_quant_conv is not None:
            yield step_of(self.vae.post_quant_conv)
        yield step_of(decoder.conv_in)
        yield from _middle(decoder.mid_block, tape)
        for block in decoder.up_blocks:
            yield from (_resnet(layer, tape) for layer in block.resnets)
            for layer in block.upsamplers or ():
                yield Step(anywhere(layer), reach=1, up=2)
        yield from _end(decoder, tape)


def _resnet(layer: Any, tape: Tape) -> Step:
    for name in ("norm1", "norm2"):
        setattr(layer, name, ReplayedGroupNorm(getattr(layer, name), tape))
    return Step(lambda x, box: layer(x, None), reach=_BLOCK_REACH)


def _middle(block: Any, tape: Tape) -> Iterator[Step]:
    yield _resnet(block.resnets[0], tape)
    for attention, layer in zip(block.attentions, block.resnets[1:], strict=True):
        if attention is not None:
            attention.group_norm = ReplayedGroupNorm(attention.group_norm, tape)
            yield Step(ReplayedAttention(attention, tape))
        yield _resnet(layer, tape)


def _end(network: Any, tape: Tape) -> Iterator[Step]:
    network.conv_norm_out = ReplayedGroupNorm(network.conv_norm_out, tape)
    norm, activation = network.conv_norm_out, nn.SiLU()
    yield Step(anywhere(lambda x: activation(norm(x))))
    yield step_of(network.conv_out)


def load_sd_autoencoder(folder: Path) -> SDAutoencoder:
    """Read an AutoencoderKL folder in float32; raises ModelError."""
    from diffusers import AutoencoderKL

    vae = load_pretrained(AutoencoderKL, folder, STEM).float()
    check_finite(vae.state_dict(), folder)
    blocks = {*vae.config.down_block_types, *vae.config.up_block_types}
    if blocks - _PLAIN_BLOCKS:
        raise ModelError(
            f"{folder} is an AutoencoderKL with blocks that are not supported: "
            f"{', '.join(sorted(blocks - _PLAIN_BLOCKS))}."
        )
    return SDAutoencoder(vae)
