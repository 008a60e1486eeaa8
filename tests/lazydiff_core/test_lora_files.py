from __future__ import annotations

from pathlib import Path

import pytest

from lazydiff_core.errors import InputError
from lazydiff_core.generation_settings import GenerationSettings
from lazydiff_core.lora_files import Lora, loras_setting, read_loras


@pytest.mark.parametrize(
    ("text", "name", "weight"),
    [
        ("/a/ink.safetensors", "/a/ink.safetensors", 1.0),
        ("/a/ink.safetensors:0.8", "/a/ink.safetensors", 0.8),
        ("/a/ink.safetensors:-1", "/a/ink.safetensors", -1.0),
        ("/a/b:c.safetensors", "/a/b:c.safetensors", 1.0),
    ],
)
def test_a_file_and_its_weight(text: str, name: str, weight: float) -> None:
    assert Lora.parse(text) == Lora(Path(name), weight)


def test_a_setting_holds_several_and_comes_back() -> None:
    loras = (Lora(Path("/a/ink.safetensors"), 0.5), Lora(Path("/b.safetensors")))
    setting = loras_setting(loras)
    assert read_loras(setting) == loras
    assert GenerationSettings(loras=setting).loras == setting
    assert read_loras("") == ()


def test_a_relative_name_is_kept_whole() -> None:
    assert Lora.parse("ink.safetensors:0.5").path == Path.cwd() / "ink.safetensors"


@pytest.mark.parametrize("wrong", ["a.safetensors:9", "a.safetensors:nan", ":0.5:9"])
def test_weights_without_sense(wrong: str) -> None:
    with pytest.raises(InputError, match="must lie between"):
        GenerationSettings(loras=wrong)


def test_no_file() -> None:
    with pytest.raises(InputError, match="needs a file"):
        Lora.parse(" ")
