"""Counted work against what is known of the operations."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional as F

from lazydiff_core.bench.memory import without_data
from lazydiff_core.bench.work import Work, work_of


def test_a_product() -> None:
    a, b = torch.ones(3, 5), torch.ones(5, 7)
    assert work_of(lambda: a @ b) == Work(2 * 3 * 5 * 7, 4 * (15 + 35 + 21))


def test_a_layer_without_data() -> None:
    """In inference mode, as the networks run in; in half precision."""
    with without_data():
        layer, x = nn.Linear(5, 7), torch.zeros(3, 5)
        work = work_of(lambda: layer(x))
    assert work == Work(2 * 3 * 5 * 7, 2 * (15 + 35 + 7 + 21))


def test_a_convolution() -> None:
    with without_data():
        layer, x = nn.Conv2d(2, 3, 3, padding=1, bias=False), torch.zeros(1, 2, 8, 8)
        work = work_of(lambda: layer(x))
    assert work == Work(2 * 64 * 2 * 3 * 9, 2 * (2 * 64 + 54 + 3 * 64))


def test_attention_stores_no_scores() -> None:
    with without_data():
        query, key = torch.zeros(1, 2, 10, 8), torch.zeros(1, 2, 30, 8)
        work = work_of(lambda: F.scaled_dot_product_attention(query, key, key))
    assert work.flops == 2 * (2 * 10 * 30 * 8) * 2
    assert work.bytes < 2 * 4 * (10 + 30) * 2 * 8


def test_sums() -> None:
    assert Work(1, 2) + Work(3, 4) * 2 == Work(7, 10)
    assert work_of(lambda: torch.ones(3).cumsum(0)) == Work()
