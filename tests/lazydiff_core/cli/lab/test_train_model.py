from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.lazydiff_core.training.drawn import write_drawn_shards

SMALL = {
    "steps": 2, "batch": 2, "micro_batch": 1, "workers": 0, "save_every": 1, "sample_every": 0,
    "precision": '"float32"',
}  # fmt: skip


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "shards"
    folder.mkdir()
    write_drawn_shards(folder)
    return folder


def changes(**more: object) -> list[object]:
    entries = SMALL | more
    return [part for name, value in entries.items() for part in ("--set", f"{name}={value}")]


def test_from_shards_to_a_model(
    lazydiff: Any, pictures: Any, data: Path, parts_folder: Path, tmp_path: Path
) -> None:
    encoded, run, model = (tmp_path / name for name in ("encoded", "run", "model"))
    command = ["data", "encode", "--data", data, "--model", parts_folder, "--out", encoded]
    outcome = lazydiff(*command, "--device", "cpu", "--json")
    assert (outcome.code, outcome.document["shards"]) == (0, 3)

    begin = ["train", "model", "--data", encoded, "--init", parts_folder, "--out", run]
    outcome = lazydiff(*begin, *changes(), "--json")
    assert outcome.code == 0, outcome.err
    assert outcome.document["steps"] == 2
    outcome = lazydiff(*begin, *changes())
    assert outcome.code == 2
    assert "holds a run already: go on with --resume" in outcome.err
    outcome = lazydiff(*begin, *changes(steps=3), "--resume")
    assert outcome.code == 0
    assert "after 3 steps" in outcome.out

    outcome = lazydiff("train", "export-model", "--run", run, "--out", model, "--json")
    assert outcome.document == {"out": str(model), "step": 3}
    fill = [pictures.image, "--mask", pictures.mask, "--out", pictures.out, "--prompt", "cat"]
    assert lazydiff("fill", *fill, "--model", model, "--steps", 2).code == 0
    outcome = lazydiff("train", "export-model", "--run", run, "--out", model)
    assert (outcome.code, "already exists" in outcome.err) == (2, True)

    import torch
    from safetensors.torch import load_file

    from lazydiff_core.model.checkpoint.checkpoint import load_checkpoint

    mean, weights = tmp_path / "mean.safetensors", tmp_path / "weights.safetensors"
    command = ["train", "export-weights", "--run", run, "--out"]
    assert lazydiff(*command, mean, "--json").document == {"out": str(mean), "step": 3}
    assert lazydiff(*command, weights, "--part", "model").code == 0
    exported = load_checkpoint(model).lazy.state_dict()
    assert all(torch.equal(v, exported[k]) for k, v in load_file(mean).items())
    assert any(not torch.equal(v, exported[k]) for k, v in load_file(weights).items())
    again = lazydiff(*command, mean)
    assert (again.code, "already exists" in again.err) == (2, True)
    nothing = lazydiff("train", "export-weights", "--run", encoded, "--out", tmp_path / "none")
    assert (nothing.code, "holds no checkpoint yet" in nothing.err) == (2, True)


def test_classes_from_annotations_and_no_prompt_at_all(
    lazydiff: Any, pictures: Any, voc: Path, pixart_pipeline: Path, tmp_path: Path
) -> None:
    """The paper's ImageNet study: labels in the place of text, or the surroundings alone."""
    shards, start, run, model = (tmp_path / name for name in ("prepared", "start", "run", "model"))
    names = tmp_path / "names.txt"
    names.write_text("square\npotted plant\n")
    small = ["--side", 96, "--least-side", 32, "--least-area", 0.01, "--workers", 1]
    assert lazydiff("data", "prepare", voc, "--voc", "--out", shards, *small).code == 0
    begin = ["models", "init-pixart", pixart_pipeline, "--class-names", names, "--out", start]
    assert lazydiff(*begin).code == 0
    train = ["train", "model", "--data", shards, "--init", start, "--out", run]
    outcome = lazydiff(*train, *changes(steps=3, rate=0.01, sample_every=3, sample_steps=1))
    assert outcome.code == 0, outcome.err
    assert lazydiff("train", "export-model", "--run", run, "--out", model).code == 0

    fill = ["fill", pictures.image, "--mask", pictures.mask, "--model", model, "--steps", 2]
    found = {}
    for prompt in ("square", "class:0", "potted plant", ""):
        out = tmp_path / "filled.png"
        outcome = lazydiff(*fill, "--prompt", prompt, "--out", out, "--seed", 1)
        assert outcome.code == 0, outcome.err
        found[prompt] = out.read_bytes()
    assert found["square"] == found["class:0"]
    assert len(set(found.values())) == 3
    outcome = lazydiff(*fill, "--prompt", "a hat", "--out", tmp_path / "filled.png")
    assert (outcome.code, "has 2 classes" in outcome.err) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--set", "stepz=1"], "no entry 'stepz'"),
        (["--set", "steps"], "is no line of a recipe"),
        (["--config", "nowhere.toml"], "recipe nowhere.toml cannot be read"),
        (["--data", "nowhere"], "There are no shards (.tar) in nowhere"),
        (["--set", "batch=3"], "batch of 3 cannot be shared by 1 processes"),
    ],
)
def test_bad_input(
    lazydiff: Any, data: Path, parts_folder: Path, tmp_path: Path, arguments: Any, complaint: str
) -> None:
    begin = ["train", "model", "--data", data, "--init", parts_folder, "--out", tmp_path / "run"]
    outcome = lazydiff(*begin, *arguments)
    assert outcome.code == 2
    assert complaint in outcome.err


@pytest.mark.parametrize("part", ["0/2", "3/2", "1", "a/b"])
def test_bad_parts(lazydiff: Any, part: str, tmp_path: Path) -> None:
    command = ["data", "encode", "--data", tmp_path, "--model", "bundled", "--out", tmp_path]
    outcome = lazydiff(*command, "--shard", part)
    assert outcome.code == 2
    assert "is not I/N, such as 1/4" in outcome.err or "whole number" in outcome.err
