"""Skies by day and by night."""

from __future__ import annotations

import cv2
import numpy as np

from lazydiff_core.training.backgrounds import Image, Rng, cloudiness, mix, noise
from lazydiff_core.training.surfaces.drawing import (
    blurred,
    downwards,
    enlarged,
    flat,
    near,
    places,
    step,
)


def blue_sky(rng: Rng, side: int) -> Image:
    return downwards(side, near(rng, (0.22, 0.5, 0.92)), near(rng, (0.62, 0.83, 0.99)))


def _puffs(rng: Rng, side: int, sky: Image, white: Image, shade: Image, count: int) -> Image:
    """Heaps of round puffs with a flat, shaded foot."""
    image = sky.copy()
    for _ in range(count):
        x, y = rng.uniform(-0.05, 1.05) * side, rng.uniform(0.0, 1.0) * side
        size = rng.uniform(0.05, 0.11) * side
        body = np.zeros((side, side), np.float32)
        for _ in range(int(rng.integers(5, 9))):
            dx, rise = rng.normal(0, 1.5), abs(rng.normal(0, 0.55))
            radius = size * rng.uniform(0.5, 0.95) * (1 - 0.13 * min(abs(dx), 3))
            at = (round(x + dx * size), round(y - rise * size))
            cv2.circle(body, at, max(2, round(radius)), 1.0, -1, cv2.LINE_AA)
        body[min(max(round(y + 0.32 * size), 0), side) :] = 0
        body = blurred(body, side / 300)
        _, ys = places(side)
        low = step((ys - (y - 0.8 * size)) / (1.2 * size))
        image = mix(body, image, mix(low, flat(white, side), flat(shade, side)))
    return image


def cloudy_sky(rng: Rng, side: int) -> Image:
    white, shade = near(rng, (0.99, 0.99, 1.0), 0.008), near(rng, (0.84, 0.9, 0.97), 0.015)
    return _puffs(rng, side, blue_sky(rng, side), white, shade, int(rng.integers(5, 10)))


def overcast(rng: Rng, side: int) -> Image:
    """Grey layers."""
    down = downwards(side, near(rng, (0.52, 0.56, 0.62)), near(rng, (0.76, 0.79, 0.83)))
    layer = enlarged(cloudiness(rng, side, 3)[::3], side)
    return np.asarray(np.clip(down * (0.85 + 0.3 * layer[..., None]), 0, 1), np.float32)


def storm(rng: Rng, side: int) -> Image:
    """Dark heaps of cloud."""
    sky = downwards(side, near(rng, (0.2, 0.22, 0.3)), near(rng, (0.42, 0.46, 0.54)))
    light, dark = near(rng, (0.46, 0.49, 0.57)), near(rng, (0.25, 0.27, 0.35))
    return _puffs(rng, side, sky, light, dark, int(rng.integers(10, 16)))


def sunset(rng: Rng, side: int) -> Image:
    """Violet over red and orange to yellow, with lit bars of cloud."""
    sky = downwards(
        side,
        near(rng, (0.34, 0.2, 0.5)),
        near(rng, (0.82, 0.32, 0.42)),
        near(rng, (0.98, 0.56, 0.3)),
        near(rng, (1.0, 0.84, 0.45)),
    )
    bars = enlarged(noise(rng, side, 9)[:, : side // 3], side)
    weight = step((bars - 0.62) * 4) * 0.5
    return mix(weight, sky, flat(near(rng, (1.0, 0.72, 0.5)), side))


def dawn(rng: Rng, side: int) -> Image:
    top, middle = near(rng, (0.55, 0.62, 0.88)), near(rng, (0.95, 0.72, 0.82))
    sky = downwards(side, top, middle, near(rng, (1.0, 0.88, 0.8)))
    bars = enlarged(noise(rng, side, 8)[:, : side // 3], side)
    return mix(step((bars - 0.6) * 4) * 0.5, sky, flat(near(rng, (1, 0.93, 0.94), 0.01), side))


def _stars(rng: Rng, image: Image, count: int) -> Image:
    side = len(image)
    for _ in range(count):
        x, y = (int(v) for v in rng.integers(0, side, 2))
        radius = side * float(rng.choice([0.004, 0.005, 0.007, 0.01], p=[0.4, 0.3, 0.2, 0.1]))
        ink = (1.0, 1.0, float(rng.uniform(0.75, 1)))
        cv2.circle(image, (x, y), max(1, round(radius)), ink, -1, cv2.LINE_AA)
        if radius > 0.008 * side:
            arm = round(2.6 * radius)
            cv2.line(image, (x - arm, y), (x + arm, y), ink, 1, cv2.LINE_AA)
            cv2.line(image, (x, y - arm), (x, y + arm), ink, 1, cv2.LINE_AA)
    return image


def starry_night(rng: Rng, side: int) -> Image:
    sky = downwards(side, near(rng, (0.03, 0.04, 0.17), 0.012), near(rng, (0.12, 0.14, 0.38)))
    return _stars(rng, sky, int(rng.integers(90, 160)))


def night(rng: Rng, side: int) -> Image:
    return downwards(side, near(rng, (0.03, 0.04, 0.14), 0.012), near(rng, (0.13, 0.16, 0.36)))


def galaxy(rng: Rng, side: int) -> Image:
    """Space: clouds of violet and blue with many stars."""
    image = flat(near(rng, (0.05, 0.03, 0.12), 0.01), side)
    for colour in ((0.42, 0.16, 0.58), (0.12, 0.3, 0.66), (0.75, 0.3, 0.55)):
        weight = step((cloudiness(rng, side, 3) - 0.42) * 3.2) * 0.75
        image = mix(weight, image, flat(near(rng, colour), side))
    return _stars(rng, image, int(rng.integers(120, 200)))


def fog(rng: Rng, side: int) -> Image:
    base = downwards(side, near(rng, (0.82, 0.86, 0.9)), near(rng, (0.93, 0.94, 0.95)))
    veil = enlarged(cloudiness(rng, side, 3)[::3], side)
    return np.asarray(np.clip(base * (0.93 + 0.14 * veil[..., None]), 0, 1), np.float32)


def aurora(rng: Rng, side: int) -> Image:
    """Green curtains in a night sky."""
    image = _stars(rng, night(rng, side), 60)
    _, ys = places(side)
    for colour in ((0.25, 0.95, 0.6), (0.3, 0.75, 0.85), (0.6, 0.4, 0.85)):
        bend = side * (0.25 + 0.45 * rng.random() + 0.25 * (noise(rng, side, 4)[0] - 0.5))
        above = (bend[None] - ys) / side
        glow = np.where(above > 0, np.exp(-above * 4.5), np.exp(above * 45))
        rays = 0.55 + 0.45 * noise(rng, side, 24)[0][None]
        image = mix((0.62 * glow * rays).astype(np.float32), image, flat(near(rng, colour), side))
    return image


SKIES = {
    "blue_sky": blue_sky,
    "cloudy_sky": cloudy_sky,
    "overcast": overcast,
    "storm": storm,
    "sunset": sunset,
    "dawn": dawn,
    "starry_night": starry_night,
    "night": night,
    "galaxy": galaxy,
    "fog": fog,
    "aurora": aurora,
}
