from __future__ import annotations

import pytest
import torch
from torch import nn

from lazydiff_core.training.ema import Ema


def test_its_memory_grows_with_the_steps_up_to_its_decay() -> None:
    model = nn.Linear(1, 1, bias=False)

    def follow(value: float) -> float:
        nn.init.constant_(model.weight, value)
        ema.update()
        return float(dict(ema.weights())["weight"])

    nn.init.zeros_(model.weight)
    ema = Ema(model, 0.5)
    assert follow(1.0) == pytest.approx(0.9)  # decay 1/10
    assert follow(1.0) == pytest.approx(1 - 0.1 * 2 / 11)
    nn.init.zeros_(model.weight)
    ema = Ema(model, 0.5)
    ema.taken = 1000
    assert follow(1.0) == pytest.approx(0.5)


def test_what_fills_the_weights_fills_the_mean() -> None:
    model = nn.Linear(2, 2)
    ema = Ema(model, 0.9)
    with torch.no_grad():
        for _, value in ema.weights():
            value.fill_(3)
    assert all(bool((value == 3).all()) for _, value in ema.weights())
    assert not any(bool((value == 3).all()) for value in model.state_dict().values())
