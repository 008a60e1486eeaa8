"""The incremental decoder: once per denoising step, on hole tokens only (paper section 3.3)."""

from __future__ import annotations

from dataclasses import dataclass
from operator import itemgetter

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from lazydiff_core.model.files.config import LazyConfig
from lazydiff_core.model.network.segments import Segments, modulations
from lazydiff_core.model.network.transformer_layers import (
    FRAME_FEATURES,
    DecoderBlock,
    MicroConditions,
    frame_features,
    patchify,
    sincos_positions,
    take_tokens,
    timestep_features,
)
from lazydiff_core.model.text.prompt import Prompt, Told


@dataclass(frozen=True)
class Hole:
    """The tokens to generate, as the decoder sees them.

    context: (B,N,D) the context encoder's output.
    index:   (B,N) row-major places in the grid.
    frame:   (B,N,6) places within the hole (geometry.tokens.token_frames).
    """

    context: Tensor
    index: Tensor
    frame: Tensor

    def repeat(self, times: int) -> Hole:
        """Each sample `times` in a row."""
        return Hole(
            *(part.repeat_interleave(times, 0) for part in (self.context, self.index, self.frame))
        )


class LazyDecoder(nn.Module):
    """PixArt-alpha on hole tokens, plus one layer that joins each token with its context."""

    def __init__(self, config: LazyConfig) -> None:
        super().__init__()
        self.config = config
        width = config.width
        self.embed = nn.Linear(config.token_width, width)
        self.join = nn.Linear(2 * width, width)
        positions = sincos_positions(
            width, config.grid, config.base_size or config.grid, config.interpolation_scale
        )
        self.register_buffer("positions", positions, persistent=False)
        self.frame = nn.Linear(FRAME_FEATURES, width) if config.hole_frame else None
        self.look = None
        if config.look_styles:
            self.look = nn.Linear(told_features(config), width, bias=False)
        self.time_in = nn.Linear(256, width)
        self.time_out = nn.Linear(width, width)
        self.pooled = nn.Linear(config.text_width, width) if config.pooled_text else None
        self.micro = MicroConditions(width) if config.micro_conditions else None
        self.time_modulation = nn.Linear(width, 6 * width)
        self.text_in = nn.Linear(config.text_width, width)
        self.text_out = nn.Linear(width, width)
        self.null_text = nn.Parameter(torch.zeros(1, config.text_width))
        classes = config.classes
        self.class_table = nn.Embedding(classes, config.text_width) if classes else None
        self.blocks = nn.ModuleList(
            DecoderBlock(width, config.heads, config.qk_norm) for _ in range(config.decoder_blocks)
        )
        self.norm = nn.LayerNorm(width, eps=1e-6, elementwise_affine=False)
        self.modulation = nn.Parameter(torch.zeros(2, width))
        self.out = nn.Linear(width, config.output_width)
        self._initialise()

    def _initialise(self) -> None:
        """The joining layer starts as identity on the token, zero on the context."""
        width = self.config.width
        with torch.no_grad():
            self.join.weight.zero_()
            self.join.weight[:, :width] = torch.eye(width)
            self.join.bias.zero_()
            for layer in (self.out, self.time_modulation):
                layer.weight.zero_()
                layer.bias.zero_()
            if self.look is not None:
                self.look.weight.zero_()
            for block in self.blocks:
                assert isinstance(block, DecoderBlock)
                block.cross_attention.out.weight.zero_()
                block.cross_attention.out.bias.zero_()

    def null_prompt(self, batch: int) -> Prompt:
        """The learned null prompt: an empty prompt, and the negative of guidance by default."""
        return _one_state(self.null_text.expand(batch, -1))

    def class_prompt(self, label_B: Tensor) -> Prompt:
        """Learned states of class labels, for a model with classes instead of text."""
        assert self.class_table is not None
        return _one_state(self.class_table(label_B))

    def place(self, hole: Hole, prompt: Prompt, bias: Tensor | Segments | None = None) -> Tensor:
        """(B,N,D) embedding of each token's place in grid and hole, and of the look wanted there.

        Arguments are as in `forward`.
        """
        assert isinstance(self.positions, Tensor)
        place: Tensor = self.positions[hole.index]
        if self.frame is not None:
            place = place + self.frame(frame_features(hole.frame))
        if self.look is not None and prompt.told is not None:
            place = place + self._told(prompt.told, hole.index, bias).to(place.dtype)
        return place

    def _told(self, told: Told, index: Tensor, bias: Tensor | Segments | None) -> Tensor:
        assert self.look is not None
        if isinstance(bias, Segments):
            parts = index.split(bias.queries, dim=1)
            each = [
                told_at_tokens(told.map(itemgetter(slice(k, k + 1))), of, self.config)
                for k, of in enumerate(parts)
            ]
            seen: Tensor = self.look(torch.cat(each, dim=1))
            return seen
        draws = len(index) // len(told.cells)  # samples in a row with the same prompt and hole
        seen = self.look(told_at_tokens(told, index[::draws], self.config))
        return seen.repeat_interleave(draws, 0)

    def forward(
        self,
        x_BNP: Tensor,
        t_B: Tensor,
        hole: Hole,
        prompt: Prompt,
        bias: Tensor | Segments | None = None,
    ) -> Tensor:
        """(B,N,output_width): velocity (flow), or noise and variance (iddpm), of noised tokens.

        x_BNP:  noised hole tokens.
        t_B:    timesteps in 0..1000.
        prompt: one per sample, or one for each run of equally many samples.
        bias:   self-attention bias for padded batches. With Segments, tokens and hole are
                (1,T,...), all samples in one row.
        """
        x = self.embed(x_BNP) + self.place(hole, prompt, bias)
        x = self.join(torch.cat([x, hole.context.to(x.dtype)], dim=-1))
        time = self.time_out(F.silu(self.time_in(timestep_features(t_B))))
        if self.pooled is not None:
            pooled = self.pooled(prompt.pooled)
            time = time + pooled.repeat_interleave(len(time) // len(pooled), 0)
        if self.micro is not None:
            # The window always has the native size.
            side = t_B.new_full((1, 2), self.config.side)
            time = time + self.micro(side, t_B.new_ones(1, 1))
        time_B6D = self.time_modulation(F.silu(time)).unflatten(1, (6, -1))
        text = self.text_out(F.gelu(self.text_in(prompt.states), approximate="tanh"))
        text_bias: Tensor | Segments = prompt.bias(x.dtype)
        if isinstance(bias, Segments):
            text = text[prompt.mask][None]
            text_bias = bias.towards(prompt.mask.sum(1).tolist())
        for block in self.blocks:
            x = block(x, time_B6D, text, text_bias, bias)
        shift, scale = modulations(self.modulation, time[:, None], bias)
        y: Tensor = self.out(self.norm(x) * (1 + scale) + shift)
        return y


def _one_state(state_BW: Tensor) -> Prompt:
    """A batch of prompts (B,1,W) with a single state each."""
    mask = torch.ones(len(state_BW), 1, dtype=torch.bool, device=state_BW.device)
    return Prompt(state_BW[:, None], mask, state_BW)


def told_features(config: LazyConfig) -> int:
    """Number of values per token in `told_at_tokens`."""
    return config.look_styles * (config.patch**2 * (config.latent_channels + 1) + 1)


def told_at_tokens(told: Told, index_BN: Tensor, config: LazyConfig) -> Tensor:
    """(B,N,S*(patch^2*C+1)): the cells told at each token, at the place of their style, and that
    style."""
    cells = take_tokens(patchify(told.cells, config.patch), index_BN)
    styles = told.styles[:, None]
    by_style = (styles[..., None] * cells[:, :, None]).flatten(2)
    return torch.cat([by_style, styles.expand(-1, cells.shape[1], -1)], dim=-1)
