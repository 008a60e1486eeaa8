"""Forty common prompts on three kinds of canvas, first seed, uncurated: a sheet to judge by eye."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from lazydiff_core.contract import RGB, EditRequest, Mask
from lazydiff_core.engine import Engine

PROMPTS = (
    "red apple", "mushroom", "cat face", "sunflower", "rocket", "house", "fish", "birthday cake",
    "banana", "strawberry", "carrot", "pizza", "hamburger", "ice cream", "donut", "cup of coffee",
    "dog", "rabbit", "bear face", "penguin", "owl", "butterfly", "ladybug", "octopus",
    "christmas tree", "palm tree", "red rose", "cactus", "sun", "crescent moon", "rainbow",
    "snowman", "red car", "airplane", "sailboat", "balloon", "guitar", "soccer ball", "gift",
    "red heart",
)  # fmt: skip
SIDE = 512


def plain(seed: int) -> RGB:
    """White."""
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


@dataclass(frozen=True, eq=False)
class Fill:
    """One entry of the sheet."""

    prompt: str
    image: RGB
    seconds: float


def fill_prompts(
    engine: Engine,
    prompts: tuple[str, ...] = PROMPTS,
    seed: int = 0,
    steps: int | None = None,
    guidance: float | None = None,
) -> Iterator[Fill]:
    """Fill a disc of 10% with each prompt, cycling through the canvases; always the same seed."""
    mask = disc_mask()
    for index, prompt in enumerate(prompts):
        image = CANVASES[index % len(CANVASES)](1000 + index)
        result = engine.run(
            EditRequest(image, mask, prompt, seed=seed, steps=steps, guidance=guidance)
        )
        yield Fill(prompt, result.image, result.seconds["total"])
