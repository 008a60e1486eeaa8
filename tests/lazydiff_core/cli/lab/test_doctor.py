from __future__ import annotations

import sys
from types import SimpleNamespace
from typing import Any

import pytest

from lazydiff_core.cli.lab import doctor
from lazydiff_core.doctor import machine
from lazydiff_core.doctor.check import CheckError

PLAIN = [
    *("python", "packages", "torch", "memory", "number formats", "attention"),
    *("bundled model", "disk", "window"),
]
FULL = ["nested attention", "T5 visit", "training step"]


@pytest.fixture
def no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """The fills have tests of their own."""
    from lazydiff_core.doctor import models

    monkeypatch.setattr(models, "bundled", lambda device: "filled")
    monkeypatch.setattr(models, "family", lambda save, device: "filled")
    monkeypatch.setattr(models, "text_visit", lambda device: "read")
    monkeypatch.setattr(doctor, "why_no_window", lambda: "")


@pytest.mark.usefixtures("no_model")
def test_a_sound_machine(lazydiff: Any) -> None:
    outcome = lazydiff("doctor", "--device", "cpu", "--json")
    found = outcome.document
    assert outcome.code == 0
    assert [check["name"] for check in found["checks"]] == PLAIN
    assert found["device"] == "cpu"
    assert all(check.keys() == {"name", "ok", "detail", "fix"} for check in found["checks"])
    assert [(check["ok"], check["fix"]) for check in found["checks"]] == [(True, "")] * len(PLAIN)
    (bundled,) = found["models"]
    assert bundled.keys() == {"id", "fits", "plan", "gb"}
    assert (bundled["id"], bundled["fits"]) == ("bundled", True)
    assert 0.03 < bundled["gb"] < 0.06
    assert "7/9 bundled model" in outcome.err.splitlines()


@pytest.mark.usefixtures("no_model")
def test_more_is_asked_when_it_is_wanted(lazydiff: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "hub", lambda: "answers")
    found = lazydiff("doctor", "--device", "cpu", "--full", "--hub", "--json").document
    names = [check["name"] for check in found["checks"]]
    families = [name for name in names if name.startswith("family ")]
    assert names == [*PLAIN[:7], *FULL, *families, *PLAIN[7:], "hub"]
    assert len(families) == 7


@pytest.mark.usefixtures("no_model")
def test_what_is_wrong_is_told_with_what_mends_it(
    lazydiff: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full() -> str:
        raise CheckError("The disk is full.", "make room")

    monkeypatch.setattr(machine, "disk", full)
    lacks = "Qt lacks system libraries: run `sudo apt-get install libegl1` first."
    monkeypatch.setattr(doctor, "why_no_window", lambda: lacks)
    outcome = lazydiff("doctor", "--device", "cpu")
    assert outcome.code == 2
    assert "NO  disk                      The disk is full." in outcome.out
    assert "\n                              make room\n" in outcome.out
    assert "\n                              sudo apt-get install libegl1\n" in outcome.out
    assert outcome.out.rstrip().endswith("2 of 9 checks failed.")


@pytest.mark.usefixtures("no_model")
def test_no_screen_is_no_fault(lazydiff: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    sentence = "There is no screen to open the window on: use `lazydiff fill` instead."
    monkeypatch.setattr(doctor, "why_no_window", lambda: sentence)
    outcome = lazydiff("doctor", "--device", "cpu")
    assert outcome.code == 0
    assert "cannot open here" in outcome.out


@pytest.mark.usefixtures("no_model")
@pytest.mark.parametrize("device", ["cuda:77", "nonsense"])
def test_a_device_that_is_not_here(lazydiff: Any, device: str) -> None:
    outcome = lazydiff("doctor", "--device", device, "--json")
    found = outcome.document
    assert outcome.code == 2
    assert (found["device"], found["models"]) == (device, [])
    (wrong,) = (check for check in found["checks"] if not check["ok"])
    assert wrong["name"] == "torch"
    assert f"'{device}' is not available" in wrong["detail"]
    assert wrong["fix"].startswith("python -m torch.utils.collect_env")


@pytest.mark.usefixtures("no_model")
def test_a_torch_that_cannot_be_imported(lazydiff: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Which is what a doctor is for: nothing that is asked before needs it."""
    for name in [name for name in sys.modules if name.startswith("lazydiff_core.backends")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "torch", None)
    outcome = lazydiff("doctor", "--json")
    assert outcome.code == 2
    (wrong,) = (check for check in outcome.document["checks"] if not check["ok"])
    assert wrong["detail"].startswith("torch cannot be imported")
    assert wrong["fix"] == "pip install --force-reinstall torch"


@pytest.mark.usefixtures("no_model")
def test_a_card_that_torch_was_not_built_for(
    lazydiff: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch

    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    found = SimpleNamespace(name="A card", major=12, minor=0)
    monkeypatch.setattr(torch.cuda, "get_device_properties", lambda device: found)
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda device: "A card")
    monkeypatch.setattr(torch.cuda, "get_arch_list", lambda: ["sm_80", "sm_90"])
    outcome = lazydiff("doctor", "--device", "cuda", "--json")
    (wrong,) = (check for check in outcome.document["checks"] if not check["ok"])
    assert "was not built for A card (sm_120)" in wrong["detail"]
    assert wrong["fix"] == "pip install --upgrade torch"
