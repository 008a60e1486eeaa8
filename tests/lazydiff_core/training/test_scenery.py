"""Scenery drawn for this project."""

from __future__ import annotations

import numpy as np

from lazydiff_core.geometry.box import bounding_box
from lazydiff_core.images.cutouts import SHOWS, SQUARE
from lazydiff_core.storage.resources import resource
from lazydiff_core.training.scenery import draw_scenery
from lazydiff_core.training.vocabulary import read_concepts


def test_each_drawing_has_words_and_fills_its_square() -> None:
    concepts = read_concepts(resource("train/concepts.toml"), ("core", "more"))
    drawn = draw_scenery()
    assert set(drawn) <= set(concepts)
    assert len({picture.tobytes() for picture in drawn.values()}) == len(drawn) > 20
    for name, picture in drawn.items():
        assert picture.shape == (SQUARE, SQUARE, 4)
        cover = picture[..., 3] > SHOWS
        assert max(bounding_box(np.asarray(cover)).shape) >= SQUARE - 4, name
        assert 0.05 < cover.mean() < 0.95, name
