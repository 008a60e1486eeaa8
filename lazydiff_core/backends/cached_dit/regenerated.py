"""The baseline `regenerate_image` (ADR 10) made lazy: a DiT trained for inpainting.

A public text-to-image DiT sees the canvas through visible tokens only; this model also takes the
visible latents and the mask as input. Its input layer is linear in them, so their part is computed
once per canvas, as `conditions`. It serves to measure the approximation
(docs/lazy-without-training.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from lazydiff_core.backends.cached_dit.family import (
    Attend,
    Defaults,
    DitShape,
    Family,
    attention,
    samplers_of,
)
from lazydiff_core.backends.cached_dit.pipeline_reader import PipelineFolder
from lazydiff_core.errors import ModelError
from lazydiff_core.geometry.tokens import token_frames
from lazydiff_core.model.checkpoint.checkpoint import Checkpoint, load_checkpoint
from lazydiff_core.model.checkpoint.text_encoder_choice import load_text_encoder
from lazydiff_core.model.network.decoder import Hole
from lazydiff_core.model.network.prepared_decoder import constant_time, start_of
from lazydiff_core.model.network.segments import modulations
from lazydiff_core.model.network.transformer_layers import DecoderBlock, timestep_features
from lazydiff_core.model.text.prompt import Prompt, join_prompts
from lazydiff_core.model.text.text_encoder import TextEncoder
from lazydiff_core.sampling.flow import flow_times
from lazydiff_core.sampling.scheduled import NOISE_SCHEDULER

_FLOW = {"_class_name": "FlowMatchEulerDiscreteScheduler"}


class RegenerateImage(Family):
    """A checkpoint of architecture `regenerate_image`; an empty prompt means the null prompt."""

    sees_blank = True

    def __init__(self, checkpoint: Checkpoint, text: TextEncoder, device: torch.device) -> None:
        self.checkpoint = checkpoint
        self.lazy, self.codec = checkpoint.lazy.to(device), checkpoint.autoencoder.to(device)
        self.text, self.device, self.dtype = text, device, torch.float32
        self.concepts = checkpoint.concepts
        config = self.config = checkpoint.lazy.config
        self.framing = config.framing
        self.flow = config.objective == "flow"
        self.scheduler = _FLOW if self.flow else NOISE_SCHEDULER
        self.shape = DitShape(
            side=config.side,
            grid=config.grid,
            patch=config.patch,
            token_width=config.token_width,
            layers=config.decoder_blocks,
            width=config.width,
        )
        usual = checkpoint.defaults
        self.defaults = Defaults(samplers_of(self.scheduler), usual.steps, usual.guidance)

    def encode_prompt(self, prompt: str) -> Prompt:
        if not prompt:
            return self.lazy.decoder.null_prompt(1)
        read = self.text.encode([prompt])
        return read.map(lambda part: part.to(self.device))

    def batch(self, texts: Sequence[Prompt]) -> Prompt:
        together = texts[0]
        for text in texts[1:]:
            together = join_prompts(together, text)
        return together

    def conditions(self, tokens: Tensor, mask: Tensor) -> Tensor:
        """(1,N,D): the part of the input layer's output that depends on canvas and place."""
        hole = mask[0, 0].bool().cpu().numpy()
        generated = np.ones((self.shape.grid,) * 2, np.bool_)
        frame = torch.from_numpy(token_frames(hole, generated, self.config.token_pixels))[None]
        index = torch.arange(self.shape.tokens, device=self.device)[None]
        seen = self.lazy.encode_context(self.latents_of(tokens), mask, index, frame.to(self.device))
        decoder = self.lazy.decoder
        return start_of(decoder, Hole(seen.context, index, seen.frame), decoder.null_prompt(1))

    def predict(
        self, x_BNP: Tensor, place_N: Tensor, t: Tensor, text: Prompt, attend: Attend
    ) -> Tensor:
        """As in Family; a learned variance is dropped, because no scheduler here uses it."""
        decoder, width = self.lazy.decoder, self.shape.token_width
        x, start = x_BNP[..., :width], x_BNP[..., width:]
        token_half = decoder.join.weight.chunk(2, dim=1)[0]
        h = F.linear(decoder.embed(x), token_half) + start
        time = decoder.time_out(F.silu(decoder.time_in(timestep_features(t.reshape(1)))))
        time = time + constant_time(decoder, text)
        time_B6D = decoder.time_modulation(F.silu(time)).unflatten(1, (6, -1))
        states = decoder.text_out(F.gelu(decoder.text_in(text.states), approximate="tanh"))
        bias = text.bias(h.dtype)
        for layer, block in enumerate(decoder.blocks):
            assert isinstance(block, DecoderBlock)
            shift, scale, gate, shift_ff, scale_ff, gate_ff = modulations(
                block.modulation, time_B6D, None
            )
            h = h + gate * self._mixed(layer, block, block.norm(h) * (1 + scale) + shift, attend)
            h = h + block.cross_attention(h, states, bias)
            h = h + gate_ff * block.feed_forward(block.norm(h) * (1 + scale_ff) + shift_ff)
        shift, scale = modulations(decoder.modulation, time[:, None], None)
        out: Tensor = decoder.out(decoder.norm(h) * (1 + scale) + shift)
        return out[..., :width].float()

    def _mixed(self, layer: int, block: DecoderBlock, x: Tensor, attend: Attend) -> Tensor:
        own = block.attention

        def heads(part: Tensor) -> Tensor:
            split: Tensor = part.unflatten(-1, (own.heads, -1))
            return split

        query = own.query_norm(heads(own.query(x))).flatten(2)
        key = own.key_norm(heads(own.key(x))).flatten(2)
        key, value = attend(layer, key, own.value(x))
        mixed: Tensor = own.out(attention(query, key, value, own.heads, None))
        return mixed

    def timetable(self, steps: int) -> dict[str, Any]:
        """As in Family; flow models use the times of the `flow` sampler."""
        if not self.flow:
            return super().timetable(steps)
        return {"sigmas": flow_times(steps)[:-1].tolist()}


def load(folder: PipelineFolder, device: torch.device, dtype: torch.dtype) -> RegenerateImage:
    """Read a LazyDiff model folder, in float32.

    Raises ModelError, also for a model with reference latents (ADR 22): the approximation has no
    place for them.
    """
    checkpoint = replace(load_checkpoint(folder.path), half=False)
    if checkpoint.lazy.config.look_styles:
        raise ModelError(
            f"{checkpoint.name} uses reference pictures of words, which this backend lacks: "
            "use it with --backend regenerate_image."
        )
    return RegenerateImage(checkpoint, load_text_encoder(checkpoint, device), device)
