"""Initialises a LazyDiffusion model from a public PixArt (paper section 4.1).

All shared layers are copied. The joining layer starts as identity on the token and zero on the
context, so the decoder is PixArt restricted to the hole. The context encoder starts at random.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from torch import Tensor, nn

from lazydiff_core.errors import ModelError
from lazydiff_core.model.files.config import XL, LazyConfig
from lazydiff_core.model.files.config_file import read_object
from lazydiff_core.model.files.weights import DIFFUSERS_STEM, check_finite, read_state
from lazydiff_core.model.network.lazy_model import LazyDiffusion
from lazydiff_core.model_store.locate import locate_model

# Names of the class; folders written before diffusers 0.29 have the second.
_CLASSES = ("PixArtTransformer2DModel", "Transformer2DModel")
# Tensors of some folders that are not needed: computed positions, and an unused null prompt.
UNUSED = ("pos_embed.pos_embed", "caption_projection.y_embedding")

_SHARED = {
    "time_in": "adaln_single.emb.timestep_embedder.linear_1",
    "time_out": "adaln_single.emb.timestep_embedder.linear_2",
    "time_modulation": "adaln_single.linear",
    "text_in": "caption_projection.linear_1",
    "text_out": "caption_projection.linear_2",
}
_MICRO = {
    "micro.size_in": "adaln_single.emb.resolution_embedder.linear_1",
    "micro.size_out": "adaln_single.emb.resolution_embedder.linear_2",
    "micro.aspect_in": "adaln_single.emb.aspect_ratio_embedder.linear_1",
    "micro.aspect_out": "adaln_single.emb.aspect_ratio_embedder.linear_2",
}
_BLOCK = {
    "attention.query": "attn1.to_q",
    "attention.key": "attn1.to_k",
    "attention.value": "attn1.to_v",
    "attention.out": "attn1.to_out.0",
    "cross_attention.query": "attn2.to_q",
    "cross_attention.key": "attn2.to_k",
    "cross_attention.value": "attn2.to_v",
    "cross_attention.out": "attn2.to_out.0",
    "feed_forward.up": "ff.net.0.proj",
    "feed_forward.down": "ff.net.2",
}


def transformer_folder(folder_or_hub_id: str) -> Path:
    """The folder of a PixArt transformer: the model's, or `transformer` inside a pipeline's."""
    folder = locate_model(folder_or_hub_id)
    inner = folder / "transformer"
    return inner if inner.is_dir() and not (folder / "config.json").is_file() else folder


def read_pixart_config(folder: Path) -> dict[str, Any]:
    """The folder's config.json; ModelError if it does not describe a PixArt."""
    path = folder / "config.json"
    odd = f"{path} does not describe a PixArt transformer."
    absent = f"{folder} is not a PixArt folder: it has no config.json."
    config = read_object(path, absent=absent, odd=odd)
    if config.get("_class_name") not in _CLASSES:
        raise ModelError(odd)
    return config


def sizes_of_pixart(theirs: dict[str, Any], latent_scale: int = 8) -> dict[str, Any]:
    """The entries of LazyConfig that a PixArt config fixes; ModelError if one is missing."""
    try:
        sample, heads = int(theirs["sample_size"]), int(theirs["num_attention_heads"])
        interpolation = theirs.get("interpolation_scale")
        additional = theirs.get("use_additional_conditions")
        return {
            "side": sample * latent_scale,
            "latent_channels": int(theirs["in_channels"]),
            "patch": int(theirs["patch_size"]),
            "width": heads * int(theirs["attention_head_dim"]),
            "heads": heads,
            "decoder_blocks": int(theirs["num_layers"]),
            "text_width": int(theirs["caption_channels"]),
            "objective": _objective(theirs),
            "micro_conditions": sample == 128 if additional is None else bool(additional),
            "interpolation_scale": float(
                max(sample // 64, 1) if interpolation is None else interpolation
            ),
            "base_size": sample // int(theirs["patch_size"]),
        }
    except (LookupError, TypeError, ValueError) as error:
        raise ModelError(f"The PixArt folder's config.json is incomplete: {error!r}.") from error


def _objective(theirs: dict[str, Any]) -> str:
    channels, predicted = theirs["in_channels"], theirs.get("out_channels")
    if predicted != 2 * channels:
        raise ModelError(
            f"This PixArt predicts {predicted} channels for {channels} latents; "
            "one with a learned variance predicts twice as many."
        )
    return "iddpm"


def config_for_pixart(folder: Path, **changes: Any) -> LazyConfig:
    """The config of a LazyDiffusion model with this PixArt's sizes.

    The context encoder has the same share of the depth as in the paper. `changes` override entries
    that PixArt does not fix: context_blocks, text_tokens, classes ...
    """
    sizes = sizes_of_pixart(read_pixart_config(folder))
    depth = max(1, round(sizes["decoder_blocks"] * XL.context_blocks / XL.decoder_blocks))
    return LazyConfig.from_dict(XL.to_dict() | {"context_blocks": depth} | sizes | changes)


def initialise_from_pixart(folder_or_hub_id: str, config: LazyConfig) -> LazyDiffusion:
    """A LazyDiffusion whose decoder, over all tokens, equals this PixArt; raises ModelError.

    The null prompt is zero. PixArt's is T5's state of the empty prompt, which is not among its
    weights; `pipeline_folder.set_null_prompt` sets it with the help of T5.
    """
    folder = transformer_folder(folder_or_hub_id)
    check_sizes(read_pixart_config(folder), config)
    state = read_state(folder, DIFFUSERS_STEM)
    check_finite(state, folder)
    model = LazyDiffusion(config)
    decoder = model.decoder
    given = decoder.state_dict()
    unused = set(state) - set(UNUSED)
    for ours, name, value in map_state(state, config, folder):
        if given[ours].shape != value.shape:
            raise ModelError(
                f"{folder} holds another architecture than its config says ({name}: "
                f"{tuple(value.shape)} where {tuple(given[ours].shape)} was expected)."
            )
        given[ours].copy_(value)
        unused.discard(name)
    if unused:
        raise ModelError(f"{folder} holds a layer that LazyDiffusion lacks: {min(unused)}.")
    for extra in (decoder.frame, decoder.pooled):
        if extra is not None:  # layers that PixArt lacks: no effect until trained
            nn.init.zeros_(extra.weight)
            nn.init.zeros_(extra.bias)
    return model


def check_sizes(theirs: dict[str, Any], config: LazyConfig) -> None:
    """Raise ModelError for the first size in which a PixArt and a config differ.

    `side` may differ: positions are then stretched from the base size, as in PixArt.
    """
    if config.qk_norm:
        raise ModelError("PixArt does not normalize queries and keys: set qk_norm to false.")
    ours = config.to_dict() | {"base_size": config.base_size or config.grid}
    for name, value in sizes_of_pixart(theirs).items():
        if name != "side" and ours[name] != value:
            raise ModelError(
                f"The PixArt folder does not fit the model's config: {name} is {value!r} there "
                f"and {ours[name]!r} here."
            )


def map_state(
    state: dict[str, Tensor], config: LazyConfig, source: Path
) -> Iterator[tuple[str, str, Tensor]]:
    """(name here, name in PixArt, PixArt's tensor in the layout used here) of shared parameters."""

    def take(name: str) -> Tensor:
        if name not in state:
            raise ModelError(f"{source} is incomplete: it lacks {name}.")
        return state[name]

    layers = _SHARED | (_MICRO if config.micro_conditions else {})
    for k in range(config.decoder_blocks):
        ours, theirs = f"blocks.{k}", f"transformer_blocks.{k}"
        layers |= {f"{ours}.{a}": f"{theirs}.{b}" for a, b in _BLOCK.items()}
        table = f"{theirs}.scale_shift_table"
        yield f"{ours}.modulation", table, take(table)
    for ours, theirs in layers.items():
        for kind in ("weight", "bias"):
            yield f"{ours}.{kind}", f"{theirs}.{kind}", take(f"{theirs}.{kind}")
    yield "modulation", "scale_shift_table", take("scale_shift_table")
    # PixArt's convolution orders a patch (c, p, q); a token here is (p, q, c).
    patches = "pos_embed.proj.weight"
    yield "embed.weight", patches, take(patches).permute(0, 2, 3, 1).flatten(1)
    yield "embed.bias", "pos_embed.proj.bias", take("pos_embed.proj.bias")
    # PixArt's outputs are (p, q, [noise, variance]); here all noise comes first, then all variance.
    for kind in ("weight", "bias"):
        out = take(f"proj_out.{kind}")
        yield f"out.{kind}", f"proj_out.{kind}", _noise_first(out, config)


def _noise_first(out: Tensor, config: LazyConfig) -> Tensor:
    if out.shape[0] != config.output_width:
        return out  # the caller rejects the shape
    order = out.reshape(config.patch**2, 2, config.latent_channels, *out.shape[1:])
    return order.transpose(0, 1).reshape(out.shape)
