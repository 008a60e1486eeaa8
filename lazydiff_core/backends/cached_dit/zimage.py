"""Z-Image: text and image tokens in one attention (diffusers' ZImageTransformer2DModel).

diffusers' forward pass takes whole pictures, pads and joins them by itself, so it is spelled out
here over any set of tokens; its blocks run as they are, with an attention processor that lets
`attend` choose the image keys. Image tokens pass refiner blocks of their own first, whose keys come
before those of the joint blocks.

diffusers counts the first rotary axis from the caption's first token to the picture behind it.
Scores depend on differences only, so here the picture lies at 0 and the caption before it: keys of
the picture are the same for captions of any length.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import torch
from torch import Tensor
from torch.nn import functional as F

from lazydiff_core.backends.cached_dit.abilities import ControlFamily
from lazydiff_core.backends.cached_dit.family import (
    Attend,
    Defaults,
    DitShape,
    samplers_of,
)
from lazydiff_core.backends.cached_dit.fitted_family import FittedFamily
from lazydiff_core.backends.cached_dit.pipeline_reader import PipelineFolder
from lazydiff_core.backends.cached_dit.zimage_attention import (
    Rotary,
    Seen,
    ZImagePass,
    install_attention,
)
from lazydiff_core.backends.cached_dit.zimage_control import (
    ControlNetwork,
    SteeredZImage,
    load_control,
)
from lazydiff_core.backends.cached_dit.zimage_needs import (
    PADDED,
    PATCH,
    SIDE,
    TEXT_TOKENS,
    read_needs,
    side_of,
    text_layer,
)
from lazydiff_core.backends.fitting import Fit, choose_fit, place_denoiser
from lazydiff_core.backends.protocols import ControlInput, ControlKey
from lazydiff_core.errors import ModelError
from lazydiff_core.model.autoencoders.latent_codec import LatentCodec
from lazydiff_core.model.autoencoders.vae_folder import load_vae
from lazydiff_core.model.files.devices import free_bytes, free_main_bytes
from lazydiff_core.model.files.pretrained import load_transformer
from lazydiff_core.model.text.qwen3 import Qwen3Folders, Qwen3States

_EMBEDDER = f"{PATCH}-1"  # patches of so many latents, in one frame
# Turbo is published with a scheduler that shifts by 3, Base with one that shifts by 6.
_TURBO_SHIFT = 4.5
# Entries of a scheduler that shifts by tokens, and what the pipeline takes without them.
_SHIFT_SIZES = {
    "base_image_seq_len": 256, "max_image_seq_len": 4096, "base_shift": 0.5, "max_shift": 1.15,
}  # fmt: skip

# (pass, image tokens in front of the refiners, and behind them) -> joint block -> what to add
Hints: TypeAlias = Callable[[ZImagePass, Tensor, Tensor], dict[int, Tensor]]


@dataclass(frozen=True, eq=False)
class ZImageText:
    """Refined text, (B,L,W); `real` (B,L) is False for what only fills shorter captions up."""

    states: Tensor
    real: Tensor | None = None


@dataclass(frozen=True)
class GuidanceLimits:
    """How far guidance may go; the pipeline's cfg_truncation and cfg_normalization.

    truncation: no guidance once more than this share of the noise is gone; 1 = always guidance.
    norm:       the guided prediction is at most so many times as large as that for the prompt;
                0 = any size. It is measured over the tokens of the hole.
    """

    truncation: float = 1.0
    norm: float = 0.0


class ZImage(FittedFamily, ControlFamily):
    """Z-Image, with the pipeline's transformer, Qwen3 text encoder and tokenizer.

    A guidance scale has its usual meaning; the pipeline's own is one less.
    """

    lora_loader = "ZImageLoraLoaderMixin"

    def __init__(
        self,
        transformer: Any,
        codec: LatentCodec,
        text: Qwen3States,
        scheduler: dict[str, Any],
        turbo: bool,
        side: int = SIDE,
        *,
        limits: GuidanceLimits | None = None,
        device: torch.device | None = None,
        fit: Fit | None = None,
    ) -> None:
        super().__init__(transformer, device, fit)
        self.codec, self.text, self.scheduler = codec, text, scheduler
        self.limits = limits or GuidanceLimits()
        config, grid = transformer.config, side // (codec.scale * PATCH)
        self.shape = DitShape(
            side=side,
            grid=grid,
            patch=PATCH,
            token_width=PATCH**2 * config.in_channels,
            layers=config.n_refiner_layers + config.n_layers,
            width=config.dim,
        )
        samplers = samplers_of(scheduler)
        self.defaults = (
            Defaults(samplers, 8, 1.0, guidable=False) if turbo else Defaults(samplers, 50, 5.0)
        )
        for blocks in (transformer.noise_refiner, transformer.context_refiner, transformer.layers):
            install_attention(blocks)
        self._control: tuple[ControlKey, ControlNetwork] | None = None
        place, before = torch.arange(grid**2), torch.arange(-TEXT_TOKENS, 0)
        self._of_places = self._rotary(0 * place, place // grid, place % grid)
        self._before = self._rotary(before, 0 * before, 0 * before)

    # --- text ------------------------------------------------------------------------------------

    def encode_prompt(self, prompt: str) -> ZImageText:
        """Refined states, which no image token and no timestep changes.

        The caption is filled up to a multiple of 32 tokens with a learned one, which is seen.
        """
        model = self.transformer
        states = model.cap_embedder(self.text.encode(prompt).to(self.device, self.dtype))
        room = -states.shape[1] % PADDED
        filled = model.cap_pad_token.to(states).expand(len(states), room, -1)
        states = torch.cat([states, filled], 1)
        seen = Seen(self._last(states.shape[1]), states.shape[1])
        for block in model.context_refiner:
            states = block(states, None, seen)
        return ZImageText(states)

    def batch(self, texts: Sequence[ZImageText]) -> ZImageText:
        lengths = [text.states.shape[1] for text in texts]
        longest = max(lengths)
        # In front, since places are counted back from the picture.
        states = torch.cat([F.pad(t.states, (0, 0, longest - t.states.shape[1], 0)) for t in texts])
        if min(lengths) == longest:
            return ZImageText(states)
        real = torch.arange(longest) >= longest - torch.tensor(lengths)[:, None]
        return ZImageText(states, real.to(self.device))

    # --- image -----------------------------------------------------------------------------------

    def predict(
        self, x_BNP: Tensor, place_N: Tensor, t: Tensor, text: ZImageText, attend: Attend
    ) -> Tensor:
        return self.run(x_BNP, place_N, t, text, attend)

    def run(
        self,
        x_BNP: Tensor,
        place_N: Tensor,
        t: Tensor,
        text: ZImageText,
        attend: Attend,
        hints: Hints | None = None,
    ) -> Tensor:
        """As `predict`; `hints` is asked what to add behind joint blocks."""
        model, length = self.transformer, text.states.shape[1]
        passed = (1000 - t.to(self.device, torch.float32).reshape(1)) / 1000
        time = model.t_embedder(passed * model.t_scale).to(self.dtype)
        image = self._of_places.at(place_N)
        both = Rotary.joined(self._last(length), image)
        run = ZImagePass(time, text.states, text.real, image, both, attend)
        embedded = h = model.all_x_embedder[_EMBEDDER](x_BNP.to(self.dtype))
        for block in model.noise_refiner:
            h = block(h, None, run.alone(), time)
        added = {} if hints is None else hints(run, embedded, h)
        h = run.with_text(h)
        for number, block in enumerate(model.layers):
            h = block(h, None, run.joint(), time)
            if number in added:
                h = h + added[number]
        out: Tensor = model.all_final_layer[_EMBEDDER](h[:, length:], c=time)
        return -out.float()  # velocity towards the noise

    def guided(self, positive: Tensor, negative: Tensor, scale: float, t: Tensor) -> Tensor:
        limits = self.limits
        if (1000 - float(t)) / 1000 > limits.truncation:
            return positive
        guided = super().guided(positive, negative, scale, t)
        if not limits.norm:
            return guided
        most, size = (
            torch.linalg.vector_norm(part, dim=(1, 2), keepdim=True) for part in (positive, guided)
        )
        within: Tensor = guided * (limits.norm * most / size).clamp(max=1)
        return within

    def timetable(self, steps: int) -> dict[str, Any]:
        """Evenly spaced noise levels; `mu` counts where the scheduler shifts by tokens."""
        from diffusers.pipelines.z_image import pipeline_z_image as theirs

        sizes = [self.scheduler.get(name, usual) for name, usual in _SHIFT_SIZES.items()]
        return {
            "sigmas": theirs.get_default_z_image_sigmas(steps),
            "mu": theirs.calculate_shift(self.shape.tokens, *sizes),
        }

    # --- control ---------------------------------------------------------------------------------

    @property
    def takes_control(self) -> bool:
        return not self._layers_visit

    def has_control(self, control: ControlInput) -> bool:
        return self._control is not None and self._control[0] == control.key

    def load_control(self, control: ControlInput) -> None:
        self._control = None  # freed first
        network = load_control(control.path, self.transformer, self.device, self.dtype)
        self._control = (control.key, network)

    def steered(self, control: ControlInput) -> SteeredZImage:
        def network() -> ControlNetwork:
            if not self.has_control(control):
                self.load_control(control)
            assert self._control is not None
            return self._control[1]

        return SteeredZImage(self, network, control.strength)

    # --- places ----------------------------------------------------------------------------------

    def _rotary(self, *axes: Tensor) -> Rotary:
        """Rotation at places with these coordinates, each (N,)."""
        from diffusers.models import embeddings

        make: Any = embeddings.get_1d_rotary_pos_embed
        config = self.transformer.config
        parts = [
            make(size, axis, config.rope_theta, use_real=True, freqs_dtype=torch.float64)
            for size, axis in zip(config.axes_dims, axes, strict=True)
        ]
        return Rotary(*(torch.cat(part, -1).to(self.device) for part in zip(*parts, strict=True)))

    def _last(self, length: int) -> Rotary:
        """The places of a caption of so many tokens."""
        return self._before.at(slice(TEXT_TOKENS - length, None))


def load(folder: PipelineFolder, device: torch.device, dtype: torch.dtype) -> ZImage:
    """Read a Z-Image pipeline's folder; raises ModelError."""
    from diffusers import ZImageTransformer2DModel

    texts = Qwen3Folders(
        folder.part("text_encoder", "Qwen3ForCausalLM", "Qwen3Model"), folder.part("tokenizer")
    )
    where_vae = folder.part("vae", "AutoencoderKL")
    inner = folder.part("transformer", "ZImageTransformer2DModel")
    scheduler, side = folder.scheduler(), side_of(where_vae)
    needs = read_needs(inner, texts.encoder, where_vae, folder.single)
    fit = choose_fit(needs, dtype, device, free_bytes(device), folder.name, free_main_bytes())
    codec = load_vae(where_vae)
    transformer = load_transformer(ZImageTransformer2DModel, inner, folder.single, fit.dtype)
    if codec.channels != transformer.config.in_channels:
        raise ModelError(
            f"{where_vae} makes latents of {codec.channels} channels, but the transformer reads "
            f"{transformer.config.in_channels}: take the VAE it was made with."
        )
    layer = text_layer(texts.encoder)
    text = Qwen3States(
        texts,
        (layer,),
        TEXT_TOKENS,
        device,
        fit.dtype,
        padded=False,
        thinking=True,
        visits=fit.text_visits,
        packed=fit.text_packed,
    )
    turbo = not scheduler.get("use_dynamic_shifting") and scheduler.get("shift", 1) < _TURBO_SHIFT
    return ZImage(
        _placed(transformer, fit, device),
        codec.to(device),
        text,
        scheduler,
        turbo=turbo,
        side=side,
        device=device,
        fit=fit,
    )


def _placed(transformer: Any, fit: Fit, device: torch.device) -> Any:
    """The transformer where the plan has it. Only its blocks visit: the rest is a few layers, and
    would come with a forward pass as a whole, which is never made."""
    placed = place_denoiser(transformer, fit, device)
    if fit.denoiser == "visits":
        for part in (placed.t_embedder, placed.all_x_embedder, placed.all_final_layer):
            part.to(device)
    return placed
