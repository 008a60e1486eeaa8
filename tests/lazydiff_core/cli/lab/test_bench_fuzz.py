"""Two thousand broken files at each test run, 20,000 by command."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.slow
def test_two_thousand_broken_files_meet_typed_errors_only(lazydiff: Any) -> None:
    found = lazydiff("bench", "fuzz", "--cases", "2000", "--json").document
    assert found["cases"] == 2000
    faults = {name: found[name] for name in ("untyped", "crashes", "slow", "large")}
    assert not any(faults.values()), faults
    assert found["refused"] > 1000
    assert set(found["by_target"]) > {"picture", "project", "journal", "settings", "weights"}


def test_one_kind_of_file(lazydiff: Any) -> None:
    found = lazydiff("bench", "fuzz", "--only", "settings", "--cases", "20", "--json").document
    assert found["cases"] == 20
    assert list(found["by_target"]) == ["settings"]
