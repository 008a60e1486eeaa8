from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from lazydiff_core.model_store import registry
from lazydiff_core.model_store.hub_offer import look_up
from lazydiff_core.model_store.locate import locate_model
from lazydiff_core.model_store.segmenters import segmenter_folder
from tests.lazydiff_core.model_store.doubles import COMMIT, MODEL, FakeHub, serving


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A models folder with one model and one folder that is none."""
    (tmp_path / "no-model").mkdir()
    model = tmp_path / "tiny"
    model.mkdir()
    (model / "config.json").write_text('{"side": 64}')
    (model / "model.safetensors").write_bytes(b"12345678")
    monkeypatch.setattr(registry, "resource", lambda name: tmp_path)
    return model


def test_list_names_what_is_installed(lazydiff: Any, installed: Path) -> None:
    row = {"name": "tiny", "path": str(installed), "bytes": 20}

    assert lazydiff("models", "list", "--json").document == [row]
    assert lazydiff("models", "list").out.split()[0] == "tiny"


def test_list_says_when_there_is_none(
    lazydiff: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "resource", lambda name: tmp_path)

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
    assert document["sale"] == "unknown"


def test_an_unknown_model_is_answered_with_the_known_ones(lazydiff: Any, installed: Path) -> None:
    outcome = lazydiff("models", "info", "huge")

    assert (outcome.code, outcome.out) == (2, "")
    assert "'huge'" in outcome.err
    assert "tiny" in outcome.err


def test_a_damaged_config_is_an_error_of_the_model(lazydiff: Any, installed: Path) -> None:
    (installed / "config.json").write_text("{")

    assert lazydiff("models", "info", "tiny").code == 2


# --- models of the user's own ---------------------------------------------------------------------


def test_an_added_model_has_a_name_everywhere(lazydiff: Any, installed: Path) -> None:
    row = lazydiff("models", "add", installed, "--name", "mine", "--json").document

    assert row == {"name": "mine", "path": str(installed), "bytes": 20}
    assert row in lazydiff("models", "list", "--json").document
    assert lazydiff("models", "info", "mine", "--json").document["path"] == str(installed)
    assert locate_model("mine") == installed


def test_a_removed_model_is_forgotten_and_its_files_stay(lazydiff: Any, installed: Path) -> None:
    lazydiff("models", "add", installed, "--name", "mine")

    gone = lazydiff("models", "remove", "mine", "--json").document
    assert gone == {"name": "mine", "path": str(installed), "deleted": False}
    assert (installed / "config.json").exists()
    assert lazydiff("models", "remove", "mine").code == 2


def test_a_folder_that_is_no_model_cannot_be_added(lazydiff: Any, tmp_path: Path) -> None:
    outcome = lazydiff("models", "add", tmp_path)

    assert (outcome.code, outcome.out) == (2, "")
    assert "not a model folder" in outcome.err


def test_a_model_whose_folder_has_gone_is_listed_as_such(lazydiff: Any, installed: Path) -> None:
    lazydiff("models", "add", installed, "--name", "mine")
    (installed / "config.json").unlink()

    assert "mine" in lazydiff("models", "list").out
    assert "not there any more" in lazydiff("models", "list").out
    assert lazydiff("models", "info", "mine").code == 2


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeHub]:
    files = {"config.json": b"{}", "lazy.safetensors": b"12345678"}
    with serving(FakeHub(files)) as made:
        asking = partial(look_up, endpoint=made.address)
        monkeypatch.setattr("lazydiff_core.cli.paint.model_commands.look_up", asking)
        yield made


def test_a_model_is_downloaded_once_it_is_agreed_to(lazydiff: Any, hub: FakeHub) -> None:
    asked = lazydiff("models", "download", MODEL)
    assert asked.code == 2
    assert "apache-2.0" in asked.err
    assert "are free" in asked.err
    assert hub.asked == [], "nothing comes without a yes"

    done = lazydiff("models", "download", MODEL, "--yes", "--name", "tiny", "--json")
    assert done.document["source"] == f"{MODEL}@{COMMIT}"
    assert locate_model("tiny") == Path(done.document["path"])
    assert lazydiff("models", "remove", "tiny", "--json").document["deleted"]
    assert not Path(done.document["path"]).exists()


def test_what_selects_objects_is_recommended_until_it_is_here(
    lazydiff: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = "lazydiff models download Zigeng/SlimSAM-uniform-77"
    assert line in lazydiff("models", "recommend", "--device", "cpu").out
    files = {
        "config.json": b'{"model_type": "sam"}',
        "preprocessor_config.json": b"{}",
        "model.safetensors": b"12345678",
        "images/paper/frame.PNG": b"a picture",
    }
    with serving(FakeHub(files)) as hub:
        asking = partial(look_up, endpoint=hub.address)
        monkeypatch.setattr("lazydiff_core.cli.paint.model_commands.look_up", asking)
        done = lazydiff("models", "download", MODEL, "--yes", "--json")
    assert segmenter_folder() == Path(done.document["path"])
    assert not (Path(done.document["path"]) / "images").exists()
    assert line not in lazydiff("models", "recommend", "--device", "cpu").out


def test_info_of_the_bundled_model_answers_in_one_line(lazydiff: Any) -> None:
    document = lazydiff("models", "info", "bundled", "--json").document
    assert (document["licence"], document["sale"]) == ("apache-2.0", "yes")
    assert "Twemoji" in document["attribution"]
    text = lazydiff("models", "info", "bundled").out
    assert "you may sell what you paint; to be named beside pictures: Twemoji" in text
    assert f'"concepts": {len(document["config"]["concepts"])}' in text


def test_models_are_recommended(lazydiff: Any) -> None:
    rows = lazydiff("models", "recommend", "--device", "cpu", "--json").document
    assert {
        "id",
        "name",
        "quality",
        "gb",
        "licence",
        "may_i_sell",
        "fits",
        "plan",
        "seconds",
    } <= set(rows[0])
    text = lazydiff("models", "recommend", "--device", "cpu").out
    assert "lazydiff models download black-forest-labs/FLUX.2-klein-4B" in text
    assert "you may sell what you paint" in text
