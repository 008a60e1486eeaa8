"""What the paper's baselines know of the canvas: its visible latents and the mask (section 4.1).

RegenerateImage and RegenerateCrop are inpainting models as GLIDE and Stable Diffusion made them:
the decoder computes every token of its window, and its input layer takes the noised latents, the
latents of the visible canvas and the downsampled mask (4 + 4 + 1 channels at paper scale).
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from lazydiff_core.model.files.config import LazyConfig
from lazydiff_core.model.network.transformer_layers import patchify, take_tokens


class BaselineConditions(nn.Module):
    """Stands where the lazy model has its context encoder: one linear layer, no attention.

    The decoder joins its tokens with the noised ones by a linear layer as well, so that all of it
    is one linear layer on the channels of GLIDE, and the decoder is exactly the lazy model's.
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
        """The first mask channel starts as the share of each latent's pixels that is hole."""
        with torch.no_grad():
            self.mask_down.weight[0] = 1 / self.config.latent_scale**2
            assert self.mask_down.bias is not None
            self.mask_down.bias[0] = 0.0

    def forward(self, z_BCHW: Tensor, mask_B1HW: Tensor, index_BM: Tensor) -> Tensor:
        """Conditions of the tokens `index_BM`, (B,M,D): what a ContextEncoder takes and gives."""
        mask = self.mask_down(mask_B1HW)
        channels = torch.cat([z_BCHW, mask.to(z_BCHW.dtype)], dim=1)
        y: Tensor = self.embed(take_tokens(patchify(channels, self.config.patch), index_BM))
        return y
