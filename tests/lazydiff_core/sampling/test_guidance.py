from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor

from lazydiff_core.model.network.decoder import Hole, LazyDecoder
from lazydiff_core.model.network.lazy_model import LazyDiffusion
from lazydiff_core.model.text.prompt import Prompt
from lazydiff_core.sampling.guidance import guided

T = torch.tensor([500.0, 500.0])


@pytest.fixture(params=["flow", "iddpm"])
def decoder(request: pytest.FixtureRequest, make_lazy: Callable[..., LazyDiffusion]) -> LazyDecoder:
    return make_lazy(objective=request.param).decoder


def some_prompt(length: int) -> Prompt:
    mask = torch.ones(2, length, dtype=torch.bool)
    return Prompt(torch.randn(2, length, 384), mask, torch.randn(2, 384))


@pytest.fixture
def hole() -> Hole:
    return Hole(torch.randn(2, 5, 32), torch.arange(5).expand(2, -1), torch.randn(2, 5, 6))


@pytest.mark.parametrize("scale", [0.0, 0.5, 4.5])
@pytest.mark.parametrize("named", [False, True], ids=["null prompt", "negative prompt"])
@torch.no_grad()
def test_the_prediction_is_extrapolated(
    decoder: LazyDecoder, hole: Hole, scale: float, named: bool
) -> None:
    prompt, negative, x = some_prompt(4), some_prompt(3), torch.randn(2, 5, 16)
    away = negative if named else None
    towards = decoder(x, T, hole, prompt)
    other = decoder(x, T, hole, negative if named else decoder.null_prompt(2))
    expected = (other + scale * (towards - other))[..., :16]
    predicted = guided(decoder, hole, prompt, away, scale)(x, T)
    assert torch.allclose(predicted[..., :16], expected, atol=1e-4)
    # A learned variance is the prompt's own.
    assert torch.allclose(predicted[..., 16:], towards[..., 16:], atol=1e-5)
    assert not torch.allclose(towards, other, atol=1e-2)


@torch.no_grad()
def test_at_scale_one_the_second_branch_is_not_computed(decoder: LazyDecoder, hole: Hole) -> None:
    rows: list[int] = []

    def count(module: Any, arguments: tuple[Tensor, ...], output: Tensor) -> None:
        rows.append(len(output))

    prompt, x = some_prompt(4), torch.randn(2, 5, 16)
    with decoder.out.register_forward_hook(count):
        single = guided(decoder, hole, prompt, some_prompt(2), 1.0)(x, T)
        guided(decoder, hole, prompt, some_prompt(2), 1.1)(x, T)
    assert rows == [2, 4]
    assert torch.allclose(single, decoder(x, T, hole, prompt), atol=1e-4)
