from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image


def test_a_pipeline_becomes_a_model_that_fills(
    lazydiff: Any, pictures: Any, pixart_pipeline: Path, tmp_path: Path
) -> None:
    model = tmp_path / "model"
    outcome = lazydiff("models", "init-pixart", pixart_pipeline, "--out", model, "--json")
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.document["config"]["side"] == 128
    assert outcome.document["config"]["context_blocks"] == 1
    assert outcome.document["parameters"] > 0

    paths = [pictures.image, "--mask", pictures.mask, "--out", pictures.out]
    filled = lazydiff("fill", *paths, "--prompt", "cat", "--model", model, "--steps", 2, "--json")
    assert filled.code == 0
    assert filled.document["pixels_changed_outside_mask"] == 0
    assert filled.document["tokens"]["canvas"] == 64
    before, after = (np.asarray(Image.open(p)) for p in (pictures.image, pictures.out))
    assert not np.array_equal(before, after)


def test_parts_from_folders_of_their_own(
    lazydiff: Any, pixart_pipeline: Path, tmp_path: Path
) -> None:
    alone = shutil.copytree(pixart_pipeline / "transformer", tmp_path / "pixart")
    model = tmp_path / "model"
    begin = ["models", "init-pixart", alone, "--out", model]
    outcome = lazydiff(*begin)
    assert outcome.code == 2
    assert "comes without a vae folder: name one by --vae" in outcome.err
    begin += ["--vae", pixart_pipeline / "vae"]
    assert "name one by --text-encoder" in lazydiff(*begin).err
    text = ["--text-encoder", pixart_pipeline / "text_encoder"]
    text += ["--tokenizer", pixart_pipeline / "tokenizer"]
    outcome = lazydiff(*begin, *text, "--context-blocks", 2)
    assert outcome.code == 0
    assert "million parameters, in" in outcome.out
    assert (model / "tokenizer" / "tokenizer.json").is_file()


def test_classes_take_no_text_encoder(lazydiff: Any, pixart_pipeline: Path, tmp_path: Path) -> None:
    model = tmp_path / "model"
    begin = ["models", "init-pixart", pixart_pipeline, "--out", model, "--json"]
    assert lazydiff(*begin, "--classes", 7).document["config"]["classes"] == 7
    assert sorted(p.name for p in model.iterdir()) == ["config.json", "lazy", "vae"]


def test_classes_with_names(lazydiff: Any, pixart_pipeline: Path, tmp_path: Path) -> None:
    names = tmp_path / "names.txt"
    names.write_text("square\npotted plant\n\n")
    model = tmp_path / "model"
    begin = ["models", "init-pixart", pixart_pipeline, "--class-names", names]
    outcome = lazydiff(*begin, "--out", model, "--json")
    assert outcome.document["config"]["classes"] == 2
    assert json.loads((model / "config.json").read_text())["concepts"] == ["square", "potted plant"]
    for text, complaint in (("a\nA", "each once"), ("", "at least one class")):
        names.write_text(text)
        outcome = lazydiff(*begin, "--out", tmp_path / "other")
        assert (outcome.code, complaint in outcome.err) == (2, True)
    names.unlink()
    assert "cannot be read" in lazydiff(*begin, "--out", tmp_path / "other").err


def test_bad_input_writes_nothing(lazydiff: Any, pixart_pipeline: Path, tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.mkdir()
    outcome = lazydiff("models", "init-pixart", pixart_pipeline, "--out", taken)
    assert (outcome.code, list(taken.iterdir())) == (2, [])
    assert "already exists" in outcome.err
    broken = Path(shutil.copytree(pixart_pipeline, tmp_path / "broken"))
    (broken / "text_encoder" / "model.safetensors").unlink()
    outcome = lazydiff("models", "init-pixart", broken, "--out", tmp_path / "new")
    assert outcome.code == 2
    assert "model.safetensors is missing" in outcome.err
    assert not (tmp_path / "new").exists()


def test_offline(lazydiff: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "cache"))
    outcome = lazydiff("models", "init-pixart", "owner/pixart", "--out", tmp_path / "new")
    assert outcome.code == 2
    assert "owner/pixart cannot be reached while LazyDiff is offline" in outcome.err


def test_a_baseline_starts_as_the_pixart(
    lazydiff: Any, pictures: Any, pixart_pipeline: Path, tmp_path: Path
) -> None:
    model = tmp_path / "model"
    begin = ["models", "init-pixart", pixart_pipeline, "--out", model]
    begin += ["--architecture", "regenerate_image", "--json"]
    refused = lazydiff(*begin, "--context-blocks", 2)
    assert (refused.code, model.exists()) == (2, False)
    assert "no context encoder" in refused.err
    assert lazydiff(*begin).document["config"]["architecture"] == "regenerate_image"
    paths = [pictures.image, "--mask", pictures.mask, "--out", pictures.out]
    filled = lazydiff("fill", *paths, "--prompt", "cat", "--model", model, "--steps", 2, "--json")
    assert filled.code == 0
    assert filled.document["backend"] == "regenerate_image"
    assert filled.document["tokens"] == {"canvas": 64, "hole": 64}
    assert filled.document["pixels_changed_outside_mask"] == 0
