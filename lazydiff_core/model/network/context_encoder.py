"""The context encoder: runs once per canvas and mask, on all tokens (paper section 3.2)."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from lazydiff_core.model.files.config import LazyConfig
from lazydiff_core.model.network.transformer_layers import EncoderBlock, sincos_positions


class ContextEncoder(nn.Module):
    """Visible latents and mask to one context token per canvas token (paper equation 2)."""

    def __init__(self, config: LazyConfig) -> None:
        super().__init__()
        self.config = config
        scale, width = config.latent_scale, config.width
        self.mask_down = nn.Conv2d(1, config.mask_channels, scale, stride=scale)
        channels = config.latent_channels + config.mask_channels
        # Patches of 4x4 latents on the decoder's grid, overlapping by one on each side.
        self.patches = nn.Conv2d(channels, width, config.patch + 2, stride=config.patch, padding=1)
        positions = sincos_positions(
            width, config.grid, config.base_size or config.grid, config.interpolation_scale
        )
        self.register_buffer("positions", positions, persistent=False)
        self.blocks = nn.ModuleList(
            EncoderBlock(width, config.heads, config.qk_norm) for _ in range(config.context_blocks)
        )
        self.norm = nn.LayerNorm(width)

    def forward(self, z_BCHW: Tensor, mask_B1HW: Tensor, index_BM: Tensor) -> Tensor:
        """(B,M,D) context tokens of the hole.

        z_BCHW:    latents of the visible canvas.
        mask_B1HW: 1 = hole, in pixels.
        index_BM:  row-major places of the hole tokens.

        In the last block, visible tokens serve only as keys and values.
        """
        mask = self.mask_down(mask_B1HW)
        x = self.patches(torch.cat([z_BCHW, mask.to(z_BCHW.dtype)], dim=1))
        x = x.flatten(2).transpose(1, 2) + self.positions
        last = len(self.blocks) - 1
        for depth, block in enumerate(self.blocks):
            x = block(x, index_BM if depth == last else None)
        y: Tensor = self.norm(x)
        return y
