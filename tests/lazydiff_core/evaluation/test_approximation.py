"""Lazy runs against full ones: what must be equal, what must not, and that all is measured."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from lazydiff_core.backends.cached_dit.cache_settings import CacheSettings
from lazydiff_core.backends.cached_dit.family import open_family
from lazydiff_core.backends.cached_dit.pipeline_reader import open_folder
from lazydiff_core.backends.cached_dit.regenerated import RegenerateImage
from lazydiff_core.doctor.tiny_pipelines import save_klein
from lazydiff_core.evaluation.approximation import (
    FULL,
    WAYS,
    Row,
    Way,
    measure_approximation,
    some_trials,
    text_of,
    ways_of,
)
from lazydiff_core.evaluation.kit import Kit
from lazydiff_core.evaluation.trials import Trial
from lazydiff_core.generation_settings import GenerationSettings
from lazydiff_core.model.checkpoint.checkpoint import Checkpoint
from lazydiff_core.model.files.config import baseline
from lazydiff_core.model.network.lazy_model import LazyDiffusion
from lazydiff_core.model.text.text_encoder import TextEncoder

ALIKE = Way("refresh at each step", CacheSettings("refresh", every=1))


@pytest.fixture(scope="module")
def family(
    tiny_checkpoint: Checkpoint, word_states: TextEncoder, randomise: Callable[..., LazyDiffusion]
) -> RegenerateImage:
    config = baseline(tiny_checkpoint.lazy.config, "regenerate_image")
    lazy = randomise(LazyDiffusion(config))
    checkpoint = dataclasses.replace(tiny_checkpoint, lazy=lazy, concepts=())
    return RegenerateImage(checkpoint, word_states, torch.device("cpu"))


def small(trial: Trial) -> Trial:
    """The trial on a canvas of the tiny model's size, with room around the hole."""
    mask = np.zeros((64, 64), np.bool_)
    mask[25:36, 17:28] = True
    return dataclasses.replace(trial, image=trial.image[::8, ::8].copy(), mask=mask)


@pytest.fixture(scope="module")
def rows(family: RegenerateImage, kit: Kit) -> list[Row]:
    trials = [small(trial) for trial in some_trials(family, kit, 2)]
    return measure_approximation(family, kit, trials, GenerationSettings(steps=4), (*WAYS, ALIKE))


def test_a_reference_is_a_way_for_those_that_know_references(
    family: RegenerateImage, tmp_path: Path
) -> None:
    assert ways_of(family) == WAYS
    klein = open_family(open_folder(save_klein(tmp_path / "klein")), torch.device("cpu"))
    assert [way.name for way in ways_of(klein)] == [*(way.name for way in WAYS), "reference"]


def test_every_way_is_measured(rows: list[Row]) -> None:
    assert [row.way for row in rows] == [way.name for way in (*WAYS, ALIKE)]
    assert all(row.distance.count == row.judge_top1.count == 2 for row in rows)
    assert all(row.distance.low <= row.distance.value <= row.distance.high for row in rows)
    assert len(text_of(rows).splitlines()) == len(rows) + 2
    assert "pictures" not in rows[0].to_dict()


def test_what_is_full_differs_by_its_seed_alone(rows: list[Row]) -> None:
    by_name = {row.way: row for row in rows}
    assert by_name[FULL].distance.value == 0
    assert by_name[ALIKE.name].distance.value == 0
    assert by_name["full, another seed"].distance.value > 0.1


def test_lazy_ways_come_near_and_compute_less(rows: list[Row]) -> None:
    by_name = {row.way: row for row in rows}
    for name in ("refresh 5", "bank"):
        assert 0 < by_name[name].distance.value < by_name["full, another seed"].distance.value
    assert by_name["bank"].tokens < by_name["refresh 2"].tokens < by_name[FULL].tokens == 1
    assert [by_name[f"refresh {k}"].full for k in (2, 5, 10)] == [2, 1, 1]
    assert by_name["refresh 5, last 2 full"].full == 3


def test_trials_are_of_concepts_that_the_model_knows(family: RegenerateImage, kit: Kit) -> None:
    family = RegenerateImage(family.checkpoint, family.text, family.device)
    family.concepts = ("a triangle",)  # not among the held-out ones
    assert some_trials(family, kit, 3) == []
    family.concepts = ("a disc",)
    assert {trial.concept for trial in some_trials(family, kit, 3)} == {"disc"}
