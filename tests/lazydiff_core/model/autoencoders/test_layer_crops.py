"""Parts of a convolutional network: equal to the whole, from no more input than they need."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from lazydiff_core.contract import Box
from lazydiff_core.model.autoencoders.layer_crops import (
    LayerStep,
    cut_cells,
    run_changed,
    run_keeping,
    run_whole,
    run_within,
    spread,
    step_of,
    work_changed,
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
def steps(request: pytest.FixtureRequest) -> list[LayerStep]:
    torch.manual_seed(0)
    return [step_of(layer) for layer in NETWORKS[request.param]]


@torch.no_grad()
@pytest.mark.parametrize("box", BOXES, ids=str)
def test_a_part_is_the_part_of_the_whole(steps: list[LayerStep], box: Box) -> None:
    x = torch.randn(1, 3, 32, 32)
    whole = run_whole(steps, x)
    box = Box(*(min(edge, whole.shape[2]) for edge in (box.left, box.top, box.right, box.bottom)))
    assert torch.allclose(run_within(steps, x, box), cut_cells(whole, box), atol=1e-5)


@torch.no_grad()
def test_what_lies_beyond_the_reach_is_not_looked_at(steps: list[LayerStep]) -> None:
    x = torch.randn(1, 3, 64, 64)
    box = Box(12, 12, 14, 14)
    before = run_within(steps, x, box)
    reached = spread(steps, x, Box(0, 0, 8, 8))
    assert reached.right <= box.left
    x[..., :8, :8] = float("nan")
    assert torch.equal(run_within(steps, x, box), before)


@torch.no_grad()
def test_a_change_stays_within_its_spread(steps: list[LayerStep]) -> None:
    x = torch.randn(1, 3, 64, 64)
    other = x.clone()
    other[..., 20:24, 28:30] += 1
    changed = (run_whole(steps, x) != run_whole(steps, other)).any(1)[0]
    reached = spread(steps, x, Box(28, 20, 30, 24))
    assert changed[reached.slices].any()
    changed[reached.slices] = False
    assert not changed.any()


@torch.no_grad()
def test_what_is_kept_is_every_output(steps: list[LayerStep]) -> None:
    x = torch.randn(1, 3, 32, 32)
    y, kept = run_keeping(steps, x, 10**9)
    assert kept is not None
    assert len(kept) == len(steps)
    assert torch.equal(kept[-1], y)
    assert torch.equal(y, run_whole(steps, x))
    assert run_keeping(steps, x, 1000)[1] is None


@torch.no_grad()
def test_changes_one_after_the_other(steps: list[LayerStep]) -> None:
    """Far apart, overlapping in what they reach, and at the border."""
    x = torch.randn(1, 3, 64, 64)
    _, kept = run_keeping(steps, x, 10**9)
    assert kept is not None
    boxes = [Box(0, 0, 8, 4), Box(40, 44, 48, 48), Box(52, 44, 56, 56)]
    for box in boxes:
        x = x.clone()
        x[(..., *box.slices)] += 1
    before = [layer.clone() for layer in kept]
    now = kept
    for box in boxes:
        now = run_changed(steps, x, now, box)
    assert torch.allclose(now[-1], run_whole(steps, x), atol=1e-5)
    assert all(map(torch.equal, before, kept))  # what was kept stays as it was


def test_work_of_changes_is_less_than_of_crops(steps: list[LayerStep]) -> None:
    x, box = torch.empty(1, 3, 64, 64), Box(24, 24, 32, 32)
    assert work_changed(steps, x, box) < work_within(steps, x, spread(steps, x, box))
    assert work_changed(steps, x, Box(0, 0, 64, 64)) == 1


def test_work_is_a_share(steps: list[LayerStep]) -> None:
    x = torch.empty(1, 3, 64, 64)
    assert work_within(steps, x, spread(steps, x, Box(0, 0, 64, 64))) == 1
    assert 0 < work_within(steps, x, Box(4, 4, 5, 5)) < 0.2


def test_a_block_reaches_as_far_as_its_convolutions_in_turn() -> None:
    block = nn.Sequential(
        nn.Conv2d(3, 3, 3, padding=1), nn.SiLU(), nn.Conv2d(3, 3, 3, padding=2, dilation=2)
    )
    assert step_of(block).reach == 3
    assert step_of(nn.Sequential(nn.SiLU())).reach == 0


@pytest.mark.parametrize("layer", [nn.GroupNorm(1, 3), nn.AvgPool2d(3), nn.Sequential(nn.Tanh())])
def test_a_layer_of_unknown_reach_is_refused(layer: nn.Module) -> None:
    with pytest.raises(TypeError, match=r"receptive field of a .* is not known"):
        step_of(layer)
