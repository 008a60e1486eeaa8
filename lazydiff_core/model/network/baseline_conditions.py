"""The canvas as input of the paper's baselines: visible latents and the mask (section 4.1).

RegenerateImage and RegenerateCrop are inpainting models like GLIDE's and Stable Diffusion's: the
decoder computes every token of its window, and its input layer takes the noised latents, the
latents of the visible canvas and the downsampled mask (4 + 4 + 1 channels at paper scale).
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from lazydiff_core.model.files.config import LazyConfig
from lazydiff_core.model.network.transformer_layers import patchify, take_tokens


class BaselineConditions(nn.Module):
    """One linear layer in place of the lazy model's context encoder.

    The decoder joins its output with the noised tokens by another linear layer. Together they are
    GLIDE's one input layer, and the decoder is the same as in the lazy model.
    """

    def __init__(self, config: LazyConfig) -> None:
        super().__init__()
        self.config = config
        scale = config.latent_scale
        self.mask_down = nn.Conv2d(1, config.mask_channels, scale, stride=scale)
        channels = config.latent_channels + config.mask_channels
        self.embed = nn.Linear(config.patch**2 * channels, config.width)
        self._initialise()

    def _initialise(self) -> None:
        """The first mask channel starts as the share of hole pixels in each latent."""
        with torch.no_grad():
            self.mask_down.weight[0] = 1 / self.config.latent_scale**2
            assert self.mask_down.bias is not None
            self.mask_down.bias[0] = 0.0

    def forward(self, z_BCHW: Tensor, mask_B1HW: Tensor, index_BM: Tensor) -> Tensor:
        """(B,M,D) conditions of the tokens `index_BM`; same interface as ContextEncoder."""
        mask = self.mask_down(mask_B1HW)
        channels = torch.cat([z_BCHW, mask.to(z_BCHW.dtype)], dim=1)
        y: Tensor = self.embed(take_tokens(patchify(channels, self.config.patch), index_BM))
        return y
