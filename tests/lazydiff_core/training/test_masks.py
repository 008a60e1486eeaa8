from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lazydiff_core.contract import Mask
from lazydiff_core.training.masks import dilate, rough_mask, surface_mask


@st.composite
def entities(draw: st.DrawFn) -> Mask:
    entity = np.zeros((96, 96), bool)
    for _ in range(draw(st.integers(1, 3))):
        top, left = draw(st.integers(0, 95)), draw(st.integers(0, 95))
        high, wide = draw(st.integers(1, 60)), draw(st.integers(1, 60))
        entity[top : top + high, left : left + wide] = True
    return entity


@settings(max_examples=150, deadline=None)
@given(entities(), st.integers(0, 10_000))
def test_a_rough_mask_covers_the_entity_with_a_margin(entity: Mask, seed: int) -> None:
    mask = rough_mask(entity, np.random.default_rng(seed))
    assert mask.shape == entity.shape
    assert mask.dtype == np.bool_
    assert mask[dilate(entity, 3)].all()


def test_it_is_a_pure_function_of_the_seed() -> None:
    entity = np.zeros((96, 96), bool)
    entity[30:60, 20:70] = True
    masks = [rough_mask(entity, np.random.default_rng(seed)) for seed in range(40)]
    assert len({mask.tobytes() for mask in masks}) > 30
    assert (rough_mask(entity, np.random.default_rng(7)) == masks[7]).all()
    sizes = [mask.sum() / entity.sum() for mask in masks]
    assert 1 < min(sizes) < 1.6
    assert 1.6 < max(sizes) < 6


@pytest.mark.parametrize("radius", [1, 2, 5])
def test_dilation_is_round(radius: int) -> None:
    dot = np.zeros((31, 31), bool)
    dot[15, 15] = True
    grown = dilate(dot, radius)
    ys, xs = np.nonzero(grown)
    assert np.hypot(ys - 15, xs - 15).max() < radius + 1
    for y, x in ((0, radius), (radius, 0), (0, -radius), (-radius, 0)):
        assert grown[15 + y, 15 + x]


def test_no_dilation() -> None:
    entity = np.eye(5) > 0
    assert (dilate(entity, 0) == entity).all()


def test_holes_for_surfaces_have_every_shape() -> None:
    masks = [surface_mask(96, np.random.default_rng(seed), 0.45) for seed in range(300)]
    assert all(mask.shape == (96, 96) and mask.dtype == np.bool_ for mask in masks)
    shares = np.array([mask.mean() for mask in masks])
    assert shares.min() > 0.02
    assert (shares == 1).mean() > 0.05
    across = [mask.all(axis).any() for mask in masks for axis in (0, 1)]
    assert 0.2 < np.mean(across) < 0.7  # strips and halves
    corners = [[mask[y, x] for y in (0, -1) for x in (0, -1)] for mask in masks]
    assert (np.mean(corners, axis=0) > 0.2).all()
    boxes = [m for m in masks if m[np.ix_(m.any(1), m.any(0))].all() and not m.all()]
    assert len(boxes) > 100
    assert (surface_mask(96, np.random.default_rng(7), 0.45) == masks[7]).all()
