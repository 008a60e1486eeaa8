from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.window import MainWindow
from tests.app.doubles import ScriptedDialogs


def load(window: MainWindow, dialogs: ScriptedDialogs, path: Path) -> np.ndarray:
    dialogs.opened = path
    window.sketch.load()
    assert window.document.sketch is not None
    return window.document.sketch


def test_a_picture_of_the_canvas_size_is_taken_as_it_is(
    window: MainWindow, dialogs: ScriptedDialogs, tmp_path: Path
) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (512, 512, 4), np.uint8)
    Image.fromarray(pixels).save(tmp_path / "a.png")
    assert np.array_equal(load(window, dialogs, tmp_path / "a.png"), pixels)


def test_another_one_is_fitted_into_the_canvas_and_its_edges_stay_clean(
    window: MainWindow, dialogs: ScriptedDialogs, tmp_path: Path
) -> None:
    pixels = np.zeros((40, 20, 4), np.uint8)
    pixels[10:30, 5:15] = (200, 30, 40, 255)
    Image.fromarray(pixels).save(tmp_path / "a.png")
    sketch = load(window, dialogs, tmp_path / "a.png")
    assert sketch[256, 256].tolist() == [200, 30, 40, 255]
    assert not sketch[:, :128].any(), "in the middle"
    half = sketch[(sketch[..., 3] > 20) & (sketch[..., 3] < 235)]
    assert len(half)
    assert np.abs(half[:, :3].astype(int) - (200, 30, 40)).max() < 30, "no dark rim"


def test_thinking_better_of_it_changes_nothing(
    window: MainWindow, dialogs: ScriptedDialogs
) -> None:
    window.sketch.load()
    window.sketch.clear()
    before = window.view.colours.colour
    window.sketch.choose_colour()
    assert window.view.colours.colour == before
    assert window.document.undo_stack.count() == 0


@pytest.mark.parametrize("name", ["missing.png", "text.png"])
def test_what_cannot_be_read_is_told(
    window: MainWindow, dialogs: ScriptedDialogs, tmp_path: Path, name: str
) -> None:
    (tmp_path / "text.png").write_text("no picture")
    dialogs.opened = tmp_path / name
    window.sketch.load()
    assert name in window.messages.text
