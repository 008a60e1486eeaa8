"""What a stop must not lose."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from lazydiff_core.training.muon import Muon
from lazydiff_core.training.state import Ema, load_run, save_run


class Run:
    """A small model, trained on batches that depend on the step alone."""

    def __init__(self, seed: int) -> None:
        torch.manual_seed(seed)
        self.model = nn.Sequential(nn.Linear(6, 12), nn.GELU(), nn.Linear(12, 6))
        muon = Muon([self.model[0].weight, self.model[2].weight])
        adam = torch.optim.AdamW([self.model[0].bias, self.model[2].bias], lr=0.01)
        self.optimizers: dict[str, torch.optim.Optimizer] = {"muon": muon, "adam": adam}
        self.ema = Ema(self.model, 0.9)

    def train(self, steps: range) -> list[float]:
        losses = []
        for step in steps:
            x = torch.randn(16, 6, generator=torch.Generator().manual_seed(step))
            loss = (self.model(x) - x.flip(1)).square().mean()
            loss.backward()
            for optimizer in self.optimizers.values():
                optimizer.step()
                optimizer.zero_grad()
            self.ema.update(self.model, step)
            losses.append(loss.item())
        return losses

    def save(self, out: Path, step: int) -> None:
        save_run(out, self.model, self.ema, self.optimizers, step)

    def load(self, out: Path) -> int:
        return load_run(out, self.model, self.ema, self.optimizers)


def test_a_resumed_run_goes_on_bit_for_bit(tmp_path: Path) -> None:
    unbroken = Run(seed=0)
    unbroken.train(range(10))
    unbroken.save(tmp_path / "run", 10)
    expected = unbroken.train(range(10, 15))
    resumed = Run(seed=1)
    assert resumed.load(tmp_path / "run") == 10
    assert resumed.train(range(10, 15)) == expected
    for name, value in unbroken.model.state_dict().items():
        assert torch.equal(resumed.model.state_dict()[name], value)
        assert torch.equal(resumed.ema.weights[name], unbroken.ema.weights[name])


def test_without_the_optimizers_it_goes_on_otherwise(tmp_path: Path) -> None:
    """The momenta matter, so the test above does test them."""
    unbroken = Run(seed=0)
    unbroken.train(range(10))
    unbroken.save(tmp_path, 10)
    expected = unbroken.train(range(10, 15))
    (tmp_path / "optimizer.safetensors").unlink()
    resumed = Run(seed=1)
    assert resumed.load(tmp_path) == 10
    losses = resumed.train(range(10, 15))
    assert losses[0] == expected[0]
    assert losses[1:] != expected[1:]


def test_nothing_to_resume(tmp_path: Path) -> None:
    run = Run(seed=0)
    before = run.model[0].weight.detach().clone()
    assert run.load(tmp_path) == 0
    assert torch.equal(run.model[0].weight, before)


def test_saving_replaces_and_leaves_no_parts(tmp_path: Path) -> None:
    run = Run(seed=0)
    for step in (1, 2):
        run.train(range(step))
        run.save(tmp_path, step)
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {"model.safetensors", "ema.safetensors", "optimizer.safetensors"}
    assert Run(seed=1).load(tmp_path) == 2


def test_the_running_means_memory_grows_up_to_its_decay() -> None:
    model = nn.Linear(1, 1, bias=False)

    def follow(value: float, step: int) -> Tensor:
        nn.init.constant_(model.weight, value)
        ema.update(model, step)
        return ema.weights["weight"]

    nn.init.zeros_(model.weight)
    ema = Ema(model, 0.5)
    assert float(follow(1.0, 0)) == pytest.approx(0.9)  # decay 1/10
    assert float(follow(1.0, 1)) == pytest.approx(1 - 0.1 * 2 / 11)
    nn.init.zeros_(model.weight)
    ema = Ema(model, 0.5)
    assert float(follow(1.0, 1000)) == pytest.approx(0.5)
