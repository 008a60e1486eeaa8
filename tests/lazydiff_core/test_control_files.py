from __future__ import annotations

from pathlib import Path

import pytest

from lazydiff_core.control_files import Control, read_control
from lazydiff_core.errors import InputError
from lazydiff_core.generation_settings import GenerationSettings


@pytest.mark.parametrize(
    "control",
    [
        Control(Path("/a/union.safetensors"), 0.6, Path("/b c/lines: 2.png")),
        Control(Path("/a/union.safetensors"), 1.0),
        Control(Path("/a/b:c.safetensors")),
    ],
)
def test_a_setting_comes_back(control: Control) -> None:
    setting = str(control)
    assert read_control(setting) == control
    assert GenerationSettings(control=setting).control == setting


def test_what_is_left_out() -> None:
    assert read_control(" \n") is None
    home = Control(Path.home() / "u.safetensors", 0.75, Path.cwd() / "lines.png")
    assert Control.parse("~/u.safetensors", "lines.png") == home


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("/a/u.safetensors:3\n/b.png", r"strength of u\.safetensors must lie between 0 and 2"),
        ("/a/u.safetensors:-1", "must lie between 0 and 2"),
        ("/a/u.safetensors:nan", "must lie between 0 and 2"),
        ("/a/u.safetensors\n/b.png\n/c.png", "in a second line"),
    ],
)
def test_what_cannot_be_meant(setting: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        GenerationSettings(control=setting)
    with pytest.raises(InputError, match="needs a control network"):
        Control.parse(" ")
