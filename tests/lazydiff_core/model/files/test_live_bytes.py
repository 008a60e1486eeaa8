from __future__ import annotations

import torch

from lazydiff_core.model.files.live_bytes import counting_bytes, peak_bytes


def work() -> None:
    kept = torch.zeros(1000)  # 4000 bytes
    for _ in range(3):
        _passing = kept + 1  # 4000 more, one at a time
    del kept


def test_the_most_that_lives_at_a_time() -> None:
    assert 8000 <= peak_bytes(work) <= 12_000


def test_counting_around_a_block() -> None:
    with counting_bytes(torch.device("cpu")) as peak:
        work()
    after = torch.zeros(100_000)
    assert 8000 <= peak() <= 12_000
    assert after.numel() == 100_000
