"""Fills by models with tiny weights, and what is made of fills that differ."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from lazydiff_core.backends.declared import own_backend
from lazydiff_core.contract import EditResult
from lazydiff_core.doctor import models
from lazydiff_core.doctor.check import CheckError
from lazydiff_core.doctor.tiny_pipelines import TINY

CPU, CUDA = torch.device("cpu"), torch.device("cuda")
BACKENDS = {
    "lazydiffusion": "lazydiffusion", "regenerate_image": "regenerate_image",
    "pixart": "cached_dit", "klein": "cached_dit", "z-image": "cached_dit",
    "sd2": "sd2_crop", "sdxl": "sdxl_inpaint",
}  # fmt: skip


@pytest.mark.parametrize("name", TINY)
def test_a_family_fills_with_tiny_weights(name: str, tmp_path: Path) -> None:
    with models.quiet():
        assert own_backend(str(TINY[name](tmp_path / "tiny"))) == BACKENDS[name]
    assert models.family(TINY[name], CPU).endswith("the same pixels twice")


def test_t5_reads_in_one_visit() -> None:
    assert models.text_visit(CPU) == "3 prompts in one visit, right"


def two_fills(monkeypatch: pytest.MonkeyPatch, levels: int) -> None:
    """The device's fill is this much brighter than the CPU's, or the second than the first."""
    fill, done = models._fill, list[EditResult]()

    def brighter(model: str, device: torch.device, *given: Any) -> EditResult:
        made = fill("fake", CPU, *given)
        done.append(made)
        first = len(done) == 1
        return replace(made, patches=(made.patches[0] // 2 + (levels if first else 0),))

    monkeypatch.setattr(models, "_fill", brighter)


@pytest.mark.parametrize("levels", [0, 3])
def test_a_fill_that_is_the_cpus_up_to_rounding(
    monkeypatch: pytest.MonkeyPatch, levels: int
) -> None:
    two_fills(monkeypatch, levels)
    found = models.bundled(CUDA)
    assert f"as on the CPU ({levels}.0 levels on average, {levels} at most)" in found


def test_a_fill_that_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    two_fills(monkeypatch, 60)
    with pytest.raises(CheckError, match=r"is not the CPU's: it differs by 60\.0 levels"):
        models.bundled(CUDA)


def test_the_same_request_with_other_pixels(monkeypatch: pytest.MonkeyPatch) -> None:
    two_fills(monkeypatch, 1)
    with pytest.raises(CheckError, match="other pixels the second time"):
        models.bundled(CPU)
