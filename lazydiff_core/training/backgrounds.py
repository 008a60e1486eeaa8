"""Procedural canvases for training scenes. Images are (side, side, 3) float32 in [0, 1], RGB."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import numpy.typing as npt

Image = npt.NDArray[np.float32]
Rng = np.random.Generator


def _color(rng: Rng, low: float = 0.0, high: float = 1.0) -> Image:
    """A random colour of any hue; `low`/`high` bound its lightness."""
    hue, sat = rng.uniform(0, 360), rng.beta(1.3, 1.8)
    hls = np.array([[[hue, rng.uniform(low, high), sat]]], np.float32)
    return np.asarray(cv2.cvtColor(hls, cv2.COLOR_HLS2RGB)[0, 0], np.float32)


def ramp(side: int, angle: float) -> Image:
    """(side, side) from 0 to 1 along `angle` (radians, 0 = rightwards, pi/2 = downwards)."""
    ys, xs = np.mgrid[0:side, 0:side].astype(np.float32) / (side - 1) - 0.5
    along = np.cos(angle) * xs + np.sin(angle) * ys
    return np.asarray((along - along.min()) / max(float(np.ptp(along)), 1e-6), np.float32)


def mix(weight: Image, first: Image, second: Image) -> Image:
    """`first` where the (side, side) weight is 0, `second` where it is 1."""
    return (first + (second - first) * weight[..., None]).astype(np.float32)


def noise(rng: Rng, side: int, cells: int) -> Image:
    """Smooth noise in [0, 1] with `cells` features across."""
    coarse = rng.random((cells + 2, cells + 2), np.float32)
    fine = cv2.resize(coarse, (side, side), interpolation=cv2.INTER_CUBIC)
    return np.clip(fine, 0, 1).astype(np.float32)


def cloudiness(rng: Rng, side: int, cells: int) -> Image:
    """Noise in [0, 1] of four scales, the coarsest with `cells` features across."""
    layers = [noise(rng, side, cells * 2**k) / 2**k for k in range(4)]
    return np.asarray(sum(layers) / 1.875, np.float32)


def waves(rng: Rng, xs: npt.NDArray[np.floating], count: int) -> npt.NDArray[np.float64]:
    """A gently waving line over positions in [0, 1], made of `count` harmonics."""
    harmonics = [
        rng.uniform(0, 0.03) * np.sin(2 * np.pi * f * xs + rng.uniform(0, 6.3))
        for f in range(1, count + 1)
    ]
    return np.asarray(np.sum(harmonics, axis=0), np.float64)


def solid(rng: Rng, side: int) -> Image:
    kind = rng.random()
    if kind < 0.35:
        color = np.full(3, 1.0, np.float32)
    elif kind < 0.42:
        color = np.full(3, rng.uniform(0, 0.15), np.float32)
    elif kind < 0.5:
        color = np.full(3, rng.uniform(0.3, 0.95), np.float32)
    else:
        color = _color(rng, 0.15, 0.95)
    return np.broadcast_to(color, (side, side, 3)).astype(np.float32)


def gradient(rng: Rng, side: int) -> Image:
    if rng.random() < 0.3:
        cy, cx = rng.uniform(0.2, 0.8, 2)
        ys, xs = np.mgrid[0:side, 0:side].astype(np.float32) / side
        weight = np.clip(np.hypot(ys - cy, xs - cx), 0, 1).astype(np.float32)
    else:
        weight = ramp(side, rng.uniform(0, 2 * np.pi))
    return mix(weight, _color(rng, 0.2, 0.95), _color(rng, 0.2, 0.95))


def sky_and_ground(rng: Rng, side: int) -> Image:
    """A sky ramp above a hilly, slightly textured ground."""
    night = rng.random() < 0.2
    if night:
        top, low = np.array([0.03, 0.04, 0.14]), np.array([0.16, 0.16, 0.36])
    elif rng.random() < 0.3:
        top, low = np.array([0.35, 0.3, 0.6]), np.array([1.0, 0.65, 0.45])
    else:
        top, low = np.array([0.35, 0.62, 0.93]), np.array([0.8, 0.92, 1.0])
    jitter = rng.normal(0, 0.04, (2, 3))
    down = ramp(side, np.pi / 2)
    image = mix(down, (top + jitter[0]).astype(np.float32), (low + jitter[1]).astype(np.float32))
    grounds = (
        (0.42, 0.7, 0.28),
        (0.87, 0.77, 0.52),
        (0.92, 0.95, 1.0),
        (0.5, 0.36, 0.24),
        (0.25, 0.5, 0.72),
    )
    ground = np.array(grounds[rng.integers(len(grounds))]) * (0.45 if night else 1.0)
    horizon = rng.uniform(0.4, 0.8) * side
    xs = np.arange(side)
    hill = horizon + side * waves(rng, xs / side, 3)
    below = np.clip(np.arange(side)[:, None] - hill[None], 0, 1).astype(np.float32)
    shade = 0.9 + 0.2 * noise(rng, side, int(rng.integers(6, 40)))
    textured = np.asarray(ground + rng.normal(0, 0.03, 3), np.float32) * shade[..., None]
    return mix(below, image, textured)


def clouds(rng: Rng, side: int) -> Image:
    return mix(cloudiness(rng, side, 3), _color(rng, 0.2, 0.9), _color(rng, 0.2, 0.9))


def stripes(rng: Rng, side: int) -> Image:
    wave = np.sin(ramp(side, rng.uniform(0, np.pi)) * rng.uniform(8, 60))
    sharp = np.clip(wave * rng.uniform(1, 20), -1, 1) * 0.5 + 0.5
    return mix(sharp.astype(np.float32), _color(rng, 0.3, 0.95), _color(rng, 0.3, 0.95))


def tiles(rng: Rng, side: int) -> Image:
    """Checks, or bricks where rows are shifted."""
    high, wide = rng.uniform(20, 90), rng.uniform(20, 120)
    ys, xs = np.mgrid[0:side, 0:side].astype(np.float32)
    row = np.floor(ys / high)
    shift = wide / 2 * (row % 2) if rng.random() < 0.5 else np.zeros_like(row)
    first, second = _color(rng, 0.3, 0.9), _color(rng, 0.3, 0.9)
    if rng.random() < 0.5:
        weight = ((np.floor((xs + shift) / wide) + row) % 2).astype(np.float32)
    else:
        joint = rng.uniform(2, 6)
        weight = (((xs + shift) % wide < joint) | (ys % high < joint)).astype(np.float32)
    return mix(weight, first, second)


def planks(rng: Rng, side: int) -> Image:
    """Wooden boards."""
    base = np.array([0.62, 0.43, 0.26]) * rng.uniform(0.6, 1.35) + rng.normal(0, 0.03, 3)
    grain = cv2.resize(rng.random((64, 4), np.float32), (side, side), interpolation=cv2.INTER_CUBIC)
    high = rng.uniform(40, 110)
    ys = np.arange(side, dtype=np.float32)
    tone = rng.uniform(0.85, 1.1, int(side / high) + 2)[(ys / high).astype(int)]
    gap = np.where(ys % high < 3, 0.6, 1.0)
    shade = np.asarray((0.88 + 0.24 * grain) * (tone * gap)[:, None])
    image = np.clip(base * shade[..., None], 0, 1)
    return np.asarray(image if rng.random() < 0.7 else image.transpose(1, 0, 2), np.float32)


BACKGROUNDS: dict[Callable[[Rng, int], Image], float] = {
    solid: 0.34,
    gradient: 0.2,
    sky_and_ground: 0.2,
    clouds: 0.08,
    stripes: 0.06,
    tiles: 0.06,
    planks: 0.06,
}


def draw_background(rng: Rng, side: int) -> Image:
    """A random canvas, clipped to [0, 1]."""
    makers = list(BACKGROUNDS)
    maker = makers[rng.choice(len(makers), p=list(BACKGROUNDS.values()))]
    return np.clip(maker(rng, side), 0, 1)
