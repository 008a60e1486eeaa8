"""Scenes as RegenerateCrop sees them: a tight square around the hole at a fixed side."""

from __future__ import annotations

from dataclasses import replace

from lazydiff_core.contract import Box
from lazydiff_core.engine.model_crop import input_of
from lazydiff_core.geometry.box import bounding_box
from lazydiff_core.geometry.resample import cut
from lazydiff_core.geometry.window import Window, choose_window
from lazydiff_core.model.files.config import LazyConfig
from lazydiff_core.training.scenes import Placed, Scene


def crop_scene(scene: Scene, config: LazyConfig) -> Scene:
    """The crop that the engine would take for a model of this config, (side, side).

    Nothing of its hole shows in `seen`.
    """
    hole, size = bounding_box(scene.mask), scene.mask.shape
    window = choose_window(hole, size, config.side, config.framing)
    view = input_of(scene.image, scene.mask, window)
    ground = None if scene.ground is None else cut(scene.ground, window)
    image, targets = cut(scene.image, window), tuple(_cropped(one, window) for one in scene.targets)
    return replace(
        scene, image=image, mask=view.mask, seen=view.image, targets=targets, ground=ground
    )


def _cropped(target: Placed, window: Window) -> Placed:
    """Where an object lies in the crop, to the pixel."""
    box, scale = target.place.relative_to(window.box), window.scale
    left, top, size = (round(v * scale) for v in (box.left, box.top, box.width))
    return replace(target, place=Box(left, top, left + size, top + size))
