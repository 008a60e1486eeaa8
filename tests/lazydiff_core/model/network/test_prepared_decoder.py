"""The prepared decoder is the decoder: with and without the parts that not all models have."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
import torch

from lazydiff_core.model.network import prepared_decoder as prepared
from lazydiff_core.model.network.decoder import Hole
from lazydiff_core.model.network.lazy_model import LazyDiffusion
from lazydiff_core.model.network.prepared_decoder import PreparedDecoder
from lazydiff_core.model.text.prompt import Prompt, Told

MakeLazy = Callable[..., LazyDiffusion]


def some_hole(tokens: int, width: int) -> Hole:
    index = torch.randperm(64)[:tokens].sort().values.expand(2, -1)
    return Hole(torch.randn(2, tokens, width), index, torch.randn(2, tokens, 6))


def some_prompt(lengths: tuple[int, int]) -> Prompt:
    mask = torch.arange(max(lengths)) < torch.tensor(lengths)[:, None]
    return Prompt(torch.randn(2, max(lengths), 384), mask, torch.randn(2, 384))


@torch.no_grad()
@pytest.mark.parametrize("joined", [True, False])
@pytest.mark.parametrize("lengths", [(4, 4), (5, 1)], ids=["even", "padded"])
@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"qk_norm": False, "hole_frame": False, "pooled_text": False},
        {"objective": "iddpm", "micro_conditions": True, "width": 48},
    ],
    ids=["ours", "bare", "as PixArt"],
)
def test_it_predicts_what_the_decoder_predicts(
    make_lazy: MakeLazy,
    monkeypatch: pytest.MonkeyPatch,
    changes: dict[str, object],
    lengths: tuple[int, int],
    joined: bool,
) -> None:
    if not joined:
        monkeypatch.setattr(prepared, "JOINED_WIDTH", 0)
    decoder = make_lazy(**changes).decoder
    hole, prompt = some_hole(7, decoder.config.width), some_prompt(lengths)
    ready = PreparedDecoder(decoder, hole, prompt)
    for moment in (900.0, 20.0):  # prepared once, used at every step
        x, t = torch.randn(2, 7, decoder.config.token_width), torch.tensor([moment, moment])
        assert torch.allclose(ready(x, t), decoder(x, t, hole, prompt), atol=1e-4, rtol=1e-4)
        assert not torch.allclose(ready(x, t + 50), ready(x, t), atol=1e-3)


@torch.no_grad()
def test_half_precision(make_lazy: MakeLazy) -> None:
    decoder = make_lazy(objective="iddpm").decoder
    hole, prompt = some_hole(7, 32), some_prompt((3, 1))
    x, t = torch.randn(2, 7, 16), torch.tensor([500.0, 500.0])
    expected = decoder(x, t, hole, prompt)
    half = decoder.to(torch.bfloat16)
    with torch.autocast("cpu", torch.bfloat16):
        predicted = PreparedDecoder(half, hole, prompt)(x, t).float()
    decoder.float()
    assert (predicted - expected).abs().mean() < 0.05 * expected.std()


@torch.no_grad()
def test_what_is_told(make_lazy: MakeLazy) -> None:
    decoder = make_lazy(look_styles=2).decoder
    told = Told(torch.randn(2, 5, 16, 16), torch.eye(2))
    prompt, hole = replace(some_prompt((4, 4)), told=told), some_hole(7, 32)
    x, t = torch.randn(2, 7, 16), torch.tensor([500.0, 300.0])
    expected = decoder(x, t, hole, prompt)
    ready = PreparedDecoder(decoder, hole, prompt)
    assert torch.allclose(ready(x, t), expected, atol=1e-4, rtol=1e-4)
    without = decoder(x, t, hole, replace(prompt, told=None))
    assert not torch.allclose(expected, without, atol=1e-3)
