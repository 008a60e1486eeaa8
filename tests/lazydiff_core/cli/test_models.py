from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest

from lazydiff_core.cli import models


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A models folder with one model and one folder that is none."""
    (tmp_path / "no-model").mkdir()
    model = tmp_path / "tiny"
    model.mkdir()
    (model / "config.json").write_text('{"side": 64}')
    (model / "model.safetensors").write_bytes(b"12345678")
    monkeypatch.setattr(models, "resource", lambda name: tmp_path)
    return model


def test_list_names_what_is_installed(lazydiff: Any, installed: Path) -> None:
    row = {"name": "tiny", "path": str(installed), "bytes": 20}

    assert lazydiff("models", "list", "--json").document == [row]
    assert lazydiff("models", "list").out.split()[0] == "tiny"


def test_list_says_when_there_is_none(
    lazydiff: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(models, "resource", lambda name: tmp_path)

    assert lazydiff("models", "list").out == "No model is installed.\n"
    assert lazydiff("models", "list", "--json").document == []


@pytest.mark.parametrize("by_path", [False, True])
def test_info_shows_sizes_and_digests(lazydiff: Any, installed: Path, by_path: bool) -> None:
    name = str(installed) if by_path else "tiny"

    document = lazydiff("models", "info", name, "--json").document

    assert (document["name"], document["bytes"], document["config"]) == ("tiny", 20, {"side": 64})
    digest = hashlib.sha256(b"12345678").hexdigest()
    assert document["files"][1] == {"name": "model.safetensors", "bytes": 8, "sha256": digest}
    assert digest in lazydiff("models", "info", name).out


def test_an_unknown_model_is_answered_with_the_known_ones(lazydiff: Any, installed: Path) -> None:
    outcome = lazydiff("models", "info", "huge")

    assert (outcome.code, outcome.out) == (2, "")
    assert "'huge'" in outcome.err
    assert "tiny" in outcome.err


def test_a_damaged_config_is_an_error_of_the_model(lazydiff: Any, installed: Path) -> None:
    (installed / "config.json").write_text("{")

    assert lazydiff("models", "info", "tiny").code == 2
