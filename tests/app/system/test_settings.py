from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.system.settings import MAX_RECENT_FILES, Settings, SettingsStore, usual_path


def test_what_is_changed_is_there_next_time(tmp_path: Path) -> None:
    path = tmp_path / "a folder" / "window.json"
    SettingsStore(path).update(theme="dark", grow_by=99)
    value = SettingsStore(path).value
    assert (value.theme, value.grow_by) == ("dark", 99)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=60))
def test_garbage_gives_the_defaults(tmp_path: Path, garbage: bytes) -> None:
    path = tmp_path / "window.json"
    path.write_bytes(garbage)
    assert isinstance(SettingsStore(path).value, Settings)


def test_values_of_another_kind_give_their_defaults(tmp_path: Path) -> None:
    path = tmp_path / "window.json"
    wrong = {"grow_by": "big", "theme": 5, "recent_files": [1], "pixel_grid": 0, "else": 1}
    path.write_text(json.dumps(wrong | {"folder": "/pictures"}))
    assert SettingsStore(path).value == Settings(folder="/pictures")


def test_recent_files_are_few_and_each_is_there_once(tmp_path: Path) -> None:
    store = SettingsStore(tmp_path / "window.json")
    for number in range(20):
        store.remember_file(tmp_path / f"{number % 12}.png")
    recent = store.value.recent_files
    assert len(recent) == len(set(recent)) == MAX_RECENT_FILES
    assert recent[0] == str(tmp_path / "7.png")
    store.forget_file(tmp_path / "7.png")
    assert str(tmp_path / "7.png") not in store.value.recent_files


def test_settings_that_cannot_be_saved_do_no_harm(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("in the way")
    store = SettingsStore(tmp_path / "file" / "window.json")
    store.update(grow_by=7)
    assert store.value.grow_by == 7
    assert "not saved" in caplog.text


def test_the_usual_path_is_the_users_own() -> None:
    assert usual_path().name == "window.json"
    assert usual_path().is_absolute()


def test_garbage_is_kept_and_told(tmp_path: Path) -> None:
    path = tmp_path / "window.json"
    path.write_bytes(b"{half of it")
    store = SettingsStore(path)
    assert store.damaged
    assert store.damaged_path.read_bytes() == b"{half of it"
    store.update(theme="dark")
    again = SettingsStore(path)
    assert not again.damaged
    assert again.value.theme == "dark"
    assert store.damaged_path.read_bytes() == b"{half of it"


def test_no_settings_yet_is_no_damage(tmp_path: Path) -> None:
    assert not SettingsStore(tmp_path / "window.json").damaged
