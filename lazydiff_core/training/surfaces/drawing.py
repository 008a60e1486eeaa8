"""What surfaces are drawn with: shades, grain, cells, stamps. (side, side, 3) float32 in [0, 1]."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from lazydiff_core.training.backgrounds import Image, Rng, mix, noise, ramp

RGB = tuple[float, float, float]
Draw = Callable[[Rng, int], Image]


def near(rng: Rng, colour: RGB, spread: float = 0.025) -> Image:
    """A colour like this one: it varies in light more than in hue."""
    varied = np.array(colour) + rng.normal(0, spread) + rng.normal(0, 0.4 * spread, 3)
    return np.clip(varied, 0, 1).astype(np.float32)


def flat(colour: Image, side: int) -> Image:
    return np.ascontiguousarray(np.broadcast_to(colour, (side, side, 3)), np.float32)


def shaded(colour: Image, shade: Image) -> Image:
    """A colour, or a picture, times a shade (side, side) around 1."""
    return np.asarray(np.clip(colour * shade[..., None], 0, 1), np.float32)


def grain(rng: Rng, side: int, cells: tuple[int, ...], depth: float) -> Image:
    """Noise around 1 at several scales, the finer the fainter."""
    layers = [(noise(rng, side, n) - 0.5) / (k + 1) for k, n in enumerate(cells)]
    return np.asarray(1 + depth * np.sum(layers, axis=0), np.float32)


def stretched(rng: Rng, side: int, across: int, down: int) -> Image:
    """Smooth noise in [0, 1] with other numbers of features across and down."""
    coarse = rng.random((down + 2, across + 2), np.float32)
    fine = cv2.resize(coarse, (side, side), interpolation=cv2.INTER_CUBIC)
    return np.asarray(np.clip(fine, 0, 1), np.float32)


def downwards(side: int, *colours: Image) -> Image:
    """Colours one below the other, mixed in between."""
    at = ramp(side, np.pi / 2) * (len(colours) - 1)
    image = flat(colours[0], side)
    for k, colour in enumerate(colours[1:]):
        image = mix(np.clip(at - k, 0, 1), image, flat(colour, side))
    return image


def places(side: int) -> tuple[Image, Image]:
    """x and y of each pixel."""
    ys, xs = np.mgrid[0:side, 0:side].astype(np.float32)
    return xs, ys


def blurred(image: Image, radius: float) -> Image:
    """Gaussian blur of so many pixels."""
    return np.asarray(cv2.GaussianBlur(image, (0, 0), radius), np.float32)


def enlarged(image: Image, side: int) -> Image:
    """A picture stretched to a square."""
    return np.asarray(cv2.resize(image, (side, side)), np.float32)


def bent(image: Image, xs: Image, ys: Image) -> Image:
    """A picture with each pixel taken from another place; mirrored beyond its edges."""
    moved = cv2.remap(image, xs, ys, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    return np.asarray(moved, np.float32)


def step(x: Image) -> Image:
    """Smoothly from 0 to 1 over [0, 1]."""
    x = np.clip(x, 0, 1)
    return np.asarray(x * x * (3 - 2 * x), np.float32)


def cells(rng: Rng, side: int, pitch: float, jitter: float = 0.3) -> tuple[Image, Image]:
    """Cells around jittered points: a random number in [0, 1] of each, and 0 at their borders.

    The second is how much farther the second nearest point is, in pitches.
    """
    from scipy.spatial import cKDTree

    count = int(side / pitch) + 3
    grid = np.mgrid[-1:count, -1:count].reshape(2, -1).T + 0.5
    points = (grid + rng.uniform(-jitter, jitter, grid.shape)) * pitch
    half = np.mgrid[0:side:2, 0:side:2].reshape(2, -1).T
    distance, index = cKDTree(points).query(half, k=2)
    rows = len(range(0, side, 2))
    edge = ((distance[:, 1] - distance[:, 0]) / pitch).reshape(rows, rows).astype(np.float32)
    label = index[:, 0].reshape(rows, rows).astype(np.float32)
    size = (side, side)
    label = cv2.resize(label, size, interpolation=cv2.INTER_NEAREST).astype(np.int64)
    value = rng.random(len(points)).astype(np.float32)[label]
    return value, np.asarray(cv2.resize(edge, size, interpolation=cv2.INTER_LINEAR), np.float32)


def bond(rng: Rng, side: int, high: float, wide: float, shift: float) -> tuple[Image, Image]:
    """Rows of blocks, each row shifted: a random number in [0, 1] of each block, and how far a
    pixel is from its block's border, in pixels."""
    xs, ys = places(side)
    ys = ys + rng.uniform(0, high)
    row = np.floor(ys / high)
    along = xs + wide * shift * (row % 2) + rng.uniform(0, wide)
    column = np.floor(along / wide)
    tones = rng.random(4096).astype(np.float32)[(row * 57 + column).astype(int) % 4096]
    inside = [along % wide, wide - along % wide, ys % high, high - ys % high]
    return tones, np.asarray(np.minimum.reduce(inside), np.float32)


def relief(inside: Image, joint: float, soft: float) -> Image:
    """0 in the joints between blocks, 1 on them."""
    return step((inside - joint / 2) / max(soft, 1e-3))


def lit(height: Image, depth: float) -> Image:
    """A shade around 1: what rises towards the upper left is light."""
    gx, gy = cv2.Sobel(height, cv2.CV_32F, 1, 0), cv2.Sobel(height, cv2.CV_32F, 0, 1)
    return np.asarray(1 + np.clip(depth * (gx + gy), -0.35, 0.35), np.float32)


def strokes(
    rng: Rng,
    image: Image,
    count: int,
    length: tuple[float, float],
    colours: list[Image],
    lean: tuple[float, float] = (0.0, 0.3),
    width: int = 2,
    taper: bool = True,
) -> Image:
    """Lines that rise from random roots, the lower in front; lengths in sides, lean in radians."""
    side = len(image)
    roots = rng.uniform(0, 1, (count, 2)) * (side, side * 1.06)
    roots = roots[np.argsort(roots[:, 1])]
    for x, y in roots:
        far = 0.6 + 0.6 * y / side if taper else 1.0
        size = rng.uniform(*length) * side * far
        angle = rng.normal(*lean)
        tip = (round(x + size * np.sin(angle)), round(y - size * np.cos(angle)))
        tone = colours[int(rng.integers(len(colours)))] * rng.uniform(0.88, 1.1)
        ink = tuple(float(v) for v in np.clip(tone, 0, 1))
        cv2.line(image, (round(x), round(y)), tip, ink, max(1, round(width * far)), cv2.LINE_AA)
    return image


def stamps(
    rng: Rng,
    image: Image,
    count: int,
    radius: tuple[float, float],
    colours: list[Image],
    flatness: float = 1.0,
    turned: bool = False,
) -> Image:
    """Ellipses anywhere, the lower ones in front; radii in sides."""
    side = len(image)
    spots = rng.uniform(-0.03, 1.03, (count, 2)) * side
    for x, y in spots[np.argsort(spots[:, 1])]:
        size = rng.uniform(*radius) * side
        tone = colours[int(rng.integers(len(colours)))] * rng.uniform(0.92, 1.07)
        ink = tuple(float(v) for v in np.clip(tone, 0, 1))
        axes = (max(1, round(size)), max(1, round(size * flatness)))
        angle = float(rng.uniform(0, 180)) if turned else 0.0
        cv2.ellipse(image, (round(x), round(y)), axes, angle, 0, 360, ink, -1, cv2.LINE_AA)
    return image
