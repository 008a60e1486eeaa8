"""The model in the box, as a user meets it: prompts take hold, nothing else changes."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from lazydiff_core.cli import main
from lazydiff_core.contract import RGB, EditRequest, Mask
from lazydiff_core.engine.engine import Engine

pytestmark = pytest.mark.model
SIDE = 512


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine.load("bundled", device="cpu")


def disc(side: int = SIDE, share: float = 0.1) -> Mask:
    ys, xs = np.mgrid[0:side, 0:side] - (side - 1) / 2
    return np.asarray(np.hypot(ys, xs) <= side * (share / np.pi) ** 0.5, np.bool_)


def white(side: int = SIDE) -> RGB:
    return np.full((side, side, 3), 255, np.uint8)


def center_color(image: RGB) -> np.ndarray:
    middle = image.shape[0] // 2
    return image[middle - 32 : middle + 32, middle - 32 : middle + 32].mean((0, 1))


def test_prompts_decide_what_is_painted(engine: Engine) -> None:
    fills = {
        prompt: center_color(engine.run(EditRequest(white(), disc(), prompt=prompt, steps=8)).image)
        for prompt in ("red apple", "broccoli", "blueberries")
    }
    red, green, blue = fills["red apple"], fills["broccoli"], fills["blueberries"]
    assert red[0] > red[1] + 60
    assert green[1] > green[0] + 20
    assert blue[2] > blue[0] + 20


@pytest.mark.parametrize("top", [80, 200], ids=["sky", "horizon"])
def test_without_a_prompt_a_landscape_goes_on(engine: Engine, top: int) -> None:
    """Though a sky is like itself a little further along, as patterns are."""
    down = np.arange(SIDE)[:, None, None]
    sky = np.array((112, 178, 236)) + np.array((110, 62, 14)) * down / SIDE
    land = np.where(down < 300, sky, (120, 185, 90))
    canvas = np.broadcast_to(land, (SIDE, SIDE, 3)).round().astype(np.uint8)
    mask = np.zeros((SIDE, SIDE), np.bool_)
    mask[top : top + 170, 150:320] = True
    off = np.abs(engine.run(EditRequest(canvas, mask)).image.astype(int) - canvas).max(axis=2)
    assert (off[mask] > 3).mean() < 0.02


def test_the_same_request_gives_the_same_pixels_and_touches_nothing_else(engine: Engine) -> None:
    canvas = np.random.default_rng(3).integers(0, 256, (300, 700, 3), dtype=np.uint8)
    mask = np.zeros((300, 700), np.bool_)
    mask[180:300, 560:700] = True
    request = EditRequest(canvas, mask, prompt="sunflower", seed=5, steps=4)
    first, second = engine.run(request), engine.run(request)
    assert np.array_equal(first.image, second.image)
    assert second.context_reused
    assert np.array_equal(first.image[~mask], canvas[~mask])
    assert first.pixels_changed_outside_mask == 0


def test_fill_from_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Image.fromarray(white()).save(tmp_path / "in.png")
    Image.fromarray(disc().astype(np.uint8) * 255).save(tmp_path / "mask.png")
    words = ["fill", str(tmp_path / "in.png"), "--mask", str(tmp_path / "mask.png")]
    words += ["--prompt", "red apple", "--out", str(tmp_path / "out.png"), "--steps", "8", "--json"]
    assert main(words) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["backend"] == "lazydiffusion"
    assert report["pixels_changed_outside_mask"] == 0
    assert report["tokens"]["canvas"] == 256
    assert 25 <= report["tokens"]["hole"] <= 60
    color = center_color(np.asarray(Image.open(tmp_path / "out.png")))
    assert color[0] > color[1] + 60
