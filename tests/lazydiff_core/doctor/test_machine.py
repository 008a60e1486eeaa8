from __future__ import annotations

import shutil
from importlib import metadata
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch

from lazydiff_core.doctor import card, machine
from lazydiff_core.doctor.check import CheckError, Question, answer
from lazydiff_core.doctor.fitting import fit
from lazydiff_core.doctor.models import quiet
from lazydiff_core.doctor.tiny_pipelines import save_klein
from lazydiff_core.model.files import devices
from lazydiff_core.model.files.devices import runs_on

CUDA, CPU = torch.device("cuda"), torch.device("cpu")


@pytest.mark.parametrize(
    ("own", "built", "runs"),
    [
        ("sm_86", ["sm_80", "sm_90"], True),  # a later minor version
        ("sm_80", ["sm_86"], False),  # an earlier one
        ("sm_90", ["sm_90a"], False),  # code that is special to another
        ("sm_120", ["sm_80", "sm_90", "compute_90"], True),  # compiled when it is loaded
        ("sm_120", ["sm_80", "sm_90"], False),
        ("sm_61", ["sm_75", "sm_80"], False),
        ("sm_100", ["sm_100"], True),
        ("gfx1100", ["gfx90a", "gfx1100"], True),
        ("gfx1030", ["gfx90a", "gfx1100"], False),
    ],
)
def test_which_builds_run_on_a_card(own: str, built: list[str], runs: bool) -> None:
    assert runs_on(own, built) is runs


def cards(monkeypatch: pytest.MonkeyPatch, major: int, built: list[str]) -> None:
    found = SimpleNamespace(name="A card", major=major, minor=0)
    monkeypatch.setattr(torch.cuda, "get_device_properties", lambda device: found)
    monkeypatch.setattr(torch.cuda, "get_arch_list", lambda: built)


def test_a_build_for_other_cards_is_told_with_what_mends_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cards(monkeypatch, 9, ["sm_80", "sm_90"])
    assert card.torch_build(CUDA) == f"{torch.__version__} for A card (sm_90)"
    cards(monkeypatch, 12, ["sm_80", "sm_90"])
    with pytest.raises(
        CheckError, match=r"not built for A card \(sm_120\), only for sm_80"
    ) as told:
        card.torch_build(CUDA)
    assert told.value.fix == "pip install --upgrade torch"
    cards(monkeypatch, 6, ["sm_80", "sm_90"])
    with pytest.raises(CheckError, match=r"\(sm_60\)") as told:
        card.torch_build(CUDA)
    assert "upgrade" not in told.value.fix


def test_a_card_that_lies_idle_is_mentioned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert ";" not in card.torch_build(CPU)
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert "there is an NVIDIA card, but this torch is for the CPU" in card.torch_build(CPU)
    monkeypatch.setattr(card, "card_fault", lambda device: "It is too new.")
    assert card.torch_build(CPU).endswith("; the card is not used: It is too new.")


def free(monkeypatch: pytest.MonkeyPatch, module: Any, there: float, here: float) -> None:
    """What is free of a device, and of main memory, in GB."""
    monkeypatch.setattr(module, "free_bytes", lambda device: int(there * 1e9))
    monkeypatch.setattr(module, "free_main_bytes", lambda: int(here * 1e9))


def test_too_little_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    free(monkeypatch, card, 1, 8)
    with pytest.raises(CheckError, match=r"Of cuda only 1\.0 GB are free"):
        card.memory(CUDA)
    assert card.memory(CPU) == "8.0 GB of memory free"
    free(monkeypatch, card, 2, 8)
    assert card.memory(CUDA) == "2.0 GB of cuda free, 8.0 GB of memory free"
    free(monkeypatch, card, 2, 0.2)
    with pytest.raises(CheckError, match=r"Of memory only 0\.2 GB are free"):
        card.memory(CUDA)


def test_packages_that_are_missing_or_too_old(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "in place" in machine.packages()
    asked = ["numpy>=2.0", "tqdm>=4.66,<5", "absent>=1", 'other>=3; extra == "train"']
    versions = {"numpy": "1.26.4", "tqdm": "4.67"}

    def version(name: str) -> str:
        if name not in versions:
            raise metadata.PackageNotFoundError(name)
        return versions[name]

    monkeypatch.setattr(metadata, "requires", lambda name: asked)
    monkeypatch.setattr(metadata, "version", version)
    with pytest.raises(CheckError, match=r"numpy 1\.26\.4, absent is missing") as told:
        machine.packages()
    assert told.value.fix == "pip install 'numpy>=2.0' 'absent>=1'"


def test_a_full_disk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(machine, "_data", lambda: tmp_path / "data")
    assert "GB for models" in machine.disk()
    assert list((tmp_path / "data").iterdir()) == []
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: SimpleNamespace(free=10**8))
    with pytest.raises(CheckError, match=r"data \(models\) has 0\.1 GB left"):
        machine.disk()


def test_the_hub(monkeypatch: pytest.MonkeyPatch) -> None:
    import huggingface_hub

    def head(url: str, timeout: float) -> SimpleNamespace:
        if not up:
            raise ConnectionError
        return SimpleNamespace(status_code=200)

    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    monkeypatch.setattr(huggingface_hub, "get_session", lambda: SimpleNamespace(head=head))
    up = True
    assert machine.hub().endswith("answers (200)")
    up = False
    with pytest.raises(CheckError, match=r"does not answer \(ConnectionError\)") as told:
        machine.hub()
    assert told.value.fix.startswith("curl -I ")
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(CheckError, match="forbids asking it"):
        machine.hub()


def test_whatever_is_raised_is_an_answer() -> None:
    def broken() -> str:
        raise RuntimeError("CUDA error:\n  no kernel image")

    found = answer(Question("attention", broken, "pip install it"))
    assert (found.ok, found.fix) == (False, "pip install it")
    assert found.detail == "This fails: RuntimeError: CUDA error: no kernel image"


def test_a_model_that_fits(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "text_encoder").mkdir()
    (tmp_path / "model_index.json").write_text('{"_class_name": "StableDiffusionPipeline"}')
    (tmp_path / "a.safetensors").write_bytes(bytes(30_000_000))
    (tmp_path / "text_encoder" / "model.safetensors").write_bytes(bytes(20_000_000))
    free(monkeypatch, devices, 1.2, 2)
    assert fit("x", tmp_path, CPU).to_dict() == {
        "id": "x", "fits": True, "plan": "on the device", "gb": 0.05,
    }  # fmt: skip
    assert fit("x", tmp_path, CUDA).gb == 0.03
    assert fit("x", tmp_path, CUDA).plan == "on the device, its text encoder layer by layer"
    free(monkeypatch, devices, 1.0, 2)
    assert not fit("x", tmp_path, CUDA).fits
    (tmp_path / "model_index.json").write_text("no JSON")
    assert fit("x", tmp_path, CPU).plan.startswith("cannot be read: ")


def test_a_model_that_is_planned(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """As its loader will place it: all of it, in part, or not at all."""
    with quiet():
        save_klein(tmp_path / "klein")
    monkeypatch.setattr(devices, "half_of", lambda device, wide: torch.bfloat16)
    free(monkeypatch, devices, 8, 8)
    whole = fit("klein", tmp_path / "klein", CUDA)
    assert (whole.fits, whole.plan) == (True, "on the device")
    assert 0 < whole.gb < 1
    free(monkeypatch, devices, 1e-6, 8)
    refused = fit("klein", tmp_path / "klein", CUDA)
    assert not refused.fits
    assert "needs at least" in refused.plan
