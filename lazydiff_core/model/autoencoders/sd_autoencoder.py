"""The autoencoder of Stable Diffusion (diffusers' AutoencoderKL), as the paper uses it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from torch import Tensor
from torch.nn import functional as F

from lazydiff_core.contract import Box
from lazydiff_core.errors import ModelError
from lazydiff_core.model.autoencoders.codec import LatentCodec, Layers, Tape
from lazydiff_core.model.autoencoders.crop_layers import ReplayedAttention, ReplayedGroupNorm
from lazydiff_core.model.autoencoders.layer_crops import Step, anywhere, reach_of, step_of
from lazydiff_core.model.files.pretrained import load_pretrained
from lazydiff_core.model.files.weights import check_finite

STEM = "diffusion_pytorch_model"
_PLAIN_BLOCKS = {"DownEncoderBlock2D", "UpDecoderBlock2D"}


class SDAutoencoder(LatentCodec):
    """Latents are the mean of the posterior, scaled as the folder's config says.

    A crop is not exact, as GroupNorm and the middle's attention see the whole picture: they
    replay what they saw in the last full pass (model/replay.py).
    """

    fold = 1  # latents of the autoencoder along a side of one of ours

    def __init__(self, vae: Any) -> None:
        super().__init__()
        self.vae = vae
        config = vae.config
        self.channels = self.fold**2 * int(config.latent_channels)
        self.scale = self.fold * 2 ** (len(config.block_out_channels) - 1)
        self.factor = float(config.get("scaling_factor", 1.0))
        self.shift = float(config.get("shift_factor") or 0.0)
        self._encoding = Layers([*self._encoder_steps(tape := Tape())], tape)
        self._decoding = Layers([*self._decoder_steps(tape := Tape())], tape)

    def encode(self, image: Tensor) -> Tensor:
        return self._outside(self.vae.encode(image).latent_dist.mean)

    def decode(self, latent: Tensor) -> Tensor:
        image: Tensor = self.vae.decode(self._inside(latent)).sample
        return image

    def _outside(self, latent: Tensor) -> Tensor:
        """Latents as a diffusion model wants them, from the autoencoder's."""
        return (latent - self.shift) * self.factor

    def _inside(self, latent: Tensor) -> Tensor:
        return latent / self.factor + self.shift

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
                yield Step(anywhere(layer), reach=reach_of(layer), down=2)
        yield from _middle(encoder.mid_block, tape)
        yield from _end(encoder, tape)
        if self.vae.quant_conv is not None:
            yield step_of(self.vae.quant_conv)
        # The other half of the channels is the posterior's variance.
        yield Step(anywhere(lambda moments: self._outside(moments.chunk(2, 1)[0])), down=self.fold)

    def _decoder_steps(self, tape: Tape) -> Iterator[Step]:
        decoder = self.vae.decoder
        yield Step(anywhere(self._inside), up=self.fold)
        if self.vae.post_quant_conv is not None:
            yield step_of(self.vae.post_quant_conv)
        yield step_of(decoder.conv_in)
        yield from _middle(decoder.mid_block, tape)
        for block in decoder.up_blocks:
            yield from (_resnet(layer, tape) for layer in block.resnets)
            for layer in block.upsamplers or ():
                yield Step(anywhere(layer), reach=reach_of(layer), up=2)
        yield from _end(decoder, tape)


def _resnet(layer: Any, tape: Tape) -> Step:
    for name in ("norm1", "norm2"):
        setattr(layer, name, ReplayedGroupNorm(getattr(layer, name), tape))

    def run(x: Tensor, box: Box) -> Tensor:
        tape.box = box
        y: Tensor = layer(x, None)
        return y

    return Step(run, reach=reach_of(layer))


def _middle(block: Any, tape: Tape) -> Iterator[Step]:
    yield _resnet(block.resnets[0], tape)
    for attention, layer in zip(block.attentions, block.resnets[1:], strict=True):
        if attention is not None:
            attention.group_norm = ReplayedGroupNorm(attention.group_norm, tape)
            yield Step(ReplayedAttention(attention, tape))
        yield _resnet(layer, tape)


def _end(network: Any, tape: Tape) -> Iterator[Step]:
    network.conv_norm_out = ReplayedGroupNorm(network.conv_norm_out, tape)

    def run(x: Tensor, box: Box) -> Tensor:
        tape.box = box
        return F.silu(network.conv_norm_out(x))

    yield Step(run)
    yield step_of(network.conv_out)


def load_sd_autoencoder(folder: Path) -> SDAutoencoder:
    """Read an AutoencoderKL folder in float32; raises ModelError."""
    from diffusers import AutoencoderKL

    vae = load_pretrained(AutoencoderKL, folder, STEM).float()
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
