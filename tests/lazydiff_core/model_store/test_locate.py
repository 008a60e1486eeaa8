from __future__ import annotations

from pathlib import Path

import huggingface_hub
import pytest

from lazydiff_core.errors import ModelError
from lazydiff_core.model_store import default_registry, locate
from lazydiff_core.model_store.locate import locate_model, only_on_hub


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


def test_a_download_is_known_by_its_own_name_too(tmp_path: Path) -> None:
    registry = default_registry()
    for owner in ("first", "second"):
        folder = tmp_path / owner
        folder.mkdir()
        (folder / "config.json").write_text("{}")
        registry.add(folder, f"{owner}--Klein-4B", f"{owner}/Klein-4B@1")
        if owner == "first":
            assert locate_model("klein-4b") == folder
            assert not only_on_hub("Klein-4B")
    with pytest.raises(ModelError, match="one of: bundled, first--Klein-4B, second--Klein-4B"):
        locate_model("klein-4b")  # which of the two?


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
    with pytest.raises(ModelError, match=r"give a folder, a hub id .* or one of: bundled\."):
        locate_model(name)


def test_a_hub_id_is_found_where_it_was_downloaded_to(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    default_registry().add(tmp_path, "mine", "owner/model@abc")
    assert locate_model("owner/model") == tmp_path
    assert not only_on_hub("owner/model")


def test_the_hub_librarys_own_cache_is_read_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = {}

    def cached(name: str, allow_patterns: list[str], local_files_only: bool) -> str:
        asked[name] = (allow_patterns, local_files_only)
        return str(tmp_path)

    monkeypatch.setattr(huggingface_hub, "snapshot_download", cached)
    assert only_on_hub("owner/model"), "a cache without the index is none"
    (tmp_path / "model_index.json").write_text("{}")
    assert locate_model("owner/model") == tmp_path
    patterns = ["*.json", "*.safetensors", "*.txt", "*.model", "*.jinja"]
    assert asked == {"owner/model": (patterns, True)}


@pytest.mark.parametrize("name", ["owner/model-that-is-nowhere", "owner/not a valid name"])
def test_a_hub_id_is_never_downloaded_unasked(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setattr(huggingface_hub.constants, "ENDPOINT", "http://127.0.0.1:9")
    assert only_on_hub(name)
    with pytest.raises(ModelError, match=f"'{name}' is not installed: .*models download {name}"):
        locate_model(name)
