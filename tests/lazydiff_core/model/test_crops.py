"""Parts of a convolutional network: equal to the whole, from no more input than they need."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from lazydiff_core.contract import Box
from lazydiff_core.model.crops import (
    Step,
    anywhere,
    cut_cells,
    run_whole,
    run_within,
    spread,
    step_of,
    work_within,
)

NETWORKS = {
    "shuffles": [
        nn.PixelUnshuffle(2),
        nn.Conv2d(12, 6, 3, padding=1),
        nn.SiLU(),
        nn.Conv2d(6, 8, 1),
        nn.PixelShuffle(2),
        nn.Conv2d(2, 3, 5, padding=2),
    ],
    "strides": [
        nn.Conv2d(3, 4, 3, padding=1, stride=2),
        nn.ReLU(),
        nn.Conv2d(4, 4, 3, padding=1, stride=2),
        nn.Upsample(scale_factor=2),
        nn.Conv2d(4, 3, 3, padding=1),
    ],
}
BOXES = [Box(0, 0, 3, 2), Box(5, 7, 6, 8), Box(9, 3, 16, 11), Box(0, 0, 16, 16)]


@pytest.fixture(params=NETWORKS)
def steps(request: pytest.FixtureRequest) -> list[Step]:
    torch.manual_seed(0)
    return [step_of(layer) for layer in NETWORKS[request.param]]


@torch.no_grad()
@pytest.mark.parametrize("box", BOXES, ids=str)
def test_a_part_is_the_part_of_the_whole(steps: list[Step], box: Box) -> None:
    x = torch.randn(1, 3, 32, 32)
    whole = run_whole(steps, x)
    box = Box(*(min(edge, whole.shape[2]) for edge in (box.left, box.top, box.right, box.bottom)))
    assert torch.allclose(run_within(steps, x, box), cut_cells(whole, box), atol=1e-5)


@torch.no_grad()
def test_what_lies_beyond_the_reach_is_not_looked_at(steps: list[Step]) -> None:
    x = torch.randn(1, 3, 64, 64)
    box = Box(12, 12, 14, 14)
    before = run_within(steps, x, box)
    reached = spread(steps, x, Box(0, 0, 8, 8))
    assert reached.right <= box.left
    x[..., :8, :8] = float("nan")
    assert torch.equal(run_within(steps, x, box), before)


@torch.no_grad()
def test_a_change_stays_within_its_spread(steps: list[Step]) -> None:
    x = torch.randn(1, 3, 64, 64)
    other = x.clone()
    other[..., 20:24, 28:30] += 1
    changed = (run_whole(steps, x) != run_whole(steps, other)).any(1)[0]
    reached = spread(steps, x, Box(28, 20, 30, 24))
    assert changed[reached.slices].any()
    changed[reached.slices] = False
    assert not changed.any()


def test_work_is_a_share(steps: list[Step]) -> None:
    x = torch.empty(1, 3, 64, 64)
    assert work_within(steps, x, spread(steps, x, Box(0, 0, 64, 64))) == 1
    assert 0 < work_within(steps, x, Box(4, 4, 5, 5)) < 0.2


def test_a_layer_can_say_its_own_reach() -> None:
    class Blur(nn.Module):
        reach = 3

    assert step_of(Blur()).reach == 3
    assert Step(anywhere(Blur())).reach == 0
