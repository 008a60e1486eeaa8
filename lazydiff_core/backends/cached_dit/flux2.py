"""FLUX.2 [klein]: text and image tokens in one attention (diffusers' Flux2Transformer2DModel).

diffusers' transformer takes any set of tokens with their places, so its forward pass is used as it
is; the attention processors here let `attend` choose the image keys. Text tokens are few and depend
on the image, so they are computed at each step. The text is padded to its full length, because the
model was trained with visible padding.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from lazydiff_core.backends.cached_dit.abilities import PaddedFamily, ReferenceFamily
from lazydiff_core.backends.cached_dit.family import (
    Attend,
    Defaults,
    DitShape,
    attention,
    samplers_of,
)
from lazydiff_core.backends.cached_dit.fitted_family import FittedFamily
from lazydiff_core.backends.cached_dit.flux2_needs import (
    SIDE,
    STEP_WIDTHS,
    TEXT_LAYERS,
    TEXT_TOKENS,
    read_needs,
    side_of,
)
from lazydiff_core.backends.cached_dit.pipeline_reader import PipelineFolder
from lazydiff_core.backends.fitting import Fit, choose_fit, place_denoiser
from lazydiff_core.errors import ModelError
from lazydiff_core.model.autoencoders.latent_codec import LatentCodec
from lazydiff_core.model.autoencoders.sd_autoencoder import SDAutoencoder, check_blocks
from lazydiff_core.model.files.devices import free_bytes, free_main_bytes
from lazydiff_core.model.files.pretrained import load_pretrained, load_transformer
from lazydiff_core.model.text.qwen3 import Qwen3Folders, Qwen3States
from lazydiff_core.model_store.weight_names import DIFFUSERS_STEM

_KV = "Flux2KleinKVPipeline"
_DISTILLED = (_KV,)  # unless model_index.json says otherwise
_APART = 10  # between pictures on the first rotary axis
_MOST_REFERENCES = 3


class Flux2Latents(SDAutoencoder):
    """AutoencoderKLFlux2 with 2x2 packing and normalisation: each latent is one token."""

    fold = 2

    def _normalised(self, latent: Tensor) -> Tensor:
        packed = F.pixel_unshuffle(latent, self.fold)
        mean, deviation = self._statistics(packed)
        return (packed - mean) / deviation

    def _denormalised(self, latent: Tensor) -> Tensor:
        mean, deviation = self._statistics(latent)
        return F.pixel_shuffle(latent * deviation + mean, self.fold)

    def _statistics(self, like: Tensor) -> tuple[Tensor, Tensor]:
        norm = self.vae.bn
        deviation = (norm.running_var + self.vae.config.batch_norm_eps).sqrt()
        return norm.running_mean.to(like)[:, None, None], deviation.to(like)[:, None, None]


@dataclass(frozen=True, eq=False)
class Flux2Text:
    """Encoded prompts, padded to one length.

    states: (B,L,D), the first of them of words.
    words:  tokens in front of the padding, of the longest prompt.
    prompts: what each sample's says; empty = not known.
    shown:  `attend` gets the tokens behind the words, too.
    """

    states: Tensor
    words: int
    prompts: tuple[str, ...] = ()
    shown: bool = False

    @property
    def own(self) -> int:
        """Text tokens that `attend` does not get."""
        return self.words if self.shown else self.states.shape[1]


class Flux2(FittedFamily, PaddedFamily, ReferenceFamily):
    """FLUX.2 [klein], with the pipeline's transformer, Qwen3 text encoder and tokenizer."""

    lora_loader = "Flux2LoraLoaderMixin"
    references = _MOST_REFERENCES
    padding = TEXT_TOKENS

    def __init__(
        self,
        transformer: Any,
        codec: LatentCodec,
        text: Qwen3States,
        scheduler: dict[str, Any],
        distilled: bool,
        side: int = SIDE,
        *,
        causal_references: bool = False,
        device: torch.device | None = None,
        fit: Fit | None = None,
    ) -> None:
        super().__init__(transformer, device, fit)
        self.codec, self.text, self.scheduler = codec, text, scheduler
        self.causal_references = causal_references
        config, blocks = transformer.config, self._install_processors()
        self.shape = DitShape(
            side=side,
            grid=side // codec.scale,
            patch=1,
            token_width=config.in_channels,
            layers=blocks,
            width=transformer.inner_dim,
        )
        self.token_bytes = self.shape.width * STEP_WIDTHS * self.dtype.itemsize
        samplers = samplers_of(scheduler)
        self.defaults = (
            Defaults(samplers, 4, 1.0, guidable=False) if distilled else Defaults(samplers, 50, 4.0)
        )

    def _install_processors(self) -> int:
        """Give each attention layer its processor; return the number of layers."""
        double, single = (
            self.transformer.transformer_blocks,
            self.transformer.single_transformer_blocks,
        )
        for layer, block in enumerate(double):
            block.attn.set_processor(_DoubleStream(layer))
        for layer, block in enumerate(single, len(double)):
            block.attn.set_processor(_SingleStream(layer))
        return len(double) + len(single)

    def encode_prompt(self, prompt: str) -> Flux2Text:
        """(1,512,3 x width): hidden states of three layers of the language model."""
        states = self.text.encode(prompt).to(self.device, self.dtype)
        return Flux2Text(states, self.text.words(prompt), (prompt,))

    def batch(self, texts: Sequence[Flux2Text]) -> Flux2Text:
        states = torch.cat([text.states for text in texts])
        prompts = tuple(prompt for text in texts for prompt in text.prompts)
        return Flux2Text(states, max(text.words for text in texts), prompts)

    def words(self, text: Flux2Text) -> int:
        return text.words

    def distinct(self, text: Flux2Text) -> tuple[tuple[str, ...], Flux2Text, list[int]]:
        prompts = tuple(dict.fromkeys(text.prompts))
        first = [text.prompts.index(prompt) for prompt in prompts]
        each = replace(text, states=text.states[first], prompts=prompts)
        return prompts, each, [prompts.index(prompt) for prompt in text.prompts]

    def with_padding_shown(self, text: Flux2Text) -> tuple[Flux2Text, int]:
        return replace(text, shown=True), text.states.shape[1] - text.words

    def without_padding(self, text: Flux2Text, count: int) -> Flux2Text:
        return replace(text, states=text.states[:, :count])

    def predict(
        self, x_BNP: Tensor, place_N: Tensor, t: Tensor, text: Flux2Text, attend: Attend
    ) -> Tensor:
        length = text.states.shape[1]
        pictures, within = place_N // self.shape.tokens, place_N % self.shape.tokens
        rows, columns = within // self.shape.grid, within % self.shape.grid
        places = torch.zeros(length, 4, dtype=torch.long, device=self.device)
        places[:, 3] = torch.arange(length, device=self.device)
        velocity: Tensor = self.transformer(
            hidden_states=x_BNP.to(self.dtype),
            encoder_hidden_states=text.states,
            timestep=(t.to(self.device, self.dtype) / 1000).expand(len(x_BNP)),
            img_ids=torch.stack([_APART * pictures, rows, columns, torch.zeros_like(rows)], -1),
            txt_ids=places,
            joint_attention_kwargs={"attend": attend, "text_tokens": length, "own": text.own},
            return_dict=False,
        )[0]
        return velocity.float()

    def predict_references(self, x_BNP: Tensor, place_N: Tensor, attend: Attend) -> None:
        width = self.transformer.config.joint_attention_dim
        nothing = torch.zeros(len(x_BNP), 0, width, device=self.device, dtype=self.dtype)
        self.predict(x_BNP, place_N, torch.zeros(()), Flux2Text(nothing, 0), attend)

    def timetable(self, steps: int) -> dict[str, Any]:
        """Evenly spaced noise levels, shifted by diffusers' rule for tokens and steps."""
        from diffusers.pipelines.flux2.pipeline_flux2_klein import compute_empirical_mu

        sigmas = torch.linspace(1, 1 / steps, steps, dtype=torch.float64).tolist()
        return {"sigmas": sigmas, "mu": compute_empirical_mu(self.shape.tokens, steps)}


class _Processor:
    """Base of both attention processors: rotates keys, and asks `attend` for image keys."""

    def __init__(self, layer: int) -> None:
        self.layer = layer

    def mix(
        self,
        heads: Any,
        parts: tuple[Tensor, Tensor, Tensor],
        own: int,
        rotary: Any,
        attend: Attend,
    ) -> Tensor:
        """(B,L+N,W) of queries, keys and values (B,L+N,heads,size), L text tokens first.

        own: the first tokens of the text, whose keys `attend` does not get.
        """
        from diffusers.models.embeddings import apply_rotary_emb

        rotated: list[Any] = [apply_rotary_emb(part, rotary, sequence_dim=1) for part in parts[:2]]
        query, key, value = (part.flatten(2) for part in (*rotated, parts[2]))
        seen, values = attend(self.layer, key[:, own:], value[:, own:])
        key = torch.cat([key[:, :own], seen], 1)
        value = torch.cat([value[:, :own], values], 1)
        return attention(query, key, value, heads, None)


class _DoubleStream(_Processor):
    """Attention in which text and image have separate weights."""

    def __call__(
        self,
        attn: Any,
        hidden_states: Tensor,
        encoder_hidden_states: Tensor,
        attention_mask: None = None,
        image_rotary_emb: Any = None,
        *,
        attend: Attend,
        text_tokens: int,
        own: int,
    ) -> tuple[Tensor, Tensor]:
        def heads(x: Tensor) -> Tensor:
            parts: Tensor = x.unflatten(-1, (attn.heads, -1))
            return parts

        image, text = hidden_states, encoder_hidden_states
        query = [
            attn.norm_added_q(heads(attn.add_q_proj(text))),
            attn.norm_q(heads(attn.to_q(image))),
        ]
        key = [
            attn.norm_added_k(heads(attn.add_k_proj(text))),
            attn.norm_k(heads(attn.to_k(image))),
        ]
        value = [heads(attn.add_v_proj(text)), heads(attn.to_v(image))]
        parts = (torch.cat(query, 1), torch.cat(key, 1), torch.cat(value, 1))
        mixed = self.mix(attn.heads, parts, own, image_rotary_emb, attend)
        return attn.to_out[0](mixed[:, text_tokens:]), attn.to_add_out(mixed[:, :text_tokens])


class _SingleStream(_Processor):
    """Attention over text and image as one sequence, parallel to the feed-forward layer."""

    def __call__(
        self,
        attn: Any,
        hidden_states: Tensor,
        attention_mask: None = None,
        image_rotary_emb: Any = None,
        *,
        attend: Attend,
        text_tokens: int,
        own: int,
    ) -> Tensor:
        joint, forward = attn.to_qkv_mlp_proj(hidden_states).tensor_split([3 * attn.inner_dim], -1)
        query, key, value = (x.unflatten(-1, (attn.heads, -1)) for x in joint.chunk(3, -1))
        parts = (attn.norm_q(query), attn.norm_k(key), value)
        mixed = self.mix(attn.heads, parts, own, image_rotary_emb, attend)
        out: Tensor = attn.to_out(torch.cat([mixed, attn.mlp_act_fn(forward)], -1))
        return out


def load(folder: PipelineFolder, device: torch.device, dtype: torch.dtype) -> Flux2:
    """Read a FLUX.2 [klein] pipeline's folder; raises ModelError."""
    from diffusers import AutoencoderKLFlux2, Flux2Transformer2DModel

    texts = Qwen3Folders(
        folder.part("text_encoder", "Qwen3ForCausalLM", "Qwen3Model"), folder.part("tokenizer")
    )
    where_vae = folder.part("vae", "AutoencoderKLFlux2")
    inner = folder.part("transformer", "Flux2Transformer2DModel")
    side = side_of(where_vae)
    needs = read_needs(inner, texts.encoder, where_vae, side, folder.single)
    fit = choose_fit(needs, dtype, device, free_bytes(device), folder.name, free_main_bytes())
    vae = load_pretrained(AutoencoderKLFlux2, where_vae, DIFFUSERS_STEM)
    check_blocks(vae.config, where_vae)
    codec, scheduler = Flux2Latents(vae), folder.scheduler()
    transformer = load_transformer(Flux2Transformer2DModel, inner, folder.single, fit.dtype)
    if codec.channels != transformer.config.in_channels:
        raise ModelError(
            f"{folder.path / 'vae'} makes tokens of {codec.channels} values, but the transformer "
            f"reads {transformer.config.in_channels}: take the VAE it was made with."
        )
    return Flux2(
        place_denoiser(transformer, fit, device),
        codec.to(device),
        Qwen3States(
            texts,
            TEXT_LAYERS,
            TEXT_TOKENS,
            device,
            fit.dtype,
            visits=fit.text_visits,
            packed=fit.text_packed,
        ),
        scheduler,
        distilled=bool(folder.index.get("is_distilled", folder.kind in _DISTILLED)),
        side=side,
        causal_references=folder.kind == _KV,
        device=device,
        fit=fit,
    )
