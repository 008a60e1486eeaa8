"""Scenes as RegenerateCrop sees them: a tight square around the hole at a fixed side."""

from __future__ import annotations

from dataclasses import replace

from lazydiff_core.engine.model_crop import input_of
from lazydiff_core.geometry.box import bounding_box
from lazydiff_core.geometry.resample import cut
from lazydiff_core.geometry.window import choose_window
from lazydiff_core.model.files.config import LazyConfig
from lazydiff_core.training.scenes import Scene


def crop_scene(scene: Scene, config: LazyConfig) -> Scene:
    """The crop that the engine would take for a model of this config, (side, side).

    Nothing of its hole shows in `seen`.
    """
    hole, size = bounding_box(scene.mask), scene.mask.shape
    window = choose_window(hole, size, config.side, config.framing)
    view = input_of(scene.image, scene.mask, window)
    return replace(scene, image=cut(scene.image, window), mask=view.mask, seen=view.image)
