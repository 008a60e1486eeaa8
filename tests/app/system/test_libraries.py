from __future__ import annotations

import sys

import pytest

from app.system.libraries import missing, packages_of, what_is_missing

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="about Linux")


@linux_only
def test_no_screen_is_said_in_a_sentence() -> None:
    assert "no screen" in what_is_missing({})


@linux_only
def test_nothing_is_missing_offscreen_here() -> None:
    assert what_is_missing({"QT_QPA_PLATFORM": "offscreen"}) == ""


def test_a_missing_library_is_found_out() -> None:
    assert missing(["libsurely-not-there.so.9"]) == ["libsurely-not-there.so.9"]


def test_libraries_are_named_by_their_packages_once() -> None:
    assert packages_of(["libgthread-2.0.so.0", "libEGL.so.1", "libglib-2.0.so.0"]) == [
        "libegl1",
        "libglib2.0-0",
    ]


def test_other_systems_bring_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    assert what_is_missing({}) == ""
