"""The adversarial term: its loss, its balance, and that it learns to tell blur from edges."""

from __future__ import annotations

import pytest
import torch
from torch.nn import functional as F

from lazydiff_core.training.discriminator import Discriminator, balance, hinge_loss


def test_scores_are_one_a_patch() -> None:
    assert Discriminator(8)(torch.randn(2, 3, 32, 48)).shape == (2, 1, 4, 6)


@pytest.mark.parametrize(
    ("real", "fake", "loss"), [(2.0, -2.0, 0.0), (0.0, 0.0, 2.0), (-1.0, 1.0, 4.0)]
)
def test_hinge_loss(real: float, fake: float, loss: float) -> None:
    assert hinge_loss(torch.full((3,), real), torch.full((3,), fake)).item() == loss


def test_the_balance_makes_gradients_equal() -> None:
    last = torch.tensor([1.0, 2.0], requires_grad=True)
    reconstruction, adversarial = (last**2).sum(), 0.01 * last.sum()
    factor = balance(reconstruction, adversarial, last)
    assert not factor.requires_grad
    gradient = torch.autograd.grad(factor * adversarial, last)[0]
    assert gradient.norm().item() == pytest.approx(20**0.5, rel=1e-3)


def test_the_balance_is_bounded_where_nothing_pushes() -> None:
    last = torch.ones(2, requires_grad=True)
    assert balance(last.sum(), 0 * last.sum(), last, most=50).item() == 50


def test_it_learns_to_tell_sharp_from_blurred() -> None:
    torch.manual_seed(0)
    network = Discriminator(8)
    optimizer = torch.optim.AdamW(network.parameters(), lr=3e-3)
    for _ in range(60):
        sharp = torch.randn(8, 3, 16, 16).sign()
        blurred = F.avg_pool2d(sharp, 3, stride=1, padding=1)
        loss = hinge_loss(network(sharp), network(blurred))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert loss.item() < 1
