"""The backends that are timed against each other.

Time does not depend on the values of weights, so a backend without a trained model gets random
ones. As in the paper, all share the decoder's sizes, the autoencoder and the text encoder.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import torch
from torch import nn

from lazydiff_core.backends.cached_dit.backend import CachedDit
from lazydiff_core.backends.cached_dit.cache_settings import CacheSettings, Mode
from lazydiff_core.backends.cached_dit.pixart import PixArt
from lazydiff_core.backends.cached_dit.refresh_run import full_steps
from lazydiff_core.backends.lazydiffusion import LazyBackend
from lazydiff_core.backends.regenerate import RegenerateBackend
from lazydiff_core.engine.engine import Clock, Engine
from lazydiff_core.errors import InputError
from lazydiff_core.model.autoencoders.latent_codec import LatentCodec
from lazydiff_core.model.autoencoders.sd_autoencoder import SDAutoencoder
from lazydiff_core.model.autoencoders.tiny_autoencoder import TinyAutoencoder
from lazydiff_core.model.checkpoint.checkpoint import Checkpoint, Defaults, load_checkpoint
from lazydiff_core.model.checkpoint.text_encoder_choice import load_text_encoder
from lazydiff_core.model.files.config import XL, Architecture, LazyConfig, baseline
from lazydiff_core.model.files.devices import choose_device
from lazydiff_core.model.files.weights import SkipRandomInit
from lazydiff_core.model.network.lazy_model import LazyDiffusion
from lazydiff_core.model.text.prompt import Prompt
from lazydiff_core.model.text.text_encoder import TextEncoder
from lazydiff_core.model_store.locate import locate_model

Vae = Literal["kl", "tiny"]
RANDOM: Final = "random weights"
_SCHEDULER = {"_class_name": "DPMSolverMultistepScheduler"}


@dataclass(frozen=True, eq=False)
class Candidate:
    """A backend to time.

    model:      description of its weights.
    start:      makes an engine with an empty context cache.
    full_steps: number of steps -> number of them that compute the whole canvas; None = all or none.
    constant:   its time does not depend on the mask.
    """

    backend: str
    model: str
    start: Callable[[Clock], Engine]
    full_steps: Callable[[int], int] | None = None
    constant: bool = False


class NoText:
    """Random states in place of a text encoder that is too large to build for a benchmark."""

    def __init__(self, tokens: int, width: int) -> None:
        self.states = torch.randn(1, tokens, width)

    def encode(self, prompts: list[str]) -> Prompt:
        """States of full length, the same for all prompts."""
        states = self.states.expand(len(prompts), -1, -1)
        return Prompt(states, torch.ones(states.shape[:2], dtype=torch.bool), states.mean(1))


@dataclass(frozen=True, eq=False)
class SharedParts:
    """The parts that all candidates of a size share."""

    config: LazyConfig
    codec: LatentCodec
    text: TextEncoder
    lazy: LazyDiffusion
    model: str
    device: torch.device


def bundled_parts(model: str, device: str | None) -> SharedParts:
    """The parts of a trained lazy model: "bundled", a folder or a hub id."""
    where = choose_device(device)
    checkpoint = load_checkpoint(locate_model(model))
    config = checkpoint.lazy.config
    text = load_text_encoder(checkpoint, where)
    return SharedParts(
        config, checkpoint.autoencoder, text, checkpoint.lazy, checkpoint.name, where
    )


def xl_parts(vae: Vae, device: str | None) -> SharedParts:
    """Parts of the paper's sizes with random weights, without T5."""
    where, text = choose_device(device), NoText(XL.text_tokens, XL.text_width)
    codec = random_autoencoder(vae)
    return SharedParts(XL, codec, text, random_lazy(XL), f"xl, {vae} VAE, {RANDOM}", where)


def random_lazy(config: LazyConfig) -> LazyDiffusion:
    """A model with random weights, small enough to keep activations finite."""
    with SkipRandomInit():
        lazy = LazyDiffusion(config).eval()
    fill_randomly(lazy)
    return lazy


@torch.no_grad()
def fill_randomly(module: nn.Module) -> None:
    """Fill parameters with small uniform noise, so that no activation is subnormal."""
    for p in module.parameters():
        p.uniform_(-1, 1).mul_(p[0].numel() ** -0.5 if p.ndim > 1 else 0.02)


def random_autoencoder(vae: Vae) -> LatentCodec:
    """Stable Diffusion's autoencoder ("kl") or its small counterpart, with random weights."""
    from diffusers import AutoencoderKL, AutoencoderTiny

    if vae == "tiny":
        return TinyAutoencoder(AutoencoderTiny()).eval()
    widths = (128, 256, 512, 512)
    blocks: dict[str, Any] = {
        "down_block_types": ("DownEncoderBlock2D",) * 4,
        "up_block_types": ("UpDecoderBlock2D",) * 4,
    }
    return SDAutoencoder(
        AutoencoderKL(block_out_channels=widths, layers_per_block=2, **blocks)
    ).eval()


def build(backend: str, shared: SharedParts) -> Candidate:
    """The candidate for a backend; InputError for a backend that cannot be timed."""
    if backend not in CANDIDATES:
        raise InputError(f"{backend!r} is not timed here; choose from {', '.join(CANDIDATES)}.")
    return CANDIDATES[backend](shared)


def _lazy(shared: SharedParts) -> Candidate:
    checkpoint = _checkpoint(shared, shared.lazy)
    backend = LazyBackend(checkpoint, shared.text, shared.device)
    return Candidate("lazydiffusion", shared.model, lambda clock: Engine(backend, clock))


def _regenerate(architecture: Architecture) -> Callable[[SharedParts], Candidate]:
    def build_it(shared: SharedParts) -> Candidate:
        with SkipRandomInit():
            model = LazyDiffusion(baseline(shared.config, architecture)).eval()
        fill_randomly(model.context_encoder)
        _share(model.decoder, shared.lazy.decoder)
        backend = RegenerateBackend(_checkpoint(shared, model), shared.text, shared.device)
        return Candidate(architecture, RANDOM, lambda clock: Engine(backend, clock), constant=True)

    return build_it


def _share(decoder: nn.Module, of: nn.Module) -> None:
    """Let one decoder use the weights of another, to save memory."""
    theirs = dict(of.named_parameters())
    for name, p in decoder.named_parameters():
        p.data = theirs[name].data


def _checkpoint(shared: SharedParts, model: LazyDiffusion) -> Checkpoint:
    half = shared.config.objective == "iddpm"
    return Checkpoint(shared.model, model, shared.codec, Defaults(), (), half=half)


def _cached(name: str, mode: Mode) -> Callable[[SharedParts], Candidate]:
    settings = CacheSettings(mode=mode)
    counts: dict[Mode, Callable[[int], int] | None] = {
        "refresh": lambda steps: len(full_steps(steps, settings.every, settings.last_full)),
        "bank": None,
        "full": None,
    }

    def build_it(shared: SharedParts) -> Candidate:
        backend = CachedDit(_pixart(shared), RANDOM, settings, name)
        return Candidate(name, RANDOM, lambda clock: Engine(backend, clock), counts[mode])

    return build_it


def _pixart(shared: SharedParts) -> PixArt:
    """PixArt, the architecture of a public checkpoint, in the sizes of the other candidates."""
    from diffusers import PixArtTransformer2DModel

    config = shared.config
    with SkipRandomInit():
        transformer: Any = PixArtTransformer2DModel(
            num_attention_heads=config.heads,
            attention_head_dim=config.width // config.heads,
            in_channels=config.latent_channels,
            out_channels=2 * config.latent_channels,
            num_layers=config.decoder_blocks,
            cross_attention_dim=config.width,
            sample_size=config.side // config.latent_scale,
            patch_size=config.patch,
            caption_channels=config.text_width,
            use_additional_conditions=config.micro_conditions,
        )
    fill_randomly(transformer.eval())
    return PixArt(
        transformer.to(shared.device), shared.codec.to(shared.device), shared.text, _SCHEDULER
    )


CANDIDATES: Final[dict[str, Callable[[SharedParts], Candidate]]] = {
    "lazydiffusion": _lazy,
    "cached_dit": _cached("cached_dit", "bank"),
    "cached_dit_refresh": _cached("cached_dit_refresh", "refresh"),
    "blended_dit": _cached("blended_dit", "full"),
    "regenerate_image": _regenerate("regenerate_image"),
    "regenerate_crop": _regenerate("regenerate_crop"),
}


def candidates(backends: Sequence[str], shared: SharedParts) -> list[Candidate]:
    """The candidates for these backends, in this order."""
    return [build(backend, shared) for backend in backends]
