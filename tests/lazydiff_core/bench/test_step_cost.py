from __future__ import annotations

import pytest
from torch.utils.flop_counter import FlopCounterMode

from lazydiff_core.bench.step_cost import decoder_flops, measure_steps
from lazydiff_core.model.files.config import LazyConfig

SMALL = LazyConfig(side=128, width=64, heads=2, decoder_blocks=2, text_tokens=5)


@pytest.mark.parametrize("tokens", [1, 7, 16])
def test_the_count_agrees_with_torch_s_counter(tokens: int) -> None:
    import torch

    from lazydiff_core.model.network.decoder import Hole, LazyDecoder
    from lazydiff_core.model.text.prompt import Prompt

    decoder = LazyDecoder(SMALL).eval()
    hole = Hole(torch.randn(1, tokens, 64), torch.arange(tokens)[None], torch.zeros(1, tokens, 6))
    prompt = Prompt(torch.randn(1, 5, 384), torch.ones(1, 5) > 0, torch.randn(1, 384))
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        decoder(torch.randn(1, tokens, 64), torch.tensor([5.0]), hole, prompt)
    # Per-sample layers (time, pooled prompt) and the frame embedding are left out of ours.
    assert counter.get_total_flops() == pytest.approx(decoder_flops(SMALL, tokens), rel=0.25)


def test_rows_tell_tokens_and_ratios() -> None:
    told: list[tuple[float, ...]] = []
    half, full = measure_steps(
        "small", SMALL, (0.5, 1.0), times=1, on_size=lambda *news: told.append(news)
    )
    assert told == [(row.tokens, row.seconds, row.floor_seconds) for row in (half, full)]
    assert (half.tokens, full.tokens) == (8, 16)
    assert full.ratio_to_full == 1
    assert half.flops < full.flops
    assert half.floor_seconds > 0


def test_without_the_full_canvas_there_is_no_ratio() -> None:
    (half,) = measure_steps("small", SMALL, (0.5,), times=1)
    assert half.ratio_to_full is None
