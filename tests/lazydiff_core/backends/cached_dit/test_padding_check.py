"""Padding is kept only where it was measured to cost less than the bank does."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lazydiff_core.backends.cached_dit import loading, padding_check
from lazydiff_core.backends.cached_dit.cache_settings import (
    CacheSettings,
    MemoryBudget,
    PaddingMode,
)
from lazydiff_core.backends.cached_dit.flux2 import Flux2
from lazydiff_core.backends.cached_dit.loading import load, load_full, measure_model
from lazydiff_core.backends.cached_dit.padding_check import (
    PaddingCheck,
    check_padding,
    remember_check,
    remembered_check,
)
from lazydiff_core.contract import EditRequest
from lazydiff_core.engine.engine import Engine
from lazydiff_core.errors import Cancelled, ModelError, OutOfMemoryError
from lazydiff_core.load_progress import hearing_of_measures, tell_of_measure
from lazydiff_core.model_store.registry import default_registry

Told = list[tuple[int, int]]


@pytest.fixture
def on_a_card(monkeypatch: pytest.MonkeyPatch) -> None:
    """Loading measures at once, and finds that padding says little."""

    def found(family: Any, settings: Any, tell: Callable[[int, int], None]) -> PaddingCheck:
        for step in range(4):
            tell(step, 4)
        return PaddingCheck(bank=0.2, padding=0.1, own=0.1)

    monkeypatch.setattr(loading, "_SLOW", ())
    monkeypatch.setattr(loading, "check_padding", found)


def test_padding_that_says_much_is_not_kept_for_all_prompts(flux2: Flux2) -> None:
    """Random weights heed hundreds of tokens of padding more than a few of a small canvas."""
    told: Told = []
    check = check_padding(flux2, CacheSettings(), lambda *news: told.append(news))
    assert check.padding > check.bank > check.own > 0
    assert check.mode == "kept_by_prompt"
    assert told == sorted(told)
    assert told[-1][0] == told[-1][1]
    assert check == check_padding(flux2, CacheSettings(), lambda *news: None)


@pytest.mark.parametrize(
    ("padding", "own", "mode"),
    [
        (0.1, 0.1, "kept"),
        (0.1, 0.3, "kept"),
        (0.2, 0.1, "kept_by_prompt"),
        (0.2, 0.2, "computed"),
    ],
)
def test_what_changes_less_than_the_bank_does_is_kept(
    padding: float, own: float, mode: PaddingMode
) -> None:
    assert PaddingCheck(0.2, padding, own).mode == mode


def test_without_room_for_a_bank_nothing_is_kept(flux2: Flux2) -> None:
    settings = CacheSettings(budget=MemoryBudget(10))
    check = check_padding(flux2, settings, lambda *news: None)
    assert check == PaddingCheck(0, 0, 0)
    assert check.mode == "computed"


def test_what_was_measured_is_remembered(tmp_path: Path) -> None:
    assert remembered_check("ab") is None
    remember_check("ab", PaddingCheck(0.5, 0.25, 0.125))
    remember_check("cd", PaddingCheck(0.5, 1, 2))
    assert remembered_check("ab") == PaddingCheck(0.5, 0.25, 0.125)
    assert remembered_check("cd") == PaddingCheck(0.5, 1, 2)
    path = default_registry().folder / padding_check.FILE
    assert json.loads(path.read_text())["ab"] == {"bank": 0.5, "padding": 0.25, "own": 0.125}


@pytest.mark.parametrize("damage", ["{", "[]", '{"ab": 3}', '{"ab": {"bank": "x"}}'])
def test_damaged_memories_are_measured_again(damage: str) -> None:
    folder = default_registry().folder
    folder.mkdir(parents=True, exist_ok=True)
    (folder / padding_check.FILE).write_text(damage)
    assert remembered_check("ab") is None
    remember_check("ab", PaddingCheck(1, 0, 0))
    assert remembered_check("ab") == PaddingCheck(1, 0, 0)


def test_a_place_that_cannot_be_written(caplog: pytest.LogCaptureFixture) -> None:
    (default_registry().folder / padding_check.FILE).mkdir()
    remember_check("ab", PaddingCheck(1, 0, 0))
    assert "is not kept" in caplog.text


def test_on_a_cpu_it_is_asked_for(klein_folder: Path) -> None:
    assert "padding" not in load(str(klein_folder), "cpu").info.notice
    assert remembered_check(load(str(klein_folder), "cpu").info.model_hash) is None


@pytest.mark.usefixtures("on_a_card")
def test_first_load_measures_and_the_next_one_remembers(
    klein_folder: Path, make_request: Callable[..., EditRequest]
) -> None:
    told: Told = []
    with hearing_of_measures(lambda *news: told.append(news)):
        first = load(str(klein_folder), "cpu")
        count = len(told)
        second = load(str(klein_folder), "cpu")
    assert count == len(told) > 0
    assert "The padding of prompts is kept, too." in first.info.notice
    assert first.info == second.info
    assert "padding" not in load_full(str(klein_folder), "cpu").info.notice
    request = make_request((64, 64), steps=2)
    results = [Engine(dit).run(request) for dit in (first, second)]
    assert np.array_equal(results[0].patches[0], results[1].patches[0])
    assert results[0].pixels_changed_outside_mask == 0
    remember_check(first.info.model_hash, PaddingCheck(0.1, 0.2, 0.2))
    assert "padding" not in load(str(klein_folder), "cpu").info.notice


@pytest.mark.usefixtures("on_a_card")
def test_measuring_can_be_cancelled(klein_folder: Path) -> None:
    def stop(done: int, total: int) -> None:
        raise Cancelled("not now")

    with hearing_of_measures(stop), pytest.raises(Cancelled):
        load(str(klein_folder), "cpu")
    tell_of_measure(1, 2)  # nobody listens any more
    assert not (default_registry().folder / padding_check.FILE).exists()


def test_memory_that_ends_while_it_is_measured(
    klein_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise OutOfMemoryError("The device has no memory left.")

    monkeypatch.setattr(loading, "_SLOW", ())
    monkeypatch.setattr(loading, "check_padding", full)
    assert "padding" not in load(str(klein_folder), "cpu").info.notice
    with pytest.raises(OutOfMemoryError):
        measure_model(str(klein_folder), "cpu")


def test_it_is_measured_on_request(klein_folder: Path, dit_folder: Path) -> None:
    check = measure_model(str(klein_folder), "cpu")
    dit = load(str(klein_folder), "cpu")
    assert check.bank > 0
    assert remembered_check(dit.info.model_hash) == check
    with pytest.raises(ModelError, match="has no padding"):
        measure_model(str(dit_folder), "cpu")
