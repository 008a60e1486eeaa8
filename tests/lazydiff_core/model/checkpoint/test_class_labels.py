from __future__ import annotations

from collections.abc import Callable

import pytest
import torch

from lazydiff_core.errors import InputError
from lazydiff_core.model.checkpoint.class_labels import ClassLabels
from lazydiff_core.model.network.lazy_model import LazyDiffusion


@pytest.fixture
def labels(make_lazy: Callable[..., LazyDiffusion]) -> ClassLabels:
    return ClassLabels(make_lazy(classes=10).decoder, ("Tench", "goldfish"))


def test_indices_and_names(labels: ClassLabels) -> None:
    prompt = labels.encode(["class:7", " 7 ", "Class: 7", "tench", "class:0"])
    assert prompt.states.shape == (5, 1, 384)
    assert prompt.mask.all()
    assert torch.equal(prompt.states[0], prompt.states[1])
    assert torch.equal(prompt.states[0], prompt.states[2])
    assert torch.equal(prompt.states[3], prompt.states[4])
    assert not torch.equal(prompt.states[0], prompt.states[3])
    assert torch.equal(prompt.pooled, prompt.states[:, 0])


@pytest.mark.parametrize("prompt", ["class:10", "-1", "a cat", "", "class:", "1.5", "²"])
def test_what_is_no_class(labels: ClassLabels, prompt: str) -> None:
    with pytest.raises(InputError, match=r"has 10 classes, .* class:0 to class:9"):
        labels.encode([prompt])


def test_the_table_learns(labels: ClassLabels) -> None:
    labels.encode(["class:3"]).states.sum().backward()
    table = labels.decoder.class_table
    assert table is not None
    assert table.weight.grad is not None
    assert table.weight.grad.any(dim=1).tolist() == [k == 3 for k in range(10)]
