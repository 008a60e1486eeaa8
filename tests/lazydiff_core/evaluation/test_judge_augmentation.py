from __future__ import annotations

import torch

from lazydiff_core.evaluation.judge_augmentation import augment


def crops() -> torch.Tensor:
    return torch.rand(64, 3, 40, 40, generator=torch.Generator().manual_seed(0)) * 2 - 1


def test_the_size_and_range_are_kept_and_the_seed_decides() -> None:
    first, second = (augment(crops(), 24, torch.Generator().manual_seed(5)) for _ in range(2))
    assert first.shape == (64, 3, 24, 24)
    assert first.min() >= -1
    assert first.max() <= 1
    assert torch.equal(first, second)
    assert not torch.equal(first, augment(crops(), 24, torch.Generator().manual_seed(6)))


def test_every_crop_fares_differently() -> None:
    same = crops()[:1].expand(64, -1, -1, -1)
    made = augment(same, 24, torch.Generator().manual_seed(1)).flatten(1)
    assert torch.pdist(made).min() > 0.1


def test_some_are_softened() -> None:
    checks = torch.ones(64, 3, 48, 48)
    checks[:, :, ::2] = -1
    made = augment(checks, 48, torch.Generator().manual_seed(2))
    contrast = made.diff(dim=2).abs().mean((1, 2, 3))
    assert contrast.max() > 3 * contrast.min()


def test_a_red_crop_stays_mostly_red() -> None:
    red = torch.full((64, 3, 32, 32), -1.0)
    red[:, 0] = 0.8
    made = augment(red, 32, torch.Generator().manual_seed(3)).mean((2, 3))
    assert (made[:, 0] > made[:, 1]).float().mean() > 0.95
