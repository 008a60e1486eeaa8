from __future__ import annotations

import random

from lazydiff_core.bench.fuzzing.mutation import mutate

SAMPLES = (bytes(range(256)) * 20, b"short", b"")


def test_a_seed_breaks_a_file_the_same_way_each_time() -> None:
    for seed in range(200):
        one, other = (mutate(SAMPLES, random.Random(seed)) for _ in range(2))
        assert one == other


def test_most_files_come_out_changed_and_all_kinds_of_change_occur() -> None:
    broken = [mutate(SAMPLES[:1], random.Random(seed)) for seed in range(300)]
    assert sum(data != SAMPLES[0] for data in broken) > 290
    lengths = [len(data) - len(SAMPLES[0]) for data in broken]
    assert min(lengths) < 0 < max(lengths)
    assert 0 in lengths
