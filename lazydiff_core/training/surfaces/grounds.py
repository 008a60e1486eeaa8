"""What lies underfoot: grass, woods, sand, snow, stone, and waters."""

from __future__ import annotations

import cv2
import numpy as np

from lazydiff_core.training.backgrounds import Image, Rng, cloudiness, mix, noise
from lazydiff_core.training.surfaces.drawing import (
    RGB,
    bent,
    cells,
    downwards,
    enlarged,
    flat,
    grain,
    lit,
    near,
    places,
    shaded,
    stamps,
    step,
    stretched,
    strokes,
)

BLOSSOMS: tuple[RGB, ...] = (
    (0.98, 0.98, 0.98), (0.98, 0.82, 0.25), (0.92, 0.3, 0.35), (0.7, 0.5, 0.92), (0.97, 0.6, 0.75),
)  # fmt: skip


def grass(rng: Rng, side: int) -> Image:
    """Blades of several greens, longer towards the viewer."""
    image = shaded(near(rng, (0.33, 0.6, 0.2)), grain(rng, side, (5, 12), 0.25))
    greens = [near(rng, c) for c in ((0.3, 0.56, 0.17), (0.42, 0.7, 0.24), (0.54, 0.79, 0.32))]
    return strokes(rng, image, side * side // 150, (0.03, 0.06), greens, width=max(2, side // 170))


def meadow(rng: Rng, side: int) -> Image:
    """Grass with flowers."""
    image = grass(rng, side)
    for x, y in rng.uniform(0, side, (int(rng.integers(30, 55)), 2)):
        petal = BLOSSOMS[int(rng.integers(len(BLOSSOMS)))]
        size = side * (0.008 + 0.006 * y / side)
        for angle in np.arange(5) * 2 * np.pi / 5:
            at = (round(x + size * np.cos(angle)), round(y + size * np.sin(angle)))
            cv2.circle(image, at, max(2, round(0.75 * size)), petal, -1, cv2.LINE_AA)
        heart = (0.98, 0.78, 0.2) if petal[2] > 0.3 else (0.75, 0.45, 0.1)
        cv2.circle(image, (round(x), round(y)), max(1, round(0.6 * size)), heart, -1, cv2.LINE_AA)
    return image


def wheat(rng: Rng, side: int) -> Image:
    """Ears of corn."""
    image = shaded(near(rng, (0.86, 0.66, 0.28)), grain(rng, side, (4, 10), 0.2))
    golds = [near(rng, c) for c in ((0.78, 0.56, 0.2), (0.93, 0.75, 0.36), (0.98, 0.84, 0.5))]
    return strokes(rng, image, side * side // 130, (0.06, 0.11), golds, (0.15, 0.14), side // 130)


def hay(rng: Rng, side: int) -> Image:
    """Straw lying criss-cross."""
    image = flat(near(rng, (0.78, 0.62, 0.26)), side)
    golds = [near(rng, c) for c in ((0.72, 0.55, 0.2), (0.9, 0.75, 0.38), (0.96, 0.84, 0.52))]
    wide, lean = max(2, side // 128), (1.4, 0.55)
    return strokes(rng, image, side * side // 110, (0.06, 0.13), golds, lean, wide, taper=False)


def forest_floor(rng: Rng, side: int) -> Image:
    """Brown earth with moss and fallen leaves."""
    earth, moss = near(rng, (0.36, 0.26, 0.17)), near(rng, (0.34, 0.46, 0.18))
    image = mix(step((cloudiness(rng, side, 5) - 0.42) * 6), flat(earth, side), flat(moss, side))
    image = shaded(image, grain(rng, side, (16, 50), 0.35))
    leaves = [near(rng, c) for c in ((0.62, 0.4, 0.16), (0.5, 0.3, 0.14), (0.72, 0.52, 0.22))]
    return stamps(rng, image, side * side // 1100, (0.01, 0.022), leaves, 0.5, turned=True)


def autumn_leaves(rng: Rng, side: int) -> Image:
    image = flat(near(rng, (0.5, 0.26, 0.1)), side)
    tones = ((0.86, 0.3, 0.12), (0.95, 0.56, 0.14), (0.97, 0.76, 0.25), (0.62, 0.22, 0.12))
    leaves = [near(rng, c) for c in tones]
    return stamps(rng, image, side * side // 330, (0.02, 0.036), leaves, 0.55, turned=True)


def leaves(rng: Rng, side: int) -> Image:
    """A hedge: layers of green leaves."""
    image = flat(near(rng, (0.1, 0.3, 0.12)), side)
    for tone in ((0.16, 0.42, 0.16), (0.24, 0.55, 0.22), (0.38, 0.68, 0.3)):
        greens = [near(rng, tone)]
        image = stamps(rng, image, side * side // 750, (0.016, 0.03), greens, 0.55, turned=True)
    return image


def forest(rng: Rng, side: int) -> Image:
    """Crowns of trees, one row before the other."""
    image = flat(near(rng, (0.12, 0.34, 0.2)), side)
    for row in np.arange(0.02, 1.25, 0.1):
        tone = np.array((0.14, 0.4, 0.22)) * (0.8 + 0.45 * row)
        for x in np.arange(-0.05, 1.1, 0.085):
            at = ((x + rng.uniform(-0.03, 0.03)) * side, (row + rng.uniform(-0.03, 0.03)) * side)
            size, ink = rng.uniform(0.05, 0.075) * side, tone * rng.uniform(0.85, 1.2)
            for part, light in ((1.0, 0.85), (0.8, 1.0), (0.5, 1.18)):
                spot = (round(at[0] - (1 - part) * 0.4 * size), round(at[1] - (1 - part) * size))
                colour = tuple(float(v) for v in np.clip(ink * light, 0, 1))
                cv2.circle(image, spot, round(size * part), colour, -1, cv2.LINE_AA)
    return image


def moss(rng: Rng, side: int) -> Image:
    dark, light = (flat(near(rng, c), side) for c in ((0.2, 0.36, 0.1), (0.5, 0.66, 0.2)))
    base = mix(cloudiness(rng, side, 6), dark, light)
    tufts = [near(rng, c) for c in ((0.34, 0.52, 0.14), (0.5, 0.68, 0.22), (0.6, 0.76, 0.3))]
    return stamps(rng, base, side * side // 420, (0.008, 0.02), tufts, 0.8)


def sand(rng: Rng, side: int) -> Image:
    """Soft ripples and grains."""
    xs, ys = places(side)
    bend = 1.6 * noise(rng, side, 4) + 0.4 * noise(rng, side, 9)
    ripples = np.sin((ys + 0.25 * xs) * 2 * np.pi / (0.07 * side) + 6 * bend)
    shade = 1 + 0.055 * ripples + (grain(rng, side, (6, side // 6), 0.09) - 1)
    return shaded(near(rng, (0.93, 0.8, 0.55)), shade.astype(np.float32))


def desert(rng: Rng, side: int) -> Image:
    """Dunes, one before the other."""
    image = flat(near(rng, (0.97, 0.83, 0.55)), side)
    xs, ys = places(side)
    for row in np.arange(0.1, 1.15, 0.2):
        crest = side * (row + 0.09 * np.sin(xs / side * rng.uniform(4, 8) + rng.uniform(0, 6)))
        depth = (ys - crest) / side
        tone = near(rng, (0.93, 0.73, 0.42)) * (0.86 + 0.14 * row)
        dune = (
            flat(tone.astype(np.float32), side) * (1.1 - 1.2 * np.clip(depth, 0, 0.22))[..., None]
        )
        image = mix(np.clip(depth * side, 0, 1), image, np.clip(dune, 0, 1).astype(np.float32))
    return image


def snow(rng: Rng, side: int) -> Image:
    """Soft drifts, with a blue shade, and glints."""
    drifts = enlarged(cloudiness(rng, side, 3)[: side // 2], side)
    white, blue = near(rng, (0.98, 0.99, 1.0), 0.006), near(rng, (0.8, 0.87, 0.97), 0.015)
    image = mix(step((drifts - 0.3) * 2), flat(blue, side), flat(white, side))
    return stamps(rng, image, 60, (0.003, 0.006), [np.ones(3, np.float32)])


def earth(rng: Rng, side: int) -> Image:
    """Soil with small stones."""
    image = shaded(near(rng, (0.43, 0.29, 0.18)), grain(rng, side, (8, 24, 70), 0.4))
    stones = [near(rng, c) for c in ((0.56, 0.42, 0.29), (0.32, 0.21, 0.13), (0.62, 0.52, 0.42))]
    return stamps(rng, image, side * side // 1400, (0.005, 0.014), stones, 0.75)


def gravel(rng: Rng, side: int) -> Image:
    value, edge = cells(rng, side, side * rng.uniform(0.042, 0.052), 0.42)
    shade = (0.72 + 0.45 * value) * (0.5 + 0.5 * step(edge / 0.3))
    return shaded(near(rng, (0.62, 0.6, 0.58)), shade.astype(np.float32))


def pebbles(rng: Rng, side: int) -> Image:
    """Rounded stones of several colours."""
    value, edge = cells(rng, side, side * rng.uniform(0.065, 0.085), 0.36)
    height = step(edge / 0.55)
    tones = ((0.55, 0.53, 0.52), (0.72, 0.66, 0.58), (0.44, 0.45, 0.5), (0.8, 0.77, 0.73))
    stones = np.stack([near(rng, c) for c in tones])[(value * 3.999).astype(int)]
    shade = (0.35 + 0.65 * step(edge / 0.22)) * lit(height, 0.9)
    return shaded(stones, shade.astype(np.float32))


def rock(rng: Rng, side: int) -> Image:
    """Facets of grey rock."""
    value, edge = cells(rng, side, side * rng.uniform(0.12, 0.17), 0.48)
    fine, fine_edge = cells(rng, side, side * 0.075, 0.48)
    shade = 0.6 + 0.46 * value + 0.3 * fine
    shade *= (0.62 + 0.38 * step(edge / 0.12)) * (0.86 + 0.14 * step(fine_edge / 0.16))
    return shaded(near(rng, (0.55, 0.53, 0.52)), shade.astype(np.float32))


def lava(rng: Rng, side: int) -> Image:
    """Dark crust with glowing cracks."""
    value, edge = cells(rng, side, side * rng.uniform(0.1, 0.14), 0.45)
    crust = shaded(near(rng, (0.22, 0.13, 0.12)), (0.7 + 0.6 * value).astype(np.float32))
    hot = flat(near(rng, (1.0, 0.45, 0.08)), side)
    glow = mix(1 - step(edge / 0.09), hot, flat(near(rng, (1.0, 0.88, 0.35)), side))
    return mix(1 - step((edge - 0.1) / 0.12), crust, glow)


def water(rng: Rng, side: int) -> Image:
    """Waves with light crests, longer towards the viewer."""
    image = downwards(side, near(rng, (0.2, 0.55, 0.8)), near(rng, (0.08, 0.36, 0.66)))
    crest, trough = near(rng, (0.55, 0.82, 0.95)), near(rng, (0.06, 0.3, 0.6))
    for y in np.arange(0.01, 1.06, 0.042):
        far = 0.55 + 0.75 * y
        x = rng.uniform(-0.15, 0.0)
        while x < 1.05:
            wide = rng.uniform(0.06, 0.13) * far
            at = (round((x + wide / 2) * side), round((y + rng.uniform(-0.012, 0.012)) * side))
            axes = (round(wide / 2 * side), max(2, round(0.22 * wide * side)))
            for ink, down in ((trough, 3), (crest, 0)):
                colour = tuple(float(v) for v in ink)
                spot, thick = (at[0], at[1] + down), max(2, round(0.009 * far * side))
                cv2.ellipse(image, spot, axes, 0, 200, 340, colour, thick, cv2.LINE_AA)
            x += wide * rng.uniform(1.05, 1.7)
    return image


def lake(rng: Rng, side: int) -> Image:
    """Calm water with level glints."""
    image = downwards(side, near(rng, (0.45, 0.73, 0.88)), near(rng, (0.16, 0.47, 0.68)))
    glints = step((stretched(rng, side, 7, 40) - 0.62) * 6)
    dark = step((stretched(rng, side, 6, 34) - 0.64) * 6)
    image = mix(0.55 * glints, image, flat(near(rng, (0.78, 0.92, 0.98)), side))
    return mix(0.35 * dark, image, flat(near(rng, (0.1, 0.36, 0.56)), side))


def pool(rng: Rng, side: int) -> Image:
    """Clear water: a net of light over turquoise."""
    warp = 0.05 * side * (noise(rng, side, 6) - 0.5)
    _, edge = cells(rng, side, side * rng.uniform(0.1, 0.13), 0.42)
    xs, ys = places(side)
    edge = bent(edge, xs + warp, ys + np.ascontiguousarray(warp.T))
    base = shaded(near(rng, (0.16, 0.7, 0.82)), grain(rng, side, (3, 6), 0.18))
    return mix(0.7 * (1 - step(edge / 0.14)), base, flat(near(rng, (0.8, 0.97, 0.98), 0.01), side))


def river(rng: Rng, side: int) -> Image:
    """Streaks of running water."""
    warp = 0.05 * side * (noise(rng, side, 4) - 0.5)
    streaks = stretched(rng, side, 5, 30)
    xs, ys = places(side)
    streaks = bent(streaks, xs, ys + warp)
    deep, clear = near(rng, (0.1, 0.42, 0.62)), near(rng, (0.36, 0.7, 0.86))
    image = mix(step(streaks * 1.3 - 0.15), flat(deep, side), flat(clear, side))
    return mix(0.8 * step((streaks - 0.78) * 8), image, flat(near(rng, (0.9, 0.97, 1), 0.01), side))


def underwater(rng: Rng, side: int) -> Image:
    """Blue depth with shafts of light and bubbles."""
    image = downwards(side, near(rng, (0.2, 0.68, 0.86)), near(rng, (0.02, 0.2, 0.46)))
    xs, ys = places(side)
    fan = np.interp((xs - 0.5 * side) / (ys + 0.6 * side), np.linspace(-1, 1, 40), rng.random(40))
    shafts = step((fan.astype(np.float32) - 0.55) * 4) * (0.35 - 0.35 * ys / side)
    image = mix(shafts.astype(np.float32), image, flat(near(rng, (0.75, 0.95, 1), 0.01), side))
    for x, y in rng.uniform(0, side, (24, 2)):
        ring, radius = (0.75, 0.92, 1.0), max(2, round(side * rng.uniform(0.006, 0.018)))
        cv2.circle(image, (round(x), round(y)), radius, ring, 2, cv2.LINE_AA)
    return image


def ice(rng: Rng, side: int) -> Image:
    """Pale blue with white cracks."""
    image = shaded(near(rng, (0.72, 0.88, 0.96)), grain(rng, side, (3, 7), 0.18))
    _, edge = cells(rng, side, side * rng.uniform(0.16, 0.24), 0.48)
    return mix(0.85 * (1 - step(edge / 0.03)), image, flat(np.ones(3, np.float32), side))


GROUNDS = {
    "grass": grass,
    "meadow": meadow,
    "wheat": wheat,
    "hay": hay,
    "forest_floor": forest_floor,
    "autumn_leaves": autumn_leaves,
    "hedge": leaves,
    "forest": forest,
    "moss": moss,
    "sand": sand,
    "dunes": desert,
    "snow": snow,
    "earth": earth,
    "gravel": gravel,
    "pebbles": pebbles,
    "rock_face": rock,
    "lava": lava,
    "water": water,
    "lake": lake,
    "pool": pool,
    "river": river,
    "underwater": underwater,
    "ice": ice,
}
