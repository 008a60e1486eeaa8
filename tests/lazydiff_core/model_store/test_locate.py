from __future__ import annotations

from pathlib import Path

import huggingface_hub
import pytest

from lazydiff_core.errors import ModelError
from lazydiff_core.model_store import default_registry, locate
from lazydiff_core.model_store.locate import locate_model


def test_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert locate_model(str(tmp_path)) == tmp_path
    (tmp_path / "owner" / "name").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    assert locate_model("owner/name") == Path("owner/name")  # before any hub
    monkeypatch.setenv("HOME", str(tmp_path))
    assert locate_model("~/owner") == tmp_path / "owner"


def test_a_name_that_was_added(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    default_registry().add(tmp_path, "mine")
    assert locate_model("mine") == tmp_path


def test_the_bundled_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locate, "resource", lambda path: tmp_path / path)
    assert locate_model("bundled") == tmp_path / "models" / "bundled"


def test_an_installation_without_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locate, "BUNDLED", "not-there")
    with pytest.raises(ModelError, match="install LazyDiff again"):
        locate_model("not-there")


@pytest.mark.parametrize(
    "name", ["", "nothing", "~nobody-here/a", "a/b/c", "./a", "../a/b", "~/a", "/a", "a/"]
)
def test_what_is_neither_folder_nor_hub_id(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ModelError, match=r"give a folder, a hub id or 'bundled'"):
        locate_model(name)


def test_a_hub_id_is_downloaded_without_pickles(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = {}

    def download(name: str, allow_patterns: list[str]) -> str:
        asked[name] = allow_patterns
        return str(tmp_path)

    monkeypatch.setattr(huggingface_hub, "snapshot_download", download)
    assert locate_model("owner/model") == tmp_path
    assert asked == {"owner/model": ["*.json", "*.safetensors", "*.txt", "*.model"]}


@pytest.mark.parametrize("name", ["owner/model-that-is-nowhere", "owner/not a valid name"])
def test_a_hub_id_that_cannot_be_had(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", True)
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(
        ModelError, match=f"model '{name}' is not installed and cannot be downloaded"
    ):
        locate_model(name)
