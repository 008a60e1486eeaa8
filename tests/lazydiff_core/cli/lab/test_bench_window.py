from __future__ import annotations

from typing import Any

import pytest


def test_a_start_of_the_window_is_measured(lazydiff: Any) -> None:
    found = lazydiff("bench", "startup", "--quick", "--json").document
    assert 50 < found["window_ms"] < 60_000
    assert found["torch_imported"] is False


@pytest.mark.slow
def test_strokes_are_measured(lazydiff: Any) -> None:
    found = lazydiff(
        *("bench", "stroke", "--quick", "--canvas", "512", "--layers", "9", "--json")
    ).document
    assert 0 < found["p50_ms"] <= found["p99_ms"] <= found["max_ms"]
    # On a busy machine the wall clock says little; what the program itself computes is bounded.
    assert found["cpu_p50_ms"] < 16
    assert found["opacity_cpu_p50_ms"] > 0


@pytest.mark.slow
def test_moves_of_a_layer_are_measured(lazydiff: Any) -> None:
    found = lazydiff(
        *("bench", "move", "--quick", "--canvas", "512", "--layers", "9", "--json")
    ).document
    assert 0 < found["move_p50_ms"] <= found["move_p99_ms"] <= found["move_max_ms"]
    assert found["move_cpu_p50_ms"] > 0
    assert found["drop_p50_ms"] > 0


def test_bad_sizes_are_refused(lazydiff: Any) -> None:
    assert lazydiff("bench", "stroke", "--canvas", "3").code == 2
