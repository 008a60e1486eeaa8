from __future__ import annotations

from pathlib import Path

import pytest

from lazydiff_core.errors import ModelError, TargetError
from lazydiff_core.model_store import Shelf
from lazydiff_core.model_store import registry as registry_module


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "data")


def model(folder: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / "config.json").write_text("{}")
    return folder


def test_a_folder_gets_a_name_and_stays_where_it_is(shelf: Shelf, tmp_path: Path) -> None:
    folder = model(tmp_path / "my 蘑菇 model")
    added = shelf.add(folder)
    assert (added.name, added.path, added.source) == (folder.name, folder, "")
    shelf.add(model(tmp_path / "other"), "Another")
    again = Shelf(shelf.folder)
    assert [row.name for row in again.models()] == ["Another", folder.name]
    assert again.find("Another") == again.models()[0]
    assert again.find("other") is None


def test_a_relative_folder_is_found_from_elsewhere(
    shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model(tmp_path / "here")
    monkeypatch.chdir(tmp_path)
    assert shelf.add(Path("here")).path == tmp_path / "here"


def test_adding_the_same_folder_again_changes_nothing(shelf: Shelf, tmp_path: Path) -> None:
    folder = model(tmp_path / "a")
    shelf.add(folder)
    shelf.add(folder)
    assert len(shelf.models()) == 1
    with pytest.raises(ModelError, match="already"):
        shelf.add(model(tmp_path / "b"), "a")


@pytest.mark.parametrize("name", ["bundled", "fake", "owner/name", "..", ".hidden", "x" * 65, "\n"])
def test_names_that_mean_something_else_are_refused(
    shelf: Shelf, tmp_path: Path, name: str
) -> None:
    with pytest.raises(ModelError, match="another name"):
        shelf.add(model(tmp_path / "a"), name)


def test_a_folder_without_a_model_is_refused(shelf: Shelf, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no model folder"):
        shelf.add(tmp_path)


def test_forgetting_leaves_the_files_of_others_alone(shelf: Shelf, tmp_path: Path) -> None:
    folder = model(tmp_path / "a")
    shelf.add(folder)
    assert shelf.remove("a").path == folder
    assert (folder / "config.json").exists()
    assert shelf.models() == ()
    with pytest.raises(ModelError, match="there is none"):
        shelf.remove("a")


def test_what_was_downloaded_is_deleted(shelf: Shelf) -> None:
    added = shelf.add(model(shelf.downloads / "o--a"), source="o/a@1")
    shelf.remove(added.name)
    assert not added.path.exists()


def test_a_source_alone_deletes_nothing(shelf: Shelf, tmp_path: Path) -> None:
    folder = model(tmp_path / "precious")
    shelf.add(folder, source="o/a@1")
    shelf.remove("precious")
    assert folder.exists()


def test_a_model_that_is_gone_is_still_listed_and_can_be_forgotten(
    shelf: Shelf, tmp_path: Path
) -> None:
    folder = model(shelf.downloads / "o--a")
    shelf.add(folder, source="o/a@1")
    (folder / "config.json").unlink()
    folder.rmdir()
    assert not shelf.models()[0].is_there
    shelf.remove("o--a")


@pytest.mark.parametrize("text", ["{", "[]", '{"models": 7}', '{"models": {"a": 7}}', "\xff"])
def test_a_list_that_cannot_be_read_is_empty_and_kept_aside(
    shelf: Shelf, tmp_path: Path, text: str
) -> None:
    shelf.folder.mkdir()
    (shelf.folder / "models.json").write_bytes(text.encode("latin-1"))
    assert shelf.models() == ()
    shelf.add(model(tmp_path / "a"))
    assert (shelf.folder / "models.json~").read_bytes() == text.encode("latin-1")


def test_what_cannot_be_deleted_stays_on_the_list(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.add(model(shelf.downloads / "o--a"), source="o/a@1")

    def refuse(path: Path) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(registry_module.shutil, "rmtree", refuse)
    with pytest.raises(TargetError, match="cannot be deleted"):
        shelf.remove("o--a")
    assert len(shelf.models()) == 1
