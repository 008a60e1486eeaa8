"""Complaint 1: edges are hard, or the fill leaks outside."""

from __future__ import annotations

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.window import MainWindow
from lazydiff_core.contract import Box, EditRequest
from lazydiff_core.engine.engine import Engine
from tests.app.driving import brush, fill

SIDE = 256


def square(cover: int = 255) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    values = np.zeros((SIDE, SIDE), np.uint8)
    values[80:180, 80:180] = cover
    return values


@pytest.mark.parametrize("blender", ["none", "poisson", "feather"])
def test_a_soft_cover_fades_the_fill_into_the_picture(blender: str) -> None:
    image = np.full((SIDE, SIDE, 3), 255, np.uint8)
    ramp = np.clip((np.arange(SIDE) - 80) * 8, 0, 255).astype(np.uint8)
    cover = np.minimum(square(), ramp[None, :])
    mask = cover > 0
    engine = Engine.load("fake")
    plain, soft = (
        engine.run(
            EditRequest(image, mask, prompt="red", seed=3, blender=blender, cover=given)
        ).image
        for given in (None, cover)
    )
    assert np.array_equal(soft[~mask], image[~mask])
    full = cover == 255
    assert np.array_equal(soft[full], plain[full])
    expected = image + (plain.astype(float) - image) * (cover[..., None] / 255)
    assert np.abs(soft - expected).max() <= 0.5
    assert np.abs(soft.astype(int) - plain).max() > 40, "the cover did something"


def test_a_feathered_mask_leaves_no_step_at_its_border(qtbot: QtBot, window: MainWindow) -> None:
    document = window.document
    document.write_mask(Box(150, 150, 350, 350), np.ones((200, 200), np.bool_))
    window.settings.update(feather_by=20)
    window.mask_controller.feather()
    mask = document.mask.copy()
    before = document.pixels.astype(int)
    change = np.abs(fill(qtbot, window) - before).max(axis=2)
    assert not change[~mask].any()
    inside = change[250, 240:260].mean()
    assert inside > 40
    rim = mask & (document.cover < 16)
    assert change[rim].max() <= np.ceil(255 * 15 / 255)


def test_a_hard_mask_is_filled_up_to_its_border_and_no_further(
    qtbot: QtBot, window: MainWindow
) -> None:
    noise = np.random.default_rng(2).integers(0, 256, (512, 512, 3), np.uint8)
    window.document.replace(noise)
    brush(window, (200, 200), (300, 300))
    before, mask = window.document.pixels.copy(), window.document.mask.copy()
    after = fill(qtbot, window)
    changed = (after != before).any(axis=2)
    assert not changed[~mask].any()
    assert changed[mask].mean() > 0.9
