from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from lazydiff_core.errors import TrainingError
from lazydiff_core.evaluation import judge_trainer
from lazydiff_core.evaluation.judge import JudgeConfig, load_judge
from lazydiff_core.evaluation.judge_trainer import (
    ExampleStream,
    JudgeRun,
    judged_subjects,
    train_judge,
)
from lazydiff_core.model.autoencoders.bundled_autoencoder import Autoencoder
from lazydiff_core.model.references.lexicon import STYLES
from lazydiff_core.training import loop
from lazydiff_core.training.checkpoints import checkpoints
from lazydiff_core.training.scenes import SceneRecipe
from lazydiff_core.training.stickers import StickerBank
from tests.lazydiff_core.tiny import Clock
from tests.lazydiff_core.training.driving import same_checkpoints, stop_at

CONCEPTS = {name: (f"a {name}",) for name in ("disc", "triangle", "square")}
RUN = JudgeRun(minutes=0.1, batch=8, rendered=4, pool=32, stored=24, decoded_share=0.5, checked=12)


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        judge_trainer, "RECIPE", SceneRecipe(side=64, small=(0.4, 0.8), empty_share=0)
    )
    monkeypatch.setattr(judge_trainer, "fast_dtype", lambda device: torch.float32)


@pytest.fixture
def bank_folder(shapes: StickerBank, tmp_path: Path) -> Path:
    np.save(tmp_path / "stickers.npy", shapes.pixels)
    (tmp_path / "stickers.json").write_text(json.dumps([asdict(s) for s in shapes.stickers]))
    return tmp_path


def test_every_rendering_is_a_subject_and_rare_ones_weigh_half(shapes: StickerBank) -> None:
    subjects = judged_subjects(shapes, CONCEPTS, frozenset({"square"}))
    assert len(subjects) == len(shapes.stickers)
    weights = {shapes.stickers[s.sticker].concept: s.weight for s in subjects}
    assert weights == {"disc": 1, "triangle": 1, "square": 0.5}


def test_the_first_batch_waits_for_enough_examples(
    bank_folder: Path, shapes: StickerBank, monkeypatch: pytest.MonkeyPatch
) -> None:
    put, filled = judge_trainer._Pool.put, []

    def counted(pool: Any, number: int, *args: Any) -> None:
        put(pool, number, *args)
        filled.append(number + 1)

    monkeypatch.setattr(judge_trainer._Pool, "put", counted)
    config = JudgeConfig(tuple(CONCEPTS), tuple(CONCEPTS), STYLES)
    subjects = judged_subjects(shapes, CONCEPTS)
    run = replace(RUN, pool=24, least_pool=20)
    next(iter(ExampleStream(bank_folder, subjects, config, None, run)))
    assert filled[-1] == 20
    filled.clear()  # never more than there is room for
    next(iter(ExampleStream(bank_folder, subjects, config, None, replace(run, least_pool=99))))
    assert filled[-1] == 24


def test_examples_have_the_classes_of_what_they_show(
    bank_folder: Path, shapes: StickerBank, tiny_autoencoder: Autoencoder
) -> None:
    config = JudgeConfig(tuple(CONCEPTS), tuple(CONCEPTS), STYLES)
    subjects = judged_subjects(shapes, CONCEPTS)
    plain = ExampleStream(bank_folder, subjects, config, None, RUN)
    first, again = (next(iter(plain)) for _ in range(2))
    assert first.crops.shape == (8, 24, 24, 3)
    assert np.array_equal(first.crops, again.crops)
    colours = {
        (s.concept, s.style): shapes.pixels[k, 128, 128, :3].astype(int)
        for k, s in enumerate(shapes.stickers)
    }
    for crop, concept, style in zip(first.crops, first.concepts, first.styles, strict=True):
        colour = colours[config.concepts[concept], config.styles[style]]
        assert np.abs(crop[12, 12].astype(int) - colour).max() < 40
    through = ExampleStream(bank_folder, subjects, config, tiny_autoencoder, RUN)
    assert not np.array_equal(next(iter(through)).crops, first.crops)


class Inline:
    """Stands in for DataLoader: no process, the same batches."""

    def __init__(self, stream: ExampleStream, **options: Any) -> None:
        self.stream = stream

    def __iter__(self) -> Any:
        return iter(self.stream)


def test_training_writes_a_judge_that_a_second_sitting_continues(
    bank_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judge_trainer, "DataLoader", Inline)
    monkeypatch.setattr(loop, "time", Clock())
    out = tmp_path / "judge"
    top1 = train_judge(bank_folder, CONCEPTS, None, out, RUN)
    assert 0 <= top1 <= 1
    first = load_judge(out)
    assert first.config.concepts == tuple(CONCEPTS)
    assert first.config.prompts == ("a disc", "a triangle", "a square")
    train_judge(bank_folder, CONCEPTS, None, out, JudgeRun(**(asdict(RUN) | {"peak_rate": 0.0})))
    kept = torch.equal(load_judge(out).concept, first.concept)
    assert kept  # continued from the first sitting's weights, at a rate of nought
    fewer = {name: prompts for name, prompts in CONCEPTS.items() if name != "disc"}
    with pytest.raises(TrainingError, match="other concepts"):
        train_judge(bank_folder, fewer, None, out, RUN)


def test_a_run_that_was_stopped_ends_as_an_unbroken_one_bit_by_bit(
    bank_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It renders the examples again that it had when it was stopped, fewer than there were."""
    monkeypatch.setattr(judge_trainer, "DataLoader", Inline)
    monkeypatch.setattr(loop, "time", Clock())
    run = replace(RUN, steps=80, pool=16, least_pool=8)
    train_judge(bank_folder, CONCEPTS, None, tmp_path / "unbroken", run)
    with monkeypatch.context() as patch:
        stop_at(patch, 70)
        with pytest.raises(KeyboardInterrupt):
            train_judge(bank_folder, CONCEPTS, None, tmp_path / "broken", run)
    assert 0 < checkpoints(tmp_path / "broken")[-1][0] < 70
    train_judge(bank_folder, CONCEPTS, None, tmp_path / "broken", run)
    same_checkpoints(tmp_path / "broken", tmp_path / "unbroken", 80)
