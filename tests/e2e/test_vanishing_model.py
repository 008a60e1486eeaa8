"""A model whose files are cut short and deleted while it is in use."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from lazydiff_core.contract import EditRequest
from lazydiff_core.engine.engine import Engine
from lazydiff_core.errors import ModelError
from lazydiff_core.storage.resources import resource

pytestmark = [pytest.mark.model, pytest.mark.slow]


def test_a_loaded_model_goes_on_and_cannot_be_loaded_again(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    shutil.copytree(resource("models/bundled"), folder)
    engine = Engine.load(str(folder), device="cpu")
    for path in folder.iterdir():
        path.write_bytes(b"")
    mask = np.zeros((256, 256), np.bool_)
    mask[80:150, 80:150] = True
    canvas = np.full((256, 256, 3), 200, np.uint8)
    request = EditRequest(canvas, mask, prompt="a red mushroom", steps=2)
    assert engine.run(request).pixels_changed_outside_mask == 0
    with pytest.raises(ModelError):
        Engine.load(str(folder), device="cpu")
    shutil.rmtree(folder)
    assert engine.run(request).pixels_changed_outside_mask == 0
    with pytest.raises(ModelError):
        Engine.load(str(folder), device="cpu")
