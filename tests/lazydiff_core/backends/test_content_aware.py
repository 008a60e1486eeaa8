"""Removal by patches of the surroundings."""

from __future__ import annotations

import subprocess
import sys
import time

import numpy as np
import pytest

from lazydiff_core.backends import content_aware
from lazydiff_core.contract import EditRequest, Progress
from lazydiff_core.engine.engine import Engine
from lazydiff_core.errors import Cancelled, InputError, ModelError
from lazydiff_core.model_store import inpainting


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Engine:
    monkeypatch.setattr(content_aware, "inpainting_file", lambda: None)
    return Engine.load("content_aware")


def stripes(height: int = 120, width: int = 160) -> np.ndarray:
    """Stripes of 8 pixels that change their colour from top to bottom."""
    rows, columns = np.mgrid[:height, :width]
    on = (columns // 4 % 2).astype(np.uint8) * 200
    return np.stack([on, 255 - on, rows.astype(np.uint8)], axis=2)


def hole(shape: tuple[int, ...], *place: slice) -> np.ndarray:
    mask = np.zeros(shape[:2], np.bool_)
    mask[place] = True
    return mask


def with_thing(image: np.ndarray, mask: np.ndarray) -> np.ndarray:
    spoilt = image.copy()
    spoilt[mask] = (255, 0, 255)
    return spoilt


def test_a_thing_goes_and_stripes_continue(engine: Engine) -> None:
    image = stripes()
    mask = hole(image.shape, slice(40, 80), slice(60, 100))
    result = engine.run(EditRequest(with_thing(image, mask), mask))

    error = np.abs(result.image[mask].astype(int) - image[mask])
    assert error[:, :2].mean() < 12  # of 200 between the stripes; a blur would be off by 100
    assert result.pixels_changed_outside_mask == 0
    assert (result.backend, result.model, result.device) == ("content_aware", "patchmatch", "cpu")


def test_the_same_seed_gives_the_same_pixels_and_variants_follow_it(engine: Engine) -> None:
    rng = np.random.default_rng(0)
    image = (stripes() // 2 + rng.integers(0, 128, (120, 160, 3))).astype(np.uint8)
    mask = hole(image.shape, slice(30, 90), slice(50, 110))
    three = engine.run(EditRequest(image, mask, seed=5, variants=3))
    second = engine.run(EditRequest(image, mask, seed=6))

    assert three.seeds == (5, 6, 7)
    assert np.array_equal(three.patches[1], second.patches[0])
    for one, other in ((0, 1), (1, 2), (0, 2)):
        assert not np.array_equal(three.patches[one], three.patches[other])


def test_what_lies_beneath_the_mask_plays_no_part(engine: Engine) -> None:
    image = stripes()
    mask = hole(image.shape, slice(40, 80), slice(60, 100))
    one = engine.run(EditRequest(image, mask))
    other = engine.run(EditRequest(with_thing(image, mask), mask))
    assert np.array_equal(one.image, other.image)


def test_nothing_is_copied_from_where_the_picture_is_clear(engine: Engine) -> None:
    solid = np.dstack([stripes(), np.full((120, 160), 255, np.uint8)])
    solid[60:, :, :3], solid[60:, :, 3] = (255, 0, 255), 0
    mask = hole(solid.shape, slice(20, 40), slice(60, 100))
    result = engine.run(EditRequest(solid, mask))

    filled = result.image[mask].astype(int)
    assert (filled[:, 3] == 255).all()
    assert not ((filled[:, 0] > 220) & (filled[:, 1] < 30)).any()
    assert result.pixels_changed_outside_mask == 0


def test_a_hole_at_the_corner_of_a_long_picture(engine: Engine) -> None:
    image = stripes(60, 400)
    mask = hole(image.shape, slice(0, 30), slice(0, 90))
    result = engine.run(EditRequest(image, mask))
    assert np.abs(result.image[mask].astype(int) - image[mask])[:, :2].mean() < 30


def test_a_mask_without_surroundings_is_refused(engine: Engine) -> None:
    image = stripes(40, 40)
    with pytest.raises(InputError, match="mask less"):
        engine.run(EditRequest(image, np.ones((40, 40), np.bool_)))


@pytest.mark.parametrize("left", [1, 2, 5])
def test_a_sliver_of_surroundings_is_enough(engine: Engine, left: int) -> None:
    image = stripes(40, 40)
    mask = hole(image.shape, slice(0, 40), slice(left + content_aware.BORDER, 40))
    result = engine.run(EditRequest(image, mask))
    assert result.pixels_changed_outside_mask == 0


def test_prompts_and_sketches_are_refused(engine: Engine) -> None:
    image = stripes(40, 40)
    mask = hole(image.shape, slice(10, 20), slice(10, 20))
    with pytest.raises(InputError, match="takes no prompt"):
        engine.run(EditRequest(image, mask, prompt="a cat"))
    sketch = np.full((40, 40, 4), 255, np.uint8)
    with pytest.raises(InputError, match="takes no sketch"):
        engine.run(EditRequest(image, mask, sketch=sketch, strength=0.5))


def test_progress_grows_and_ends_and_shows_previews(engine: Engine) -> None:
    image = np.random.default_rng(1).integers(0, 255, (200, 200, 3), np.uint8)
    mask = hole(image.shape, slice(60, 140), slice(60, 140))
    heard: list[Progress] = []
    engine.run(EditRequest(image, mask, variants=2), heard.append)

    steps = [news.step for news in heard if news.stage == "denoise" and news.steps]
    assert len(steps) > 2
    assert steps == sorted(steps)
    assert steps[-1] == 100
    previews = [news.preview for news in heard if news.preview is not None]
    assert previews[0].shape == (80, 80, 3)


def test_cancelling_does_not_wait_for_the_search(engine: Engine) -> None:
    image = np.random.default_rng(1).integers(0, 255, (700, 700, 3), np.uint8)
    mask = hole(image.shape, slice(100, 600), slice(100, 600))
    begun = time.perf_counter()
    with pytest.raises(Cancelled):
        engine.run(EditRequest(image, mask), None, lambda: time.perf_counter() - begun > 0.2)
    assert time.perf_counter() - begun < 2


def test_a_library_without_its_native_part_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import patchmatch

    monkeypatch.setattr(content_aware, "inpainting_file", lambda: None)
    monkeypatch.setattr(patchmatch, "patchmatch_available", False)
    with pytest.raises(ModelError, match="native library"):
        Engine.load("content_aware")


def test_it_needs_no_torch() -> None:
    code = (
        "import sys; from lazydiff_core.engine.engine import Engine; Engine.load('content_aware');"
        "sys.exit('torch' in sys.modules)"
    )
    assert inpainting.inpainting_file() is None
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
