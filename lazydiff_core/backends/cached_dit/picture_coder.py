"""Between pictures and tokens, through a family's autoencoder in the device's precision."""

from __future__ import annotations

from contextlib import AbstractContextManager

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from lazydiff_core.backends.cached_dit.family import Family
from lazydiff_core.contract import RGB, Box
from lazydiff_core.geometry.resample import fill_from_nearest
from lazydiff_core.model.autoencoders.lazy_codec import LazyCodec
from lazydiff_core.model.files.devices import half_of


class PictureCoder:
    """Encodes and decodes for one family; images are (1,3,h,w) in [-1,1], tokens (1,N,P)."""

    def __init__(self, family: Family) -> None:
        self.family = family
        self._lazily = LazyCodec(family.codec)

    def image_of(self, picture: RGB) -> Tensor:
        """(h,w,3) uint8 -> an image."""
        pixels = torch.from_numpy(picture).permute(2, 0, 1)[None].float()
        return pixels.to(self.family.device) / 127.5 - 1

    def seen(self, picture: RGB, mask: Tensor) -> Tensor:
        """What the model sees of an (S,S,3) canvas, its hole (1,1,S,S) blank or filled."""
        blank = self.family.sees_blank
        if not blank:
            picture = fill_from_nearest(picture, mask[0, 0].bool().cpu().numpy())
        image = self.image_of(picture)
        return image * (1 - mask) if blank else image

    def painted(self, image: Tensor, sketch: npt.NDArray[np.float32]) -> Tensor:
        """An image with an (S,S,4) sketch painted over it."""
        guide = torch.from_numpy(sketch).permute(2, 0, 1)[None].to(image)
        cover, paint = guide[:, 3:], guide[:, :3] * 2 - 1
        return image + (paint - image) * cover

    def encode(self, image: Tensor) -> Tensor:
        """Tokens of a canvas; what it shares with an earlier one is reused."""
        with self._in_half():
            return self.family.tokens_of(self._lazily.encode(image).float())

    def encode_apart(self, image: Tensor) -> Tensor:
        """Tokens of a picture that is no canvas: nothing of it is kept."""
        with self._in_half():
            latents = self.family.codec.encode(image.to(self.family.device))
            return self.family.tokens_of(latents.float())

    def decode(self, tokens: Tensor, wanted: Box) -> RGB:
        """As `LazyCodec.picture`, of tokens of the whole grid."""
        latents = self.family.latents_of(tokens)
        with self._in_half():
            return self._lazily.picture(latents.float(), wanted)

    def _in_half(self) -> AbstractContextManager[None]:
        """The autoencoder's precision: half the memory where the device has bfloat16."""
        device = self.family.device
        dtype = half_of(device, wide=True)
        return torch.autocast(device.type, dtype, enabled=dtype != torch.float32)
