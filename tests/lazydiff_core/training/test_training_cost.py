"""What docs/training.md says that a run costs, counted without computing."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from lazydiff_core.model.files.config import XL, LazyConfig
from lazydiff_core.model.network.lazy_model import LazyDiffusion
from lazydiff_core.model.text.prompt import Prompt
from lazydiff_core.storage.resources import resource
from lazydiff_core.training.batches import Batch
from lazydiff_core.training.blocks import recompute_blocks
from lazydiff_core.training.learner import Moment
from lazydiff_core.training.learners.lazy import LazyLearner
from lazydiff_core.training.recipe import Recipe, read_recipe

DOCUMENT = Path(__file__).parents[3] / "docs" / "training.md"
META = torch.device("meta")
HOLE = 819  # tokens


def sample(config: LazyConfig) -> Batch:
    """One, of which nothing but its size is known."""
    cells = config.side // config.latent_scale
    with META:
        states = torch.empty(1, config.text_tokens, config.text_width)
        real = torch.ones(1, config.text_tokens, dtype=torch.bool)
        return Batch(
            torch.empty(1, 4, cells, cells),
            torch.empty(1, 4, cells, cells),
            torch.empty(1, 1, config.side, config.side),
            torch.zeros(1, HOLE, dtype=torch.long),
            torch.zeros(1, HOLE, 6),
            torch.ones(1, HOLE, dtype=torch.bool),
            Prompt(states, real, states[:, 0]),
            torch.zeros(1, dtype=torch.bool),
            (HOLE,),
            (0,),
        )


def step_tflop(recipe: Recipe, *, backward: bool) -> float:
    """Of one sample."""
    with META:
        learner = LazyLearner(LazyDiffusion(XL), recipe)
    if backward and recipe.checkpoint_blocks:
        recompute_blocks(learner)
    with FlopCounterMode(display=False) as counter:
        loss = sum(learner(sample(XL), Moment()).values(), torch.zeros((), device=META))
        if backward:
            loss.backward()
    return counter.get_total_flops() / 1e12


def said(row: str) -> float:
    """The number in a row of the document's tables."""
    pattern = rf"^\| {re.escape(row)}[^|]*\| ([\d.]+)"
    (found,) = re.findall(pattern, DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE)
    return float(found)


def test_the_document_counts_what_a_step_computes() -> None:
    recipe = read_recipe(resource("train/paper.toml"))
    forward, whole = (step_tflop(recipe, backward=backward) for backward in (False, True))
    assert forward == pytest.approx(said("together"), rel=0.03)
    assert whole == pytest.approx(said("training: forward"), rel=0.03)
    draws = step_tflop(replace(recipe, draws=4), backward=True) / 4
    assert draws == pytest.approx(said("with `draws=4`, each noise level"), rel=0.03)
    total = whole * 1e12 * recipe.steps * recipe.batch
    hours = total / (0.4 * 312e12) / 3600
    assert hours == pytest.approx(said("at 40% of an A100's 312 TFLOP/s"), rel=0.03)
