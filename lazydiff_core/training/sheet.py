"""What a model in training paints: visible part, painting and original of some samples."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from lazydiff_core.contract import RGB
from lazydiff_core.images.contact_sheet import contact_sheet
from lazydiff_core.model.network.transformer_layers import patchify, unpatchify
from lazydiff_core.training.batches import Batch, BatchMaker
from lazydiff_core.training.precision import autocast
from lazydiff_core.training.samples import Sample

WIDTH = 256


@torch.no_grad()
def sheet(maker: BatchMaker, samples: list[Sample], batch: Batch, painted: list[Tensor]) -> RGB:
    """(H,W,3) uint8: a row a sample, its caption beneath; pictures are not blended."""
    pictures: list[RGB] = []
    captions: list[str] = []
    for k, sample in enumerate(samples):
        # The hole is grey in the picture, whatever its latents are decoded to.
        visible = _pixels(maker, batch.visible[k])
        visible[sample.mask.numpy()] = 128
        original = _pixels(maker, batch.target[k])
        composite = _composite(maker, batch, k, painted[k])
        result = _pixels(maker, composite)
        if not maker.config.regenerates:
            result[~sample.mask.numpy()] = original[~sample.mask.numpy()]
        pictures += [visible, result, original]
        captions += [sample.caption[:40], "painted", "original"]
    return contact_sheet(pictures, captions, 3, min(WIDTH, maker.config.side))


def _composite(maker: BatchMaker, batch: Batch, k: int, painted_NP: Tensor) -> Tensor:
    """(c,h,w): the painted tokens among the visible latents."""
    config = maker.config
    tokens = patchify(batch.visible[k : k + 1], config.patch)[0].clone()
    tokens[batch.index_BN[k, : len(painted_NP)]] = painted_NP.to(tokens.dtype)
    return unpatchify(tokens[None], config.patch, config.grid, config.grid)[0]


def _pixels(maker: BatchMaker, latent: Tensor) -> RGB:
    with autocast(maker.device, maker.dtype):
        image = maker.autoencoder.decode(latent[None])[0].float()
    pixels = (image.clamp(-1, 1) + 1).mul(127.5).round().permute(1, 2, 0)
    return np.ascontiguousarray(pixels.to("cpu", torch.uint8).numpy())
