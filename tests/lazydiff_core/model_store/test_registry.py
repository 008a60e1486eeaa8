from __future__ import annotations

from pathlib import Path

import pytest

from lazydiff_core.errors import ModelError, TargetError
from lazydiff_core.model_store import ModelRegistry
from lazydiff_core.model_store import registry as registry_module


@pytest.fixture
def registry(tmp_path: Path) -> ModelRegistry:
    return ModelRegistry(tmp_path / "data")


def model(folder: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / "config.json").write_text("{}")
    return folder


def test_a_folder_gets_a_name_and_stays_where_it_is(
    registry: ModelRegistry, tmp_path: Path
) -> None:
    folder = model(tmp_path / "my 蘑菇 model")
    added = registry.add(folder)
    assert (added.name, added.path, added.source) == (folder.name, folder, "")
    registry.add(model(tmp_path / "other"), "Another")
    again = ModelRegistry(registry.folder)
    assert [row.name for row in again.models()] == ["Another", folder.name]
    assert again.find("Another") == again.models()[0]
    assert again.find("other") is None


def test_a_relative_folder_is_found_from_elsewhere(
    registry: ModelRegistry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model(tmp_path / "here")
    monkeypatch.chdir(tmp_path)
    assert registry.add(Path("here")).path == tmp_path / "here"


def test_adding_the_same_folder_again_changes_nothing(
    registry: ModelRegistry, tmp_path: Path
) -> None:
    folder = model(tmp_path / "a")
    registry.add(folder)
    registry.add(folder)
    assert len(registry.models()) == 1
    with pytest.raises(ModelError, match="already"):
        registry.add(model(tmp_path / "b"), "a")


@pytest.mark.parametrize("name", ["bundled", "fake", "owner/name", "..", ".hidden", "x" * 65, "\n"])
def test_names_that_mean_something_else_are_refused(
    registry: ModelRegistry, tmp_path: Path, name: str
) -> None:
    with pytest.raises(ModelError, match="another name"):
        registry.add(model(tmp_path / "a"), name)


def test_a_folder_without_a_model_is_refused(registry: ModelRegistry, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="not a model folder"):
        registry.add(tmp_path)


def test_forgetting_leaves_the_files_of_others_alone(
    registry: ModelRegistry, tmp_path: Path
) -> None:
    folder = model(tmp_path / "a")
    registry.add(folder)
    assert registry.remove("a").path == folder
    assert (folder / "config.json").exists()
    assert registry.models() == ()
    with pytest.raises(ModelError, match="added models: none"):
        registry.remove("a")


def test_what_was_downloaded_is_deleted(registry: ModelRegistry) -> None:
    added = registry.add(model(registry.downloads / "o--a"), source="o/a@1")
    registry.remove(added.name)
    assert not added.path.exists()


def test_a_source_alone_deletes_nothing(registry: ModelRegistry, tmp_path: Path) -> None:
    folder = model(tmp_path / "precious")
    registry.add(folder, source="o/a@1")
    registry.remove("precious")
    assert folder.exists()


def test_a_model_that_is_gone_is_still_listed_and_can_be_forgotten(
    registry: ModelRegistry, tmp_path: Path
) -> None:
    folder = model(registry.downloads / "o--a")
    registry.add(folder, source="o/a@1")
    (folder / "config.json").unlink()
    folder.rmdir()
    assert not registry.models()[0].is_there
    registry.remove("o--a")


@pytest.mark.parametrize("text", ["{", "[]", '{"models": 7}', '{"models": {"a": 7}}', "\xff"])
def test_a_list_that_cannot_be_read_is_empty_and_kept_aside(
    registry: ModelRegistry, tmp_path: Path, text: str
) -> None:
    registry.folder.mkdir()
    (registry.folder / "models.json").write_bytes(text.encode("latin-1"))
    assert registry.models() == ()
    registry.add(model(tmp_path / "a"))
    assert (registry.folder / "models.json~").read_bytes() == text.encode("latin-1")


def test_what_cannot_be_deleted_stays_on_the_list(
    registry: ModelRegistry, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry.add(model(registry.downloads / "o--a"), source="o/a@1")

    def refuse(path: Path) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(registry_module.shutil, "rmtree", refuse)
    with pytest.raises(TargetError, match="cannot be deleted"):
        registry.remove("o--a")
    assert len(registry.models()) == 1
