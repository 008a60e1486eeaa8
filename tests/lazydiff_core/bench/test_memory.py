"""Counting bytes without allocating them."""

from __future__ import annotations

import dataclasses

import pytest
import torch

from lazydiff_core.bench.memory import CUDA_BYTES, MemoryPlan, Stage, peak_bytes, plan_memory
from lazydiff_core.model.files.config import XL


@pytest.fixture(scope="module")
def plan() -> MemoryPlan:
    """The paper's widths, of a few blocks: blocks add weights but no activations."""
    return plan_memory(dataclasses.replace(XL, decoder_blocks=2, context_blocks=1), 0.1)


def test_the_peak_is_of_what_lives_at_a_time() -> None:
    def chain() -> None:
        x = torch.empty(1000)
        for _ in range(5):
            x = x + 1  # the one before dies
        y = x.view(10, 100)  # no bytes of its own
        del x, y

    assert peak_bytes(chain) == 2 * 4000
    assert peak_bytes(lambda: [torch.empty(1000) for _ in range(5)]) == 5 * 4000


def test_weights_are_counted(plan: MemoryPlan) -> None:
    parts = {w.part: w for w in plan.weights}
    assert list(parts) == ["decoder", "context encoder", "autoencoder", "T5-XXL"]
    # As published: 83.65 M and 4.76 B parameters.
    assert parts["autoencoder"].parameters == 83_653_863
    assert parts["T5-XXL"].parameters == 4_762_310_656
    assert parts["T5-XXL"].bytes(2) == 2 * parts["T5-XXL"].parameters
    assert parts["T5-XXL"].layer < 0.05 * parts["T5-XXL"].parameters
    block = 4 * (XL.width**2 + XL.width) * 2 + 8 * XL.width**2 + 5 * XL.width + 6 * XL.width
    assert parts["decoder"].layer == block


def test_stages_hold_their_weights_and_activations(plan: MemoryPlan) -> None:
    stages = {stage.stage: stage for stage in plan.stages}
    resident = sum(w.bytes(2) for w in plan.weights[:3])
    assert all(stage.weights >= resident for stage in stages.values())
    assert stages["text"].weights == resident + 2 * plan.weights[3].layer
    assert stages["decode, hole"].activations < 0.3 * stages["decode, whole"].activations
    assert plan.peak == max(stage.total for stage in stages.values())
    assert Stage("s", 100, 200).total == 100 + 230 + CUDA_BYTES


def test_activations_grow_by_token(plan: MemoryPlan) -> None:
    assert plan.tokens == 410
    # Two branches of: the four-times wider layer twice, the token and what is made of it.
    assert 2 * 2 * 8 * XL.width < plan.token_bytes < 2 * 2 * 20 * XL.width
    more = plan_memory(dataclasses.replace(XL, decoder_blocks=2, context_blocks=1), 0.5)
    assert more.token_bytes == pytest.approx(plan.token_bytes, rel=0.02)


def test_nothing_is_left_changed(plan: MemoryPlan) -> None:
    assert plan.to_dict()["peak"] == plan.peak
    assert torch.get_default_dtype() == torch.float32
    assert type(torch.empty(1)) is torch.Tensor
