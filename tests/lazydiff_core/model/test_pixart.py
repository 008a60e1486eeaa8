"""The decoder against diffusers' PixArt: the same weights, the same numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import torch
from diffusers import PixArtTransformer2DModel
from torch import Tensor

from lazydiff_core.model.config import LazyConfig
from lazydiff_core.model.decoder import Hole, LazyDecoder, Prompt
from lazydiff_core.model.layers import patchify, unpatchify

C, P, GRID, WIDTH = 4, 2, 6, 32
SOME = torch.tensor([0, 1, 7, 8, 20, 35])


@pytest.fixture(scope="module", params=[1, 2])
def pixart(request: pytest.FixtureRequest, randomise: Callable[[Any], Any]) -> Any:
    model = PixArtTransformer2DModel(
        num_attention_heads=2,
        attention_head_dim=WIDTH // 2,
        in_channels=C,
        out_channels=2 * C,
        num_layers=2,
        cross_attention_dim=WIDTH,
        sample_size=GRID * P,
        patch_size=P,
        caption_channels=24,
        use_additional_conditions=False,
        interpolation_scale=request.param,
    )
    return randomise(model)


def mapped(theirs: dict[str, Tensor]) -> Iterator[tuple[str, Tensor]]:
    """diffusers' names and layouts -> ours."""
    for ours, name in (
        ("time_in", "adaln_single.emb.timestep_embedder.linear_1"),
        ("time_out", "adaln_single.emb.timestep_embedder.linear_2"),
        ("time_modulation", "adaln_single.linear"),
        ("text_in", "caption_projection.linear_1"),
        ("text_out", "caption_projection.linear_2"),
    ):
        for kind in ("weight", "bias"):
            yield f"{ours}.{kind}", theirs[f"{name}.{kind}"]
    # Their patches are a convolution's (c,p,q); ours are (p,q,c).
    yield "embed.weight", theirs["pos_embed.proj.weight"].permute(0, 2, 3, 1).flatten(1)
    yield "embed.bias", theirs["pos_embed.proj.bias"]
    yield "modulation", theirs["scale_shift_table"]
    # Their outputs are (p,q,[noise, variance]); ours are all noise, then all variance.
    for kind in ("weight", "bias"):
        out = theirs[f"proj_out.{kind}"].unflatten(0, (P * P, 2, C))
        yield f"out.{kind}", out.transpose(0, 1).flatten(0, 2)
    for k in range(2):
        yield f"blocks.{k}.modulation", theirs[f"transformer_blocks.{k}.scale_shift_table"]
        for ours, name in (
            ("attention.query", "attn1.to_q"),
            ("attention.key", "attn1.to_k"),
            ("attention.value", "attn1.to_v"),
            ("attention.out", "attn1.to_out.0"),
            ("cross_attention.query", "attn2.to_q"),
            ("cross_attention.key", "attn2.to_k"),
            ("cross_attention.value", "attn2.to_v"),
            ("cross_attention.out", "attn2.to_out.0"),
            ("feed_forward.up", "ff.net.0.proj"),
            ("feed_forward.down", "ff.net.2"),
        ):
            for kind in ("weight", "bias"):
                weight = theirs[f"transformer_blocks.{k}.{name}.{kind}"]
                yield f"blocks.{k}.{ours}.{kind}", weight


@pytest.fixture(scope="module")
def decoder(pixart: Any) -> LazyDecoder:
    config = LazyConfig(
        side=GRID * P * 8,
        latent_channels=C,
        latent_scale=8,
        patch=P,
        width=WIDTH,
        heads=2,
        decoder_blocks=2,
        text_width=24,
        objective="iddpm",
        hole_frame=False,
        pooled_text=False,
        qk_norm=False,
        interpolation_scale=pixart.config.interpolation_scale,
    )
    decoder = LazyDecoder(config).eval()
    weights = dict(mapped(pixart.state_dict()))
    missing, unexpected = decoder.load_state_dict(weights, strict=False)
    assert unexpected == []
    # Ours alone: the joining layer, left at its start, and the null prompt.
    assert set(missing) == {"join.weight", "join.bias", "null_text"}
    return decoder


@pytest.fixture
def latents() -> Tensor:
    return torch.randn(2, C, GRID * P, GRID * P)


@pytest.fixture
def prompt() -> Prompt:
    mask = torch.tensor([[True, True, True], [True, False, False]])
    return Prompt(torch.randn(2, 3, 24), mask, torch.zeros(2, 24))


TIMES = torch.tensor([17, 940])


def hole_of(index: Tensor) -> Hole:
    count = len(index)
    context = torch.randn(2, count, WIDTH)  # without effect on an untrained joining layer
    return Hole(context, index.expand(2, -1), torch.zeros(2, count, 6))


@torch.no_grad()
def reference(pixart: Any, latents: Tensor, prompt: Prompt, seen: Tensor | None = None) -> Tensor:
    predicted: Tensor = pixart(
        latents,
        encoder_hidden_states=prompt.states,
        timestep=TIMES,
        added_cond_kwargs={"resolution": None, "aspect_ratio": None},
        attention_mask=seen,
        encoder_attention_mask=prompt.mask,
    ).sample
    return predicted


@torch.no_grad()
def test_all_tokens(decoder: LazyDecoder, pixart: Any, latents: Tensor, prompt: Prompt) -> None:
    tokens = patchify(latents, P)
    predicted = decoder(tokens, TIMES.float(), hole_of(torch.arange(GRID**2)), prompt)
    halves = [unpatchify(half, P, GRID, GRID) for half in predicted.chunk(2, -1)]
    expected = reference(pixart, latents, prompt)
    assert expected.std() > 0.1
    assert torch.allclose(torch.cat(halves, 1), expected, atol=1e-5)


@torch.no_grad()
def test_a_hole_is_attention_masked_to_it(
    decoder: LazyDecoder, pixart: Any, latents: Tensor, prompt: Prompt
) -> None:
    tokens = patchify(latents, P)[:, SOME]
    predicted = decoder(tokens, TIMES.float(), hole_of(SOME), prompt)
    seen = torch.zeros(2, GRID**2)
    seen[:, SOME] = 1
    expected = reference(pixart, latents, prompt, seen)
    halves = [patchify(half, P)[:, SOME] for half in expected.chunk(2, 1)]
    assert torch.allclose(predicted, torch.cat(halves, -1), atol=1e-5)
    unmasked = reference(pixart, latents, prompt)
    assert not torch.allclose(unmasked, expected, atol=1e-2)
