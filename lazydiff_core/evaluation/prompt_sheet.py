"""Fills for sheets to judge by eye, uncurated: many prompts in one mask, or few in many masks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import cv2
import numpy as np

from lazydiff_core.contract import RGB, EditRequest, Mask
from lazydiff_core.engine.engine import Engine
from lazydiff_core.generation_settings import DEFAULT_SETTINGS, GenerationSettings

PROMPTS = (
    "red apple", "mushroom", "cat face", "sunflower", "rocket", "house", "fish", "birthday cake",
    "banana", "strawberry", "carrot", "pizza", "hamburger", "ice cream", "donut", "cup of coffee",
    "dog", "rabbit", "bear face", "penguin", "owl", "butterfly", "ladybug", "octopus",
    "christmas tree", "palm tree", "red rose", "cactus", "sun", "crescent moon", "rainbow",
    "snowman", "red car", "airplane", "sailboat", "balloon", "guitar", "soccer ball", "gift",
    "red heart",
)  # fmt: skip
SHAPED = (
    "mushroom", "house", "cat face", "crocodile", "red car", "sunflower", "giraffe", "banana",
    "guitar", "cup of coffee",
)  # fmt: skip
# Width and height, in canvas pixels, of masks that do not match the prompts' shapes.
SHAPES = ((100, 100), (140, 100), (200, 100), (100, 160), (100, 220), (260, 260))
SIDE = 512


def plain(seed: int) -> RGB:
    """A white canvas."""
    return np.full((SIDE, SIDE, 3), 255, np.uint8)


def gradient(seed: int) -> RGB:
    """A soft two-colour ramp."""
    rng = np.random.default_rng(seed)
    first, second = rng.uniform(90, 250, (2, 3))
    ramp = np.linspace(0, 1, SIDE)[:, None, None]
    colors = np.broadcast_to(first + (second - first) * ramp, (SIDE, SIDE, 3))
    return np.asarray(np.rint(colors), np.uint8)


def busy(seed: int) -> RGB:
    """Overlapping discs and bars of many colours."""
    rng = np.random.default_rng(seed)
    image = gradient(seed)
    for _ in range(24):
        color = [int(c) for c in rng.integers(40, 255, 3)]
        x, y, size = (int(v) for v in rng.integers((0, 0, 15), (SIDE, SIDE, 70)))
        if rng.random() < 0.5:
            cv2.circle(image, (x, y), size, color, -1, cv2.LINE_AA)
        else:
            cv2.rectangle(image, (x, y), (x + size * 2, y + size), color, -1)
    return image


CANVASES: tuple[Callable[[int], RGB], ...] = (plain, gradient, busy)


def disc_mask(share: float = 0.1) -> Mask:
    """A centred disc covering `share` of the canvas."""
    ys, xs = np.mgrid[0:SIDE, 0:SIDE] - (SIDE - 1) / 2
    return np.asarray(np.hypot(ys, xs) <= SIDE * (share / np.pi) ** 0.5, np.bool_)


def shaped_mask(wide: int, high: int, round_: bool) -> Mask:
    """A centred ellipse or rectangle of so many pixels."""
    ys, xs = np.mgrid[0:SIDE, 0:SIDE] - (SIDE - 1) / 2
    across, down = np.abs(xs) / (wide / 2), np.abs(ys) / (high / 2)
    inside = across**2 + down**2 if round_ else np.maximum(across, down)
    return np.asarray(inside <= 1, np.bool_)


@dataclass(frozen=True, eq=False)
class Fill:
    """One entry of the sheet."""

    prompt: str
    image: RGB
    seconds: float


def fill_prompts(
    engine: Engine, prompts: tuple[str, ...] = PROMPTS, how: GenerationSettings = DEFAULT_SETTINGS
) -> Iterator[Fill]:
    """Fill a disc of 10% with each prompt, cycling through the canvases; always the same seed."""
    mask = disc_mask()
    for index, prompt in enumerate(prompts):
        image = CANVASES[index % len(CANVASES)](1000 + index)
        yield _filled(engine, image, mask, prompt, how)


def fill_shapes(engine: Engine, how: GenerationSettings = DEFAULT_SETTINGS) -> Iterator[Fill]:
    """Fill each of SHAPES, one per row, with each of SHAPED; round and square masks alternate."""
    for wide, high in SHAPES:
        for index, prompt in enumerate(SHAPED):
            mask = shaped_mask(wide, high, round_=index % 2 == 0)
            fill = _filled(engine, gradient(index), mask, prompt, how)
            yield replace(fill, image=outlined(fill.image, mask))


def outlined(image: RGB, mask: Mask) -> RGB:
    """The picture with the mask's innermost pixels drawn over."""
    inner = cv2.erode(mask.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    return np.where((mask & ~inner)[..., None], np.array((255, 0, 255), np.uint8), image)


def _filled(engine: Engine, image: RGB, mask: Mask, prompt: str, how: GenerationSettings) -> Fill:
    result = engine.run(EditRequest(image, mask, settings=how, prompt=prompt))
    return Fill(prompt, result.image, result.seconds["total"])
