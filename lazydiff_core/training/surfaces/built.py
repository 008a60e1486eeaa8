"""What people build and weave: walls, floors, roofs, stone, metal."""

from __future__ import annotations

import cv2
import numpy as np

from lazydiff_core.training.backgrounds import Image, Rng, cloudiness, mix, noise
from lazydiff_core.training.surfaces.drawing import (
    RGB,
    Draw,
    bent,
    blurred,
    bond,
    cells,
    flat,
    grain,
    lit,
    near,
    places,
    relief,
    shaded,
    stamps,
    step,
    stretched,
)


def _blocks(
    rng: Rng, tones: Image, inside: Image, colour: Image, joint: Image, wide: float, spread: float
) -> Image:
    """Blocks of about one colour with joints of another, lit from the upper left."""
    side = len(tones)
    rise = relief(inside, wide, 2.0)
    shade = (1 + spread * (tones - 0.5)) * lit(blurred(rise, 1.2), 0.12)
    body = shaded(colour, shade * grain(rng, side, (20, 60), 0.1))
    return mix(rise, flat(joint, side), body)


def bricks(rng: Rng, side: int) -> Image:
    high = rng.uniform(0.055, 0.085) * side
    tones, inside = bond(rng, side, high, high * rng.uniform(2.0, 2.5), 0.5)
    joint = near(rng, (0.8, 0.72, 0.65))
    return _blocks(rng, tones, inside, near(rng, (0.66, 0.3, 0.22)), joint, 0.1 * high, 0.38)


def stone_wall(rng: Rng, side: int) -> Image:
    """Rounded grey stones of a wall."""
    value, edge = cells(rng, side, side * rng.uniform(0.1, 0.14), 0.33)
    rise = step(edge / 0.22)
    shade = (0.8 + 0.4 * value) * lit(blurred(rise, 2), 0.35)
    body = shaded(near(rng, (0.6, 0.59, 0.58)), shade * grain(rng, side, (18, 50), 0.16))
    return mix(step(edge / 0.08), flat(near(rng, (0.3, 0.29, 0.28)), side), body)


def cobbles(rng: Rng, side: int) -> Image:
    """Paving of square setts with rounded corners."""
    pitch = rng.uniform(0.075, 0.095) * side
    tones, inside = bond(rng, side, pitch, pitch * 1.15, 0.5)
    rise = step((inside - 0.05 * pitch) / (0.22 * pitch))
    shade = (0.75 + 0.4 * tones) * lit(blurred(rise, 2), 0.4)
    body = shaded(near(rng, (0.57, 0.55, 0.54)), shade * grain(rng, side, (30, 80), 0.12))
    dark = flat(near(rng, (0.27, 0.26, 0.26)), side)
    return mix(step((inside - 0.04 * pitch) / (0.08 * pitch)), dark, body)


def paving(rng: Rng, side: int) -> Image:
    """Large flagstones."""
    pitch = rng.uniform(0.16, 0.22) * side
    tones, inside = bond(rng, side, pitch, pitch * 1.4, 0.5)
    joint = near(rng, (0.42, 0.41, 0.4))
    return _blocks(rng, tones, inside, near(rng, (0.72, 0.7, 0.66)), joint, 0.045 * pitch, 0.16)


def _wood(rng: Rng, side: int, boards: Image, inside: Image, colour: RGB) -> Image:
    """Boards that run across, with grain and dark gaps."""
    lines = stretched(rng, side, 3, side // 7) + 0.5 * stretched(rng, side, 6, side // 4)
    shade = (0.82 + 0.3 * boards) * (0.86 + 0.2 * lines)
    body = shaded(near(rng, colour), shade.astype(np.float32))
    gap = flat(near(rng, colour) * np.float32(0.42), side)
    return mix(relief(inside, max(3.0, side / 150), 2.0), gap, body)


def planks(rng: Rng, side: int) -> Image:
    """Long boards, as of a table."""
    high = rng.uniform(0.09, 0.14) * side
    tones, inside = bond(rng, side, high, side * rng.uniform(1.2, 2.0), 0.43)
    return _wood(rng, side, tones, inside, (0.7, 0.47, 0.27))


def fence(rng: Rng, side: int) -> Image:
    """Upright boards."""
    return np.ascontiguousarray(planks(rng, side).transpose(1, 0, 2))


def parquet(rng: Rng, side: int) -> Image:
    """Short boards in a running bond."""
    high = rng.uniform(0.055, 0.075) * side
    tones, inside = bond(rng, side, high, high * rng.uniform(4, 5), 0.37)
    return _wood(rng, side, tones, inside, (0.72, 0.5, 0.29))


def bark(rng: Rng, side: int) -> Image:
    """Upright ridges of a trunk."""
    xs, ys = places(side)
    bend = 0.05 * side * (noise(rng, side, 5) - 0.5)
    ridges = bent(stretched(rng, side, 26, 5), xs + bend, ys)
    light, dark = near(rng, (0.55, 0.39, 0.26)), near(rng, (0.24, 0.15, 0.1))
    return mix(step((ridges - 0.25) * 2.2), flat(dark, side), shaded(light, lit(ridges, 1.2)))


def bamboo(rng: Rng, side: int) -> Image:
    """Upright canes with knots."""
    wide = rng.uniform(0.07, 0.09) * side
    xs, ys = places(side)
    column, across = np.floor(xs / wide).astype(int), (xs % wide) / wide
    knot = rng.uniform(0, 1, 64)[column] + ys / (rng.uniform(0.22, 0.28) * side)
    body = 0.62 + 0.5 * np.sin(np.pi * across)
    shade = body * np.where(knot % 1 < 0.05, 0.72, 1.0) * (0.9 + 0.2 * rng.random(64)[column])
    return shaded(near(rng, (0.74, 0.78, 0.36)), shade.astype(np.float32))


def tiles(rng: Rng, side: int) -> Image:
    """Glazed square tiles of a bathroom."""
    pitch = rng.uniform(0.1, 0.13) * side
    tones, inside = bond(rng, side, pitch, pitch, 0.0)
    gloss = 0.95 + 0.1 * step(inside / (0.35 * pitch))
    glaze, joint = near(rng, (0.55, 0.8, 0.88)), near(rng, (0.93, 0.94, 0.94))
    image = _blocks(rng, tones, inside, glaze, joint, 0.06 * pitch, 0.14)
    return shaded(image, gloss.astype(np.float32))


def roof(rng: Rng, side: int) -> Image:
    """Rows of rounded tiles, each over the one below."""
    high, wide = rng.uniform(0.08, 0.1) * side, rng.uniform(0.08, 0.1) * side
    image = flat(near(rng, (0.5, 0.18, 0.12)), side)
    base = near(rng, (0.82, 0.37, 0.24))
    for row in range(int(side / high) + 2, -2, -1):
        for column in range(-1, int(side / wide) + 2):
            x, y = (column + 0.5 * (row % 2)) * wide, row * high
            tone = np.clip(base * rng.uniform(0.85, 1.12), 0, 1)
            low = round(y + 0.75 * high)
            for grown, light in ((0.0, 0.6), (0.06, 1.0)):
                ink = tuple(float(v) for v in tone * light)
                left, right = round(x + grown * wide), round(x + (1 - grown) * wide)
                foot = low - round(0.1 * high * (grown > 0))
                cv2.rectangle(image, (left, round(y - 0.4 * high)), (right, foot), ink, -1)
                middle, axes = ((left + right) // 2, foot), ((right - left) // 2, round(0.5 * high))
                cv2.ellipse(image, middle, axes, 0, 0, 180, ink, -1, cv2.LINE_AA)
    return image


def concrete(rng: Rng, side: int) -> Image:
    image = shaded(near(rng, (0.66, 0.66, 0.65)), grain(rng, side, (5, 18, 36), 0.3))
    dark = [near(rng, (0.5, 0.5, 0.5)), near(rng, (0.42, 0.42, 0.42))]
    return stamps(rng, image, 110, (0.004, 0.011), dark, 0.85)


def plaster(rng: Rng, side: int) -> Image:
    """A rough-cast wall."""
    bumps = noise(rng, side, 48) + 0.6 * noise(rng, side, 24)
    return shaded(near(rng, (0.93, 0.88, 0.78)), lit(bumps, 0.35) * grain(rng, side, (4,), 0.06))


def asphalt(rng: Rng, side: int) -> Image:
    image = shaded(near(rng, (0.27, 0.28, 0.3)), grain(rng, side, (5, 30), 0.3))
    light = [near(rng, (0.42, 0.43, 0.45)), near(rng, (0.18, 0.18, 0.2))]
    return stamps(rng, image, side * side // 700, (0.006, 0.012), light, 0.8)


def marble(rng: Rng, side: int) -> Image:
    """White with grey veins."""
    image = shaded(near(rng, (0.95, 0.95, 0.95), 0.01), grain(rng, side, (3, 7), 0.1))
    veins = (
        (3, 0.03, (0.56, 0.57, 0.62)),
        (4, 0.015, (0.74, 0.72, 0.7)),
        (6, 0.02, (0.7, 0.7, 0.73)),
    )
    for scale, depth, colour in veins:
        field = cloudiness(rng, side, scale)
        vein = np.exp(-(((field - 0.5) / depth) ** 2)).astype(np.float32)
        image = mix(0.75 * vein * noise(rng, side, 5), image, flat(near(rng, colour), side))
    return image


def metal(rng: Rng, side: int) -> Image:
    """Brushed steel."""
    streaks = stretched(rng, side, 2, side // 10) + 0.5 * stretched(rng, side, 3, side // 22)
    sheen = 0.84 + 0.24 * stretched(rng, side, 3, 2)
    return shaded(
        near(rng, (0.74, 0.76, 0.79)), (sheen * (0.8 + 0.27 * streaks)).astype(np.float32)
    )


def plates(rng: Rng, side: int) -> Image:
    """Steel plates with rivets."""
    pitch = rng.uniform(0.2, 0.26) * side
    tones, inside = bond(rng, side, pitch, pitch * 1.3, 0.5)
    steel, joint = near(rng, (0.56, 0.6, 0.66)), near(rng, (0.26, 0.28, 0.32))
    image = _blocks(rng, tones, inside, steel, joint, 0.03 * pitch, 0.14)
    ring = np.abs(inside - 0.14 * pitch) < 0.03 * pitch
    xs, ys = places(side)
    dots = ring & (((xs % (0.2 * pitch)) < 0.07 * pitch) & ((ys % (0.2 * pitch)) < 0.07 * pitch))
    soft = blurred(dots.astype(np.float32), 1.5)
    return mix(np.clip(soft * 1.5, 0, 1), image, flat(near(rng, (0.8, 0.83, 0.87)), side))


def rust(rng: Rng, side: int) -> Image:
    low, high = near(rng, (0.45, 0.22, 0.12)), near(rng, (0.8, 0.43, 0.2))
    image = mix(step(cloudiness(rng, side, 5) * 1.6 - 0.3), flat(low, side), flat(high, side))
    return shaded(image, grain(rng, side, (30, 90), 0.3))


BUILT: dict[str, Draw] = {
    "bricks": bricks,
    "stones": stone_wall,
    "cobbles": cobbles,
    "paving": paving,
    "wood": planks,
    "fence": fence,
    "parquet": parquet,
    "bark": bark,
    "bamboo_wall": bamboo,
    "tiles": tiles,
    "roof": roof,
    "concrete": concrete,
    "plaster": plaster,
    "asphalt": asphalt,
    "marble": marble,
    "metal": metal,
    "steel_plates": plates,
    "rust": rust,
}
