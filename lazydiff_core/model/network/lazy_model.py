"""Encoder and decoder as one model; the architecture decides the encoder."""

from __future__ import annotations

from torch import Tensor, nn

from lazydiff_core.model.files.config import LazyConfig
from lazydiff_core.model.network.baseline_conditions import BaselineConditions
from lazydiff_core.model.network.context_encoder import ContextEncoder
from lazydiff_core.model.network.decoder import Hole, LazyDecoder


class LazyDiffusion(nn.Module):
    """Runs `context_encoder` once per canvas and mask, and `decoder` once per step."""

    def __init__(self, config: LazyConfig = LazyConfig()) -> None:
        super().__init__()
        self.config = config
        encoder = BaselineConditions if config.regenerates else ContextEncoder
        self.context_encoder: ContextEncoder | BaselineConditions = encoder(config)
        self.decoder = LazyDecoder(config)

    def encode_context(
        self, z_BCHW: Tensor, mask_B1HW: Tensor, index_BN: Tensor, frame_BN6: Tensor
    ) -> Hole:
        """Encode the canvas; returns the decoder's input (see ContextEncoder and Hole)."""
        return Hole(self.context_encoder(z_BCHW, mask_B1HW, index_BN), index_BN, frame_BN6)
