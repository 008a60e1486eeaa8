from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lazydiff_core.model.files.config import BUNDLED, baseline

Run = Callable[..., Any]


class Trainer:
    """Stands in for the trainer and notes what it is asked for."""

    def __init__(self) -> None:
        self.config: Any = None
        self.run: Any = None
        self.held_out: Path | None = None
        self.weights: dict[str, float] = {}
        self.text: Any = None

    def __call__(
        self,
        shards: Path,
        concepts: object,
        text: object,
        out: Path,
        run: object,
        config: object,
        held_out: Path | None,
        weights: dict[str, float],
    ) -> float:
        self.config, self.run, self.held_out = config, run, held_out
        self.weights, self.text = weights, text
        return 0.25


@pytest.fixture
def trainer(monkeypatch: pytest.MonkeyPatch) -> Trainer:
    from lazydiff_core.model.text import text_encoder
    from lazydiff_core.training.learners import scenes

    stand_in = Trainer()
    monkeypatch.setattr(scenes, "train_lazy", stand_in)
    monkeypatch.setattr(text_encoder, "MiniLM", lambda tokens: None)
    return stand_in


@pytest.mark.parametrize("name", ["image", "crop"])
def test_baselines_of_the_bundled_scale(
    name: str, trainer: Trainer, lazydiff: Run, tmp_path: Path
) -> None:
    outcome = lazydiff("train", name, "--shards", tmp_path, "--out", tmp_path, "--json")
    assert outcome.code == 0, outcome.err
    assert outcome.document["loss"] == 0.25
    assert trainer.config == baseline(BUNDLED, f"regenerate_{name}")
    assert (trainer.run.draws, trainer.run.steps) == (1, 0)
    assert trainer.held_out is None
    assert trainer.run.compiled == ""
    wishes = ("--steps", 400, "--held-out", tmp_path / "kept", "--compile")
    steps = lazydiff("train", name, "--shards", tmp_path, "--out", tmp_path, *wishes)
    assert steps.code == 0, steps.err
    assert (trainer.run.steps, trainer.held_out) == (400, tmp_path / "kept")
    assert trainer.run.compiled == "inductor"


def test_sections_may_be_drawn_more_or_less_often(
    trainer: Trainer, lazydiff: Run, tmp_path: Path
) -> None:
    asked = ("train", "lazy", "--shards", tmp_path, "--out", tmp_path, "--weights")
    done = lazydiff(*asked, "more=0.2", "surfaces=3")
    assert done.code == 0, done.err
    assert (trainer.weights["gorilla"], trainer.weights["grass"]) == (0.2, 3)
    assert "apple" not in trainer.weights
    for wrong in ("more=-1", "more", "more=often"):
        assert lazydiff(*asked, wrong).code == 2
    unknown = lazydiff(*asked, "nothing=1")
    assert unknown.code == 2
    assert "nothing" in unknown.err


def test_starting_from_a_model(
    trainer: Trainer, lazydiff: Run, tiny_folder: Path, tiny_config: object, tmp_path: Path
) -> None:
    run = tmp_path / "run"
    outcome = lazydiff("train", "crop", "--shards", tmp_path, "--out", run, "--init", tiny_folder)
    assert outcome.code == 0, outcome.err
    assert trainer.config == baseline(tiny_config, "regenerate_crop")  # type: ignore[arg-type]
    assert (run / "step-00000000").is_dir()


def test_starting_from_nothing(trainer: Trainer, lazydiff: Run, tmp_path: Path) -> None:
    outcome = lazydiff(
        "train", "image", "--shards", tmp_path, "--out", tmp_path, "--init", tmp_path / "none"
    )
    assert (outcome.code, outcome.out) == (2, "")
    assert "There is no model" in outcome.err
    assert trainer.config is None


def test_a_run_is_told_what_its_words_look_like(
    trainer: Trainer, lazydiff: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from lazydiff_core.training import export, lexicon_builder, stickers
    from tests.lazydiff_core.tiny import tiny_lexicon

    lexicon = tiny_lexicon({"red apple": "apple", "grass": "grass"})
    asked: list[list[str]] = []

    def build(
        bank: object, concepts: dict[str, object], surfaces: dict[str, object], *others: object
    ) -> object:
        asked.append([*concepts, *surfaces])
        assert ("apple" in concepts, "grass" in surfaces) == (True, True)
        return lexicon

    monkeypatch.setattr(lexicon_builder, "build_lexicon", build)
    monkeypatch.setattr(stickers.StickerBank, "load", lambda folder: None)
    monkeypatch.setattr(export, "load_autoencoder", lambda folder: None)
    run = tmp_path / "run"
    given = ("--stickers", tmp_path, "--autoencoder", tmp_path, "--lazy", run)
    done = lazydiff("train", "lexicon", *given, "--sections", "core", "surfaces", "--json")
    assert done.code == 0, done.err
    assert done.document == {"out": str(run), "words": 2, "renderings": 2}
    again = lazydiff("train", "lexicon", *given)
    assert (again.code, "has a lexicon already" in again.err) == (2, True)
    assert len(asked) == 1  # found out before it was built
    anew = lazydiff("train", "lexicon", *given, "--sections", "core", "surfaces", "--anew")
    assert anew.code == 0, anew.err
    trained = lazydiff("train", "lazy", "--shards", tmp_path, "--out", run)
    assert trained.code == 0, trained.err
    assert trainer.config == dataclasses.replace(BUNDLED, look_styles=4)


def test_one_command_trains_and_measures_within_a_time(
    lazydiff: Run, tiny_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from lazydiff_core.cli.lab import train_bundled
    from lazydiff_core.model.text import text_encoder
    from lazydiff_core.training import sitting

    asked: list[Any] = []

    def train(model: Path, bank: Path, concepts: object, text: object, *rest: Any) -> float:
        out, plan = rest
        asked.append((model, bank, plan))
        (out / "model").mkdir(parents=True)
        (out / "model" / "lazy.safetensors").write_bytes(b"12345678")
        return 0.25

    monkeypatch.setattr(sitting, "train_sitting", train)
    monkeypatch.setattr(text_encoder, "MiniLM", lambda tokens: None)
    monkeypatch.setattr(train_bundled, "_scores", lambda folder, device: {"sharpness": 0.9})
    out = tmp_path / "out"
    done = lazydiff(
        "train", "bundled", "--stickers", tmp_path, "--out", out, "--model", tiny_folder,
        "--minutes", 5, "--device", "cpu", "--workers", 3, "--json",
    )  # fmt: skip
    assert done.code == 0, done.err
    ((model, bank, plan),) = asked
    assert (model, bank, plan.workers, plan.device) == (tiny_folder, tmp_path, 3, "cpu")
    assert plan.minutes == pytest.approx(4)
    assert done.document["scores"] == {"sharpness": 0.9}
    assert (out / "parts" / "lazy.safetensors.000").read_bytes() == b"12345678"
    assert json.loads((out / "parts" / "report.json").read_text())["loss"] == 0.25
