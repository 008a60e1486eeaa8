"""PixArt-alpha and PixArt-Sigma and their LCM variants (Chen et al. 2023, 2024).

The forward pass of diffusers' PixArtTransformer2DModel over any set of tokens: only self-attention
mixes image tokens. Keys and values of the text are computed once per prompt, and the modulation
once per timestep.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from lazydiff_core.backends.cached_dit.abilities import LoraFamily
from lazydiff_core.backends.cached_dit.family import (
    Attend,
    Defaults,
    DitShape,
    attention,
    samplers_of,
)
from lazydiff_core.backends.cached_dit.pipeline_reader import PipelineFolder
from lazydiff_core.backends.cached_dit.pixart_needs import TEXT_TOKENS, read_needs
from lazydiff_core.backends.fitting import choose_fit
from lazydiff_core.backends.loras import LoraRack, peft_rack
from lazydiff_core.errors import ModelError
from lazydiff_core.lora_files import Lora
from lazydiff_core.model.autoencoders.latent_codec import LatentCodec
from lazydiff_core.model.autoencoders.vae_folder import load_vae
from lazydiff_core.model.files.devices import free_bytes, free_main_bytes
from lazydiff_core.model.files.pretrained import load_pretrained
from lazydiff_core.model.files.weights import DIFFUSERS_STEM
from lazydiff_core.model.text.t5 import T5Folders, T5States
from lazydiff_core.model.text.text_encoder import TextEncoder
from lazydiff_core.sampling.schedule import SCHEDULERS

_TIMESTEPS_KEPT = 256


@dataclass(frozen=True, eq=False)
class PixArtText:
    """Keys and values of the text in each block, (B,L,W); `bias` (B,1,1,L) hides padding."""

    keys: tuple[Tensor, ...]
    values: tuple[Tensor, ...]
    bias: Tensor | None = None


class PixArt(LoraFamily):
    """PixArt, with diffusers' PixArtTransformer2DModel as `transformer`.

    student: it was distilled to one step (DMD).
    """

    def __init__(
        self,
        transformer: Any,
        codec: LatentCodec,
        text: TextEncoder,
        scheduler: dict[str, Any],
        *,
        student: bool = False,
    ) -> None:
        self.transformer, self.codec, self.text = transformer, codec, text
        self.scheduler = scheduler
        config, patch = transformer.config, transformer.config.patch_size
        self.device, self.dtype = transformer.device, transformer.dtype
        grid = config.sample_size // patch
        self.shape = DitShape(
            side=config.sample_size * codec.scale,
            grid=grid,
            patch=patch,
            token_width=patch**2 * config.in_channels,
            layers=config.num_layers,
            width=transformer.inner_dim,
        )
        samplers = ("dmd",) if student else samplers_of(scheduler)
        steps = {"dmd": 1, "lcm": 4}.get(samplers[0], 20)
        self.defaults = Defaults(samplers, steps, 4.5 if steps == 20 else 1.0)
        # diffusers' convolution orders a patch (c, p, q); a token here is (p, q, c).
        self._embed = transformer.pos_embed.proj.weight.permute(0, 2, 3, 1).flatten(1)
        self._modulation = lru_cache(maxsize=_TIMESTEPS_KEPT)(self._modulate)

    # --- text ------------------------------------------------------------------------------------

    def encode_prompt(self, prompt: str) -> PixArtText:
        """Encode one prompt; padding is cut off instead of masked."""
        states = self.text.encode([prompt]).states.to(self.device, self.dtype)
        states = self.transformer.caption_projection(states)
        layers = [block.attn2 for block in self.transformer.transformer_blocks]
        keys = tuple(layer.to_k(states) for layer in layers)
        return PixArtText(keys, tuple(layer.to_v(states) for layer in layers))

    def batch(self, texts: Sequence[PixArtText]) -> PixArtText:
        lengths = [text.keys[0].shape[1] for text in texts]
        longest = max(lengths)
        keys, values = (
            tuple(torch.cat([_padded(part, longest) for part in layer]) for layer in layers)
            for layers in (
                zip(*(text.keys for text in texts), strict=True),
                zip(*(text.values for text in texts), strict=True),
            )
        )
        if min(lengths) == longest:
            return PixArtText(keys, values)
        real = torch.arange(longest) < torch.tensor(lengths)[:, None]
        bias = torch.where(real, 0.0, -1e4)[:, None, None].to(self.device, self.dtype)
        return PixArtText(keys, values, bias)

    # --- LoRAs -----------------------------------------------------------------------------------

    def _make_lora_rack(self) -> LoraRack:
        # The patches' embedding is read as a matrix, past its module.
        return peft_rack(self.transformer, left_out="pos_embed.")

    def use_loras(self, loras: tuple[Lora, ...]) -> bool:
        changed = super().use_loras(loras)
        if changed:
            self._modulation.cache_clear()
        return changed

    # --- image -----------------------------------------------------------------------------------

    def predict(
        self, x_BNP: Tensor, place_N: Tensor, t: Tensor, text: PixArtText, attend: Attend
    ) -> Tensor:
        """As in Family; a learned variance is dropped, because no scheduler here uses it."""
        model = self.transformer
        modulation, embedded = self._modulation(float(t))
        positions = model.pos_embed.pos_embed.to(self.device, self.dtype)
        h = F.linear(x_BNP.to(self.dtype), self._embed, model.pos_embed.proj.bias)
        h = h + positions[:, place_N]
        for layer, block in enumerate(model.transformer_blocks):
            h = self._block(layer, block, h, modulation, text, attend)
        shift, scale = (model.scale_shift_table[None] + embedded[:, None]).chunk(2, dim=1)
        out = model.proj_out(model.norm_out(h) * (1 + scale) + shift)
        noise: Tensor = out.unflatten(-1, (self.shape.patch**2, -1))[..., : self.codec.channels]
        return noise.flatten(2).float()

    def _block(
        self,
        layer: int,
        block: Any,
        h: Tensor,
        modulation: Tensor,
        text: PixArtText,
        attend: Attend,
    ) -> Tensor:
        rows = (block.scale_shift_table[None] + modulation).chunk(6, dim=1)
        shift, scale, gate, shift_ff, scale_ff, gate_ff = rows
        own, cross = block.attn1, block.attn2
        x = block.norm1(h) * (1 + scale) + shift
        key, value = attend(layer, own.to_k(x), own.to_v(x))
        mixed = attention(own.to_q(x), key, value, own.heads, None)
        h = h + gate * own.to_out[0](mixed)
        from_text = attention(
            cross.to_q(h), text.keys[layer], text.values[layer], own.heads, text.bias
        )
        h = h + cross.to_out[0](from_text)
        x = block.norm2(h) * (1 + scale_ff) + shift_ff
        h = h + gate_ff * block.ff(x)
        return h

    def _modulate(self, t: float) -> tuple[Tensor, Tensor]:
        """Modulation at a timestep for this canvas's size: (1,6,W) blocks, (1,W) output."""
        conditions: dict[str, Tensor | None] = {"resolution": None, "aspect_ratio": None}
        if self.transformer.use_additional_conditions:
            side = float(self.shape.side)
            conditions["resolution"] = torch.tensor([[side, side]], device=self.device)
            conditions["aspect_ratio"] = torch.tensor([[1.0]], device=self.device)
        rows, embedded = self.transformer.adaln_single(
            torch.tensor([t], device=self.device),
            conditions,
            batch_size=1,
            hidden_dtype=self.dtype,
        )
        return rows.unflatten(-1, (6, -1)), embedded


def _padded(part: Tensor, length: int) -> Tensor:
    return F.pad(part, (0, 0, 0, length - part.shape[1]))


def load(folder: PipelineFolder, device: torch.device, dtype: torch.dtype) -> PixArt:
    """Read a PixArt pipeline's folder; raises ModelError."""
    from diffusers import PixArtTransformer2DModel

    text = T5Folders(folder.part("text_encoder", "T5EncoderModel"), folder.part("tokenizer"))
    where_vae = folder.part("vae", "AutoencoderKL", "AutoencoderTiny")
    where = folder.part("transformer", "PixArtTransformer2DModel", "Transformer2DModel")
    needs = read_needs(where, text.encoder, where_vae)
    fit = choose_fit(needs, dtype, device, free_bytes(device), folder.name, free_main_bytes())
    codec, scheduler = load_vae(where_vae), folder.scheduler()
    transformer = load_pretrained(
        PixArtTransformer2DModel, where, DIFFUSERS_STEM, torch_dtype=fit.dtype
    )
    config = transformer.config
    if codec.channels != config.in_channels:
        raise ModelError(
            f"{folder.path / 'vae'} makes latents of {codec.channels} channels, but the "
            f"transformer reads {config.in_channels}: take the VAE it was made with."
        )
    encoder = T5States(
        text,
        TEXT_TOKENS[folder.kind],
        config.caption_channels,
        device,
        resident=not fit.text_visits,
        packed=fit.text_packed,
        dtype=fit.dtype if device.type == "cpu" else None,
    )
    # Nothing in a student's files tells it from its teacher, but where they came from.
    names = (folder.path.name, str(config.get("_name_or_path")))
    student = scheduler["_class_name"] == SCHEDULERS["dmd"] and any(
        "dmd" in name.lower() for name in names
    )
    made = PixArt(transformer.to(device), codec.to(device), encoder, scheduler, student=student)
    made.notice, made.work = fit.notice, fit.work
    return made
