"""Inpainting networks from ONNX files, tiny ones in the layouts of the public files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from lazydiff_core.backends.onnx_inpaint import load_network
from lazydiff_core.contract import EditRequest
from lazydiff_core.engine.engine import Engine
from lazydiff_core.errors import InputError, ModelError
from lazydiff_core.model_store import inpainting
from tests.lazydiff_core.backends.onnx_files import write_lama, write_migan


def request(**changes: object) -> EditRequest:
    image = np.full((512, 512, 3), 120, np.uint8)
    mask = np.zeros((512, 512), np.bool_)
    mask[200:300, 180:280] = True
    return EditRequest(image, mask, blender="none", **changes)


def test_lama_fills_the_hole_in_colours_of_255(tmp_path: Path) -> None:
    engine = Engine.load(str(write_lama(tmp_path / "lama_fp32.onnx")))
    result = engine.run(request())

    assert (result.backend, result.model) == ("content_aware", "lama_fp32")
    assert result.pixels_changed_outside_mask == 0
    inside = result.image[200:300, 180:280].reshape(-1, 3)
    assert inside.min(axis=0).tolist() == pytest.approx([135, 68, 34], abs=3)
    assert inside.max(axis=0).tolist() == pytest.approx([155, 77, 39], abs=3)


def test_the_seed_mirrors_what_the_network_sees(tmp_path: Path) -> None:
    engine = Engine.load(str(write_lama(tmp_path / "lama.onnx")))
    patches = engine.run(request(variants=2)).patches

    assert patches[0][50, 0, 0] < patches[0][50, -1, 0]
    assert patches[1][50, 0, 0] > patches[1][50, -1, 0]


def test_migan_gets_bytes_and_a_mask_that_is_white_where_it_sees(tmp_path: Path) -> None:
    engine = Engine.load(str(write_migan(tmp_path / "migan_pipeline_v2.onnx")))
    result = engine.run(request())

    assert (result.image[200:300, 180:280] == 255).all()


def test_a_prompt_is_refused(tmp_path: Path) -> None:
    engine = Engine.load(str(write_lama(tmp_path / "lama.onnx")))
    with pytest.raises(InputError, match="takes no prompt"):
        engine.run(request(prompt="a cat"))


@pytest.mark.parametrize(
    ("name", "contents", "sentence"),
    [
        ("other.onnx", b"", "must contain lama or migan"),
        ("lama.onnx", None, "There is no file"),
        ("lama.onnx", b"no network at all", "cannot be run here"),
    ],
)
def test_files_that_are_no_network(
    name: str, contents: bytes | None, sentence: str, tmp_path: Path
) -> None:
    if contents is not None:
        (tmp_path / name).write_bytes(contents)
    with pytest.raises(ModelError, match=sentence):
        load_network(tmp_path / name)


def test_the_best_file_in_the_folder_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inpainting, "inpainting_folder", lambda: tmp_path)
    assert inpainting.inpainting_file() is None
    (tmp_path / "notes.onnx").touch()
    assert inpainting.inpainting_file() is None
    (tmp_path / "a_migan.onnx").touch()
    assert inpainting.inpainting_file() == tmp_path / "a_migan.onnx"
    (tmp_path / "big-LaMa.onnx").touch()
    assert inpainting.inpainting_file() == tmp_path / "big-LaMa.onnx"
