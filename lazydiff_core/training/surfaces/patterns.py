"""Cloth, hides, paper, plain colours and regular patterns."""

from __future__ import annotations

import cv2
import numpy as np

from lazydiff_core.images.colour_names import COLOURS
from lazydiff_core.training.backgrounds import Image, Rng, cloudiness, mix, noise
from lazydiff_core.training.surfaces.drawing import (
    RGB,
    Draw,
    bent,
    cells,
    flat,
    grain,
    lit,
    near,
    places,
    shaded,
    step,
    stretched,
)


def fabric(rng: Rng, side: int) -> Image:
    """Linen: threads over and under each other."""
    pitch = side / 28  # an autoencoder keeps no finer threads
    xs, ys = places(side)
    over = (np.floor(xs / pitch) + np.floor(ys / pitch)) % 2
    across, down = np.sin(np.pi * (xs % pitch) / pitch), np.sin(np.pi * (ys % pitch) / pitch)
    shade = np.where(over > 0, 0.78 + 0.26 * across, 0.74 + 0.26 * down)
    fold = grain(rng, side, (3, 6), 0.12)
    return shaded(near(rng, (0.86, 0.79, 0.66)), (shade * fold).astype(np.float32))


def denim(rng: Rng, side: int) -> Image:
    """Blue twill: fine slanting lines."""
    xs, ys = places(side)
    twill = 0.5 + 0.5 * np.sin((xs + ys) * 2 * np.pi / (side / 15))
    shade = (0.78 + 0.3 * twill) * grain(rng, side, (4, 24), 0.2)
    return shaded(near(rng, (0.24, 0.38, 0.62)), shade.astype(np.float32))


def knitting(rng: Rng, side: int) -> Image:
    """Rows of v-shaped stitches."""
    wide, high = side / 18, side / 22
    xs, ys = places(side)
    across = np.abs((xs % wide) / wide - 0.5) * 2
    along = ((ys + (1 - across) * -0.55 * high) % high) / high
    stitch = np.sin(np.pi * along) * (0.45 + 0.55 * np.sin(np.pi * np.clip(across, 0.04, 0.98)))
    return shaded(near(rng, (0.78, 0.3, 0.32)), (0.58 + 0.55 * stitch).astype(np.float32))


def carpet(rng: Rng, side: int) -> Image:
    tufts = noise(rng, side, 80) + 0.5 * noise(rng, side, 160)
    return shaded(near(rng, (0.62, 0.2, 0.24)), lit(tufts, 0.25) * grain(rng, side, (5,), 0.1))


def leather(rng: Rng, side: int) -> Image:
    _, edge = cells(rng, side, side * rng.uniform(0.044, 0.054), 0.42)
    shade = (0.62 + 0.42 * step(edge / 0.45)) * grain(rng, side, (3, 7), 0.16)
    return shaded(near(rng, (0.47, 0.28, 0.17)), shade.astype(np.float32))


def fur(rng: Rng, side: int) -> Image:
    xs, ys = places(side)
    bend = 0.06 * side * (noise(rng, side, 5) - 0.5)
    hairs = bent(stretched(rng, side, 70, 9), xs + bend, ys)
    return shaded(near(rng, (0.72, 0.54, 0.36)), (0.66 + 0.6 * hairs).astype(np.float32))


def paper(rng: Rng, side: int) -> Image:
    """Old paper, darker in patches."""
    stains = step((cloudiness(rng, side, 4) - 0.35) * 2)
    light, dark = near(rng, (0.96, 0.93, 0.85), 0.012), near(rng, (0.9, 0.85, 0.73), 0.015)
    return shaded(mix(stains, flat(dark, side), flat(light, side)), grain(rng, side, (60,), 0.05))


def wicker(rng: Rng, side: int) -> Image:
    """Woven basketwork."""
    pitch = rng.uniform(0.05, 0.065) * side
    xs, ys = places(side)
    over = (np.floor(xs / pitch) + np.floor(ys / pitch)) % 2
    u, v = (xs % pitch) / pitch, (ys % pitch) / pitch
    across = np.sin(np.pi * u) ** 0.5 * (0.6 + 0.4 * np.sin(np.pi * v * 3) ** 2)
    down = np.sin(np.pi * v) ** 0.5 * (0.6 + 0.4 * np.sin(np.pi * u * 3) ** 2)
    shade = 0.45 + 0.62 * np.where(over > 0, across, down)
    return shaded(near(rng, (0.8, 0.6, 0.36)), shade.astype(np.float32))


def honeycomb(rng: Rng, side: int) -> Image:
    """Six-sided cells of wax."""
    pitch = rng.uniform(0.1, 0.13) * side
    xs, ys = places(side)
    rows = np.sqrt(3) / 2 * pitch
    best = np.full((2, side, side), 1e9, np.float32)
    for shift in (0.0, 0.5):
        x = (xs - shift * pitch + pitch / 2) % pitch - pitch / 2
        y = (ys - 2 * shift * rows + rows) % (2 * rows) - rows
        best = np.sort(np.stack([*best, np.hypot(x, y)]), axis=0)[:2]
        for off in (-pitch, pitch):
            best = np.sort(np.stack([*best, np.hypot(x + off, y)]), axis=0)[:2]
    edge = (best[1] - best[0]) / pitch
    wax, honey = near(rng, (0.97, 0.78, 0.3)), near(rng, (0.86, 0.52, 0.1))
    body = mix(step(edge / 0.9), flat(honey, side), flat(honey * np.float32(1.12), side))
    return mix(step((edge - 0.1) / 0.05), flat(wax, side), np.clip(body, 0, 1))


def scales(rng: Rng, side: int) -> Image:
    """Overlapping scales of a fish or a dragon."""
    wide = rng.uniform(0.09, 0.12) * side
    image = flat(near(rng, (0.1, 0.4, 0.36)), side)
    base = near(rng, (0.2, 0.62, 0.55))
    for row in range(int(2 * side / wide) + 3, -2, -1):
        for column in range(-1, int(side / wide) + 2):
            at = (round((column + 0.5 * (row % 2)) * wide), round(row * wide / 2))
            for part, light in ((0.58, 0.55), (0.53, 1.0), (0.33, 1.16)):
                ink = tuple(float(v) for v in np.clip(base * light * rng.uniform(0.97, 1.03), 0, 1))
                cv2.circle(image, at, round(part * wide), ink, -1, cv2.LINE_AA)
    return image


def checkerboard(rng: Rng, side: int) -> Image:
    size = rng.uniform(0.07, 0.13) * side
    xs, ys = places(side)
    weight = ((np.floor(xs / size) + np.floor(ys / size)) % 2).astype(np.float32)
    white, black = near(rng, (0.96, 0.96, 0.95), 0.01), near(rng, (0.1, 0.1, 0.11), 0.01)
    return mix(weight, flat(white, side), flat(black, side))


def polka_dots(rng: Rng, side: int) -> Image:
    """White dots on a colour."""
    pitch = rng.uniform(0.1, 0.16) * side
    xs, ys = places(side)
    row = np.floor(ys / pitch)
    dx = (xs + pitch / 2 * (row % 2)) % pitch - pitch / 2
    weight = np.clip(pitch * 0.28 - np.hypot(dx, ys % pitch - pitch / 2), 0, 1)
    ground = near(
        rng, ((0.85, 0.2, 0.24), (0.25, 0.45, 0.85), (0.95, 0.55, 0.7))[int(rng.integers(3))]
    )
    return mix(weight.astype(np.float32), flat(ground, side), flat(np.ones(3, np.float32), side))


def stripes(rng: Rng, side: int) -> Image:
    """Upright stripes of a colour and white."""
    pitch = rng.uniform(0.09, 0.15) * side
    xs, _ = places(side)
    weight = np.clip(pitch / 4 - np.abs(xs % pitch - pitch / 2), 0, 1).astype(np.float32)
    ground = near(
        rng, ((0.85, 0.22, 0.25), (0.22, 0.42, 0.8), (0.3, 0.6, 0.4))[int(rng.integers(3))]
    )
    return mix(weight, flat(near(rng, (0.97, 0.96, 0.94), 0.01), side), flat(ground, side))


def plaid(rng: Rng, side: int) -> Image:
    """Tartan: crossing bands."""
    xs, ys = places(side)
    image = flat(near(rng, (0.76, 0.16, 0.2)), side)
    pitch = rng.uniform(0.2, 0.26) * side
    bands: tuple[tuple[float, float, RGB], ...] = (
        (0.3, 0.16, (0.1, 0.2, 0.3)),
        (0.62, 0.05, (0.95, 0.85, 0.4)),
        (0.82, 0.1, (0.12, 0.35, 0.25)),
    )
    for place, half, colour in bands:
        for along in (xs, ys):
            near_by = np.abs((along / pitch) % 1 - place) < half / 2
            image = mix(
                0.6 * near_by.astype(np.float32), image, flat(np.array(colour, np.float32), side)
            )
    return image


def _plain(colour: RGB) -> Draw:
    def draw(rng: Rng, side: int) -> Image:
        return flat(near(rng, colour, 0.012), side)

    return draw


def _unit(colour: tuple[int, int, int]) -> RGB:
    return colour[0] / 255, colour[1] / 255, colour[2] / 255


PATTERNS: dict[str, Draw] = {
    "fabric": fabric,
    "denim": denim,
    "knitting": knitting,
    "carpet": carpet,
    "leather": leather,
    "fur": fur,
    "paper": paper,
    "wicker": wicker,
    "honeycomb": honeycomb,
    "fish_scales": scales,
    "checkerboard": checkerboard,
    "polka_dots": polka_dots,
    "stripes": stripes,
    "plaid": plaid,
} | {f"plain_{name}": _plain(_unit(rgb)) for name, rgb in COLOURS.items()}
