from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lazydiff_core.backends.fake import FakeBackend
from lazydiff_core.contract import Computed
from lazydiff_core.engine.model_crop import BLANK, crop_for_model
from lazydiff_core.model.files.config import LazyConfig
from lazydiff_core.training.crops import crop_scene
from lazydiff_core.training.scenes import Scene


def crop_config(side: int, object_grid: int = 0) -> LazyConfig:
    return LazyConfig(side=side, architecture="regenerate_crop", object_grid=object_grid)


def scene(left: int, top: int, right: int, bottom: int) -> Scene:
    image = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
    mask = np.zeros((64, 64), bool)
    mask[top:bottom, left:right] = True
    return Scene(image, mask, 2)


@pytest.mark.parametrize("grid", [0, 8])
@pytest.mark.parametrize("hole", [(20, 20, 44, 40), (0, 0, 60, 10), (3, 50, 9, 60)])
def test_a_crop_is_what_the_engine_would_take(hole: tuple[int, int, int, int], grid: int) -> None:
    whole, config = scene(*hole), crop_config(32, grid)
    crop = crop_scene(whole, config)
    assert crop.subject == 2
    assert crop.image.shape == (32, 32, 3)
    computed = Computed(everything=True)  # as this baseline does
    info = replace(FakeBackend().info, native_side=32, framing=config.framing, computed=computed)
    view = crop_for_model(whole.image, whole.mask, "auto", info).input
    assert (crop.mask == view.mask).all()
    assert crop.seen is not None
    assert (crop.seen == view.image).all()


def test_nothing_of_the_target_shows_around_the_hole() -> None:
    """Enlarging mixes neighbours: the hole is blank before."""
    whole = scene(4, 50, 12, 60)
    other = whole.image.copy()
    other[whole.mask] = 255 - other[whole.mask]
    crop, changed = (
        crop_scene(each, crop_config(64)) for each in (whole, Scene(other, whole.mask, 2))
    )
    assert crop.seen is not None
    assert changed.seen is not None
    assert (crop.seen == changed.seen).all()
    assert (crop.image != changed.image).any()
    assert (crop.seen[crop.mask] == BLANK).all()


def test_the_hole_takes_three_quarters() -> None:
    crop = crop_scene(scene(20, 20, 44, 36), crop_config(32))
    assert np.flatnonzero(crop.mask.any(0)).tolist() == list(range(4, 28))
    assert np.flatnonzero(crop.mask.any(1)).tolist() == list(range(8, 24))


def test_a_crop_asks_for_what_its_scene_asks_for() -> None:
    whole = replace(scene(20, 20, 44, 36), surface="grass", prompt="blue grass")
    crop = crop_scene(whole, crop_config(32))
    assert (crop.subject, crop.surface, crop.prompt) == (2, "grass", "blue grass")
