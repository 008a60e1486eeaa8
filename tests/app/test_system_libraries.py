from __future__ import annotations

import sys

import pytest

from app.system_libraries import missing_packages, what_is_missing

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="about Linux")


@linux_only
def test_no_screen_is_said_in_a_sentence() -> None:
    assert "no screen" in what_is_missing({})


@linux_only
def test_nothing_is_missing_offscreen_here() -> None:
    assert what_is_missing({"QT_QPA_PLATFORM": "offscreen"}) == ""


def test_a_missing_library_is_named_by_its_package() -> None:
    assert missing_packages({"libsurely-not-there.so.9": "libsurely9"}) == ["libsurely9"]


def test_other_systems_bring_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    assert what_is_missing({}) == ""
