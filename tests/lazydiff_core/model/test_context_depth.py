"""The paper-scale model's cost, counted without computing (docs/adr/0004-model-sizes.md)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from lazydiff_core.model.files.config import XL
from lazydiff_core.model.network.decoder import Hole
from lazydiff_core.model.network.lazy_model import LazyDiffusion
from lazydiff_core.model.text.prompt import Prompt

PAPER_ENCODER, PAPER_DECODER, PAPER_DECODER_TENTH = 73, 374, 28  # milliseconds


@pytest.fixture(scope="module")
def model() -> LazyDiffusion:
    with torch.device("meta"):
        return LazyDiffusion(XL)


@torch.no_grad()
def flops(call: Callable[[], object]) -> int:
    with torch.device("meta"), FlopCounterMode(display=False) as counter:
        call()
    return int(counter.get_total_flops())


def decoder_flops(model: LazyDiffusion, count: int) -> int:
    def call() -> None:
        context = torch.empty(1, count, XL.width)
        hole = Hole(context, torch.zeros(1, count, dtype=torch.long), torch.zeros(1, count, 6))
        states = torch.empty(1, XL.text_tokens, XL.text_width)
        prompt = Prompt(states, torch.ones(1, XL.text_tokens) > 0, states[:, 0])
        model.decoder(torch.empty(1, count, XL.token_width), torch.ones(1), hole, prompt)

    return flops(call)


def test_the_encoders_share_is_the_papers(model: LazyDiffusion) -> None:
    def encode() -> None:
        latents, mask = torch.empty(1, 4, 128, 128), torch.empty(1, 1, 1024, 1024)
        model.context_encoder(latents, mask, torch.zeros(1, XL.grid**2, dtype=torch.long))

    share = flops(encode) / decoder_flops(model, XL.grid**2)
    paper = PAPER_ENCODER / PAPER_DECODER
    assert abs(share - paper) < paper / XL.context_blocks / 2  # no other depth is nearer


def test_a_tenth_of_the_tokens(model: LazyDiffusion) -> None:
    ratio = decoder_flops(model, XL.grid**2) / decoder_flops(model, 410)
    assert ratio > PAPER_DECODER / PAPER_DECODER_TENTH


def test_its_parameters(model: LazyDiffusion) -> None:
    sizes = [sum(p.numel() for p in m.parameters()) for m in (model.decoder, model.context_encoder)]
    assert [round(size / 1e6) for size in sizes] == [614, 96]
