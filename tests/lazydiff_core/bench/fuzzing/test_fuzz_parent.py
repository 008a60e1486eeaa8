from __future__ import annotations

import sys

import pytest

from lazydiff_core.bench.fuzzing.fuzz_parent import fuzz

MODULE = "tests.lazydiff_core.bench.fuzzing.faulty_targets"
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="limits need Linux")


@pytest.mark.parametrize("name", ["untyped", "slow", "large", "crash"])
def test_a_fault_is_counted_and_its_case_named(name: str) -> None:
    told: list[str] = []
    tally = fuzz(MODULE, name, 3, 1, told.append)
    counts = tally.counts()
    counts["crash"] = counts.pop("crashes")
    assert tally.cases == 3
    assert 1 <= counts[name] == tally.faults <= 3
    assert len(told) == tally.faults
    assert all(f"{name}, case " in sentence for sentence in told)


def test_a_typed_error_is_none() -> None:
    tally = fuzz(MODULE, "typed", 5, 1)
    assert (tally.cases, tally.faults) == (5, 0)
    assert tally.refused >= 4
    assert tally.refused + tally.read == 5


def test_a_reader_of_nothing_is_no_reader() -> None:
    with pytest.raises(RuntimeError, match="cannot be read"):
        fuzz(MODULE, "never", 2, 1)
