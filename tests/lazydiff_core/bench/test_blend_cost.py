from __future__ import annotations

from lazydiff_core.bench.blend_cost import measure_blend


def test_a_row_has_times_and_small_errors() -> None:
    row = measure_blend(96, 0.2, times=1)
    assert row.canvas == 96
    assert min(row.ours_ms, row.seamless_clone_ms, row.exact_ms) > 0
    assert row.mean_error <= 0.5
    assert row.p99_error <= 2
