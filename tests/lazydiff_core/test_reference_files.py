from __future__ import annotations

from pathlib import Path

import pytest

from lazydiff_core.errors import InputError
from lazydiff_core.generation_settings import GenerationSettings
from lazydiff_core.reference_files import MAX_REFERENCES, read_references, references_setting


def test_a_setting_holds_several_and_comes_back() -> None:
    paths = (Path("/a/robot.png"), Path("/b c/hat: red.png"))
    setting = references_setting(paths)
    assert read_references(setting) == paths
    assert GenerationSettings(references=setting).references == setting
    assert read_references(" \n") == ()


def test_a_relative_name_is_kept_whole() -> None:
    assert references_setting([Path("robot.png")]) == str(Path.cwd() / "robot.png")
    assert read_references("~/robot.png") == (Path.home() / "robot.png",)


def test_too_many() -> None:
    with pytest.raises(InputError, match="3 pictures at most, not to 4"):
        read_references("\n".join("abcd"[: MAX_REFERENCES + 1]))
