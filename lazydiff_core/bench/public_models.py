"""The public models' networks in their real shapes, with random weights or without any data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, cast

import torch
from torch import Tensor, nn

from lazydiff_core.backends.cached_dit.family import Family
from lazydiff_core.backends.cached_dit.flux2 import Flux2, Flux2Latents, Flux2Text
from lazydiff_core.backends.cached_dit.flux2_needs import TEXT_LAYERS, TEXT_TOKENS
from lazydiff_core.backends.cached_dit.pixart import PixArt, PixArtText
from lazydiff_core.backends.cached_dit.pixart_needs import TEXT_TOKENS as PIXART_TOKENS
from lazydiff_core.backends.cached_dit.zimage import ZImage, ZImageText
from lazydiff_core.bench.memory import T5_XXL
from lazydiff_core.model.autoencoders.sd_autoencoder import SDAutoencoder

SIDE: Final = 1024
# Tokens of a prompt of 20 words with its chat format around it.
WORDS: Final = 32
# Qwen3-4B, which both models read prompts with.
_QWEN3_4B: Final[dict[str, Any]] = {
    "vocab_size": 151936, "hidden_size": 2560, "intermediate_size": 9728,
    "num_attention_heads": 32, "num_key_value_heads": 8, "head_dim": 128,
}  # fmt: skip
_NOISE: Final = {"_class_name": "DPMSolverMultistepScheduler"}
_FLOW: Final = {"_class_name": "FlowMatchEulerDiscreteScheduler"}


class RandomQwen3:
    """Reads prompts as `Qwen3States` does, with made-up words.

    layers: the hidden states that are wanted. tokens: of every prompt.
    """

    def __init__(self, model: nn.Module, layers: tuple[int, ...], tokens: int) -> None:
        self.model, self.layers, self.tokens = model, layers, tokens

    def encode(self, prompt: str) -> Tensor:
        device = next(self.model.parameters()).device
        ids = torch.zeros(1, self.tokens, dtype=torch.long, device=device)
        states = self.model(
            input_ids=ids,
            attention_mask=torch.ones_like(ids),
            output_hidden_states=True,
            use_cache=False,
        ).hidden_states
        return torch.cat([states[layer] for layer in self.layers], -1)

    def words(self, prompt: str) -> int:
        return WORDS


class RandomT5:
    """Reads prompts as `T5States` does, with made-up words; as `RandomQwen3`."""

    def __init__(self, model: nn.Module, tokens: int) -> None:
        self.model, self.tokens = model, tokens

    def encode(self, prompt: object) -> Tensor:
        states: Tensor = self.model(
            input_ids=torch.zeros(1, self.tokens, dtype=torch.long)
        ).last_hidden_state
        return states


@dataclass(frozen=True, eq=False)
class PublicModel:
    """A public model's networks.

    family: pixels a side of a canvas -> the model as this program runs it, for such canvases.
    states: number of tokens -> a prompt of that many as `Family.predict` takes it.
    padded: tokens of a prompt with the padding that the model was trained to see; None = padding
            takes no part, or next to none.
    parts:  the networks by name.
    longest: tokens of the longest prompt.
    branches: 2 if it is guided: `states` are of both.
    """

    name: str
    family: Callable[[int], Family]
    states: Callable[[int], Any]
    text: RandomQwen3 | RandomT5
    padded: int | None
    parts: dict[str, nn.Module]
    longest: int = TEXT_TOKENS
    branches: int = 1

    @property
    def values(self) -> int:
        """In all weights."""
        return sum(p.numel() for part in self.parts.values() for p in part.parameters())


def klein4b(blocks: int | None = None) -> PublicModel:
    """FLUX.2 [klein] 4B; of no network more than `blocks` blocks of a kind, unless None."""
    from diffusers import AutoencoderKLFlux2, Flux2Transformer2DModel

    transformer: Any = cast(Any, Flux2Transformer2DModel)(
        in_channels=128, num_layers=_at_most(5, blocks), num_single_layers=_at_most(20, blocks),
        attention_head_dim=128, num_attention_heads=24, joint_attention_dim=7680,
        axes_dims_rope=(32, 32, 32, 32), guidance_embeds=False,
    ).eval()  # fmt: skip
    codec = Flux2Latents(cast(Any, AutoencoderKLFlux2)().eval())
    depth = _at_most(max(TEXT_LAYERS) + 1, blocks)
    layers = tuple(min(layer, depth) for layer in TEXT_LAYERS)
    text = RandomQwen3(_qwen3(depth), layers, TEXT_TOKENS)

    def family(side: int) -> Family:
        return Flux2(transformer, codec, cast(Any, text), _FLOW, distilled=True, side=side)

    width = len(layers) * _QWEN3_4B["hidden_size"]

    def states(length: int) -> Flux2Text:
        return Flux2Text(_zeros(transformer, length, width), length)

    parts = {"transformer": transformer, "vae": codec, "text": text.model}
    return PublicModel(_named("klein4b", blocks), family, states, text, TEXT_TOKENS, parts)


def z_image(blocks: int | None = None) -> PublicModel:
    """Z-Image Turbo; of no network more than `blocks` blocks of a kind, unless None."""
    from diffusers import ZImageTransformer2DModel

    transformer: Any = cast(Any, ZImageTransformer2DModel)(
        n_layers=_at_most(30, blocks), n_refiner_layers=_at_most(2, blocks)
    ).eval()
    codec = autoencoder_kl(latent_channels=16, use_quant_conv=False, use_post_quant_conv=False)
    depth = _at_most(36, blocks)
    text = RandomQwen3(_qwen3(depth), (depth - 1,), WORDS)

    def family(side: int) -> Family:
        return ZImage(transformer, codec, cast(Any, text), _FLOW, turbo=True, side=side)

    def states(length: int) -> ZImageText:
        return ZImageText(_zeros(transformer, length, transformer.config.dim))

    parts = {"transformer": transformer, "vae": codec, "text": text.model}
    return PublicModel(_named("z-image", blocks), family, states, text, None, parts)


def pixart() -> PublicModel:
    """PixArt-Sigma, guided, with T5-XXL."""
    from diffusers import PixArtTransformer2DModel
    from transformers import T5Config, T5EncoderModel

    longest, branches = PIXART_TOKENS["PixArtSigmaPipeline"], 2
    transformer: Any = cast(Any, PixArtTransformer2DModel)(
        sample_size=SIDE // 8, caption_channels=T5_XXL["d_model"], interpolation_scale=2
    ).eval()
    codec = autoencoder_kl()
    text = RandomT5(cast(Any, T5EncoderModel)(T5Config(**T5_XXL)).eval(), longest)

    def family(side: int) -> Family:
        return PixArt(transformer, codec, cast(Any, text), _NOISE)

    def states(length: int) -> PixArtText:
        layer = _zeros(transformer, length, transformer.inner_dim).expand(branches, -1, -1)
        return PixArtText(*((layer,) * transformer.config.num_layers,) * 2)

    parts = {"transformer": transformer, "vae": codec, "text": text.model}
    return PublicModel("pixart", family, states, text, None, parts, longest, branches)


PUBLIC_MODELS: Final[dict[str, Callable[[int | None], PublicModel]]] = {
    "klein4b": klein4b,
    "z-image": z_image,
}


def autoencoder_kl(**sizes: Any) -> SDAutoencoder:
    """Stable Diffusion's autoencoder in its usual widths, with random weights."""
    from diffusers import AutoencoderKL

    blocks: dict[str, Any] = {
        "down_block_types": ("DownEncoderBlock2D",) * 4,
        "up_block_types": ("UpDecoderBlock2D",) * 4,
    }
    vae = cast(Any, AutoencoderKL)(
        block_out_channels=(128, 256, 512, 512), layers_per_block=2, **blocks, **sizes
    )
    return SDAutoencoder(vae.eval()).eval()


def _qwen3(layers: int) -> nn.Module:
    from transformers import Qwen3Config, Qwen3Model

    model: nn.Module = Qwen3Model(Qwen3Config(num_hidden_layers=layers, **_QWEN3_4B)).eval()
    return model


def _zeros(network: Any, length: int, width: int) -> Tensor:
    return torch.zeros(1, length, width, device=network.device, dtype=network.dtype)


def _named(name: str, blocks: int | None) -> str:
    return name if blocks is None else f"{name}, {blocks} of each kind of blocks"


def _at_most(count: int, limit: int | None) -> int:
    return count if limit is None else min(count, limit)
