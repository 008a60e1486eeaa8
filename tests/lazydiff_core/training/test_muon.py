from __future__ import annotations

import pytest
import torch

from lazydiff_core.training.muon import Muon, orthogonalise


@pytest.mark.parametrize("shape", [(4, 32, 32), (2, 48, 16), (3, 16, 64)])
def test_singular_values_become_about_one(shape: tuple[int, int, int]) -> None:
    """From a hundredth of the largest on; a random square matrix has smaller ones."""
    noise = torch.randn(shape, generator=torch.Generator().manual_seed(0))
    u, values, vt = torch.linalg.svd(noise, full_matrices=False)
    matrices = u @ torch.diag(torch.logspace(-2, 0, values.shape[1])) @ vt
    straight = orthogonalise(matrices, torch.float32)
    assert straight.shape == matrices.shape
    values = torch.linalg.svdvals(straight)
    assert values.min() > 0.6
    assert values.max() < 1.3


def test_singular_vectors_stay() -> None:
    matrix = torch.randn(1, 24, 24, generator=torch.Generator().manual_seed(0))
    u, _, vt = torch.linalg.svd(matrix)
    rotated = u.mT @ orthogonalise(matrix, torch.float32) @ vt.mT
    off_diagonal = rotated - torch.diag_embed(rotated.diagonal(dim1=1, dim2=2))
    assert off_diagonal.abs().max() < 1e-3


def test_matrices_of_one_shape_do_not_mix() -> None:
    matrices = torch.randn(3, 8, 12)
    alone = torch.cat([orthogonalise(m[None], torch.float32) for m in matrices])
    assert torch.allclose(orthogonalise(matrices, torch.float32), alone, atol=1e-4)
    scaled = orthogonalise(matrices * 1000, torch.float32)
    assert torch.allclose(scaled, alone, atol=1e-3)  # only the direction counts


def test_it_finds_the_solution() -> None:
    generator = torch.Generator().manual_seed(0)
    targets = [torch.randn(shape, generator=generator) for shape in ((8, 8), (8, 8), (16, 4))]
    weights = [torch.zeros_like(t, requires_grad=True) for t in targets]
    muon = Muon(weights, lr=0.1)
    errors = []
    for step in range(150):
        muon.param_groups[0]["lr"] = 0.1 * (1 - step / 150)
        loss = sum((w - t).square().sum() for w, t in zip(weights, targets, strict=True))
        muon.zero_grad()
        loss.backward()
        muon.step()
        errors.append(loss.item())
    assert errors[-1] < errors[0] / 500


def test_a_step_is_the_orthogonal_direction_scaled() -> None:
    weight = torch.ones(8, 2, requires_grad=True)
    weight.grad = torch.randn(8, 2)
    before = weight.detach().clone()
    Muon([weight], lr=0.1, weight_decay=0.5).step()
    moved = weight.detach() - before * (1 - 0.1 * 0.5)
    direction = orthogonalise(weight.grad[None], torch.float32)[0]
    assert torch.allclose(moved, -0.1 * 2 * direction, atol=1e-4)  # sqrt(8 / 2)


def test_parameters_without_gradient_stay() -> None:
    idle, used = torch.ones(4, 4, requires_grad=True), torch.ones(4, 4, requires_grad=True)
    used.grad = torch.randn(4, 4)
    Muon([idle, used]).step()
    assert torch.equal(idle.detach(), torch.ones(4, 4))
    assert not torch.equal(used.detach(), torch.ones(4, 4))
