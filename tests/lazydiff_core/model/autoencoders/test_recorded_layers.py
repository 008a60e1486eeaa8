"""Statistics of a full pass with a crop in their place."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from lazydiff_core.contract import Box
from lazydiff_core.model.autoencoders.latent_codec import RecordedStatistics
from lazydiff_core.model.autoencoders.layer_crops import cut_cells
from lazydiff_core.model.autoencoders.recorded_layers import TILES, RecordedGroupNorm

SIZES = [(64, 96), (70, 50), (20, 24)]  # whole tiles, cut ones, single cells


def changed_in(x: Tensor, box: Box) -> Tensor:
    other = x.clone()
    other[(..., *box.slices)] += 2
    return other


@torch.no_grad()
@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("whole", [True, False])
def test_a_crop_is_normalised_as_if_all_were_there(size: tuple[int, int], whole: bool) -> None:
    statistics, (height, width) = RecordedStatistics(), size
    norm = RecordedGroupNorm(nn.GroupNorm(2, 4), statistics)
    x = torch.randn(1, 4, height, width)
    tile = max(1, height // TILES)
    change = Box(4 * tile, 2 * tile, 9 * tile, 7 * tile)
    crop = Box(0, 0, width, height) if whole else Box(3 * tile, tile, 10 * tile, 8 * tile)
    with statistics.recording():
        assert torch.equal(norm(x), nn.GroupNorm.forward(norm, x))
    other = changed_in(x, change)
    with statistics.reusing():
        statistics.box = crop
        part = norm(cut_cells(other, crop))
    expected = cut_cells(nn.GroupNorm.forward(norm, other), crop)
    assert torch.allclose(part, expected, atol=1e-5)
    assert statistics.shift > 0.01


@torch.no_grad()
def test_what_changes_no_statistic_shifts_nothing() -> None:
    statistics = RecordedStatistics()
    norm, x = RecordedGroupNorm(nn.GroupNorm(2, 4), statistics), torch.randn(1, 4, 64, 64)
    with statistics.recording():
        norm(x)
    with statistics.reusing():
        statistics.box = Box(8, 8, 40, 40)
        norm(cut_cells(x, statistics.box))
    assert statistics.shift < 1e-5
    with statistics.reusing():  # smaller than a tile: the statistics of the full pass
        statistics.box = Box(9, 9, 10, 10)
        norm(cut_cells(x, statistics.box) + 9)
    assert statistics.shift == 0
