"""Surfaces that prompts can ask for: grass, water, brick walls. (side, side, 3) float32 in [0, 1].

Names are those of section `textures` of resources/train/concepts.toml. Ours.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import numpy.typing as npt

from lazydiff_core.training.backgrounds import Image, Rng, cloudiness, mix, noise, planks, ramp

COLORS: dict[str, tuple[float, float, float]] = {
    "white": (0.98, 0.98, 0.98),
    "black": (0.06, 0.06, 0.07),
    "gray": (0.55, 0.55, 0.56),
    "red": (0.85, 0.16, 0.18),
    "orange": (0.96, 0.56, 0.16),
    "yellow": (0.98, 0.85, 0.25),
    "green": (0.24, 0.66, 0.32),
    "blue": (0.2, 0.42, 0.86),
    "purple": (0.52, 0.28, 0.74),
    "pink": (0.98, 0.62, 0.74),
    "brown": (0.46, 0.3, 0.19),
}


def _near(rng: Rng, color: tuple[float, float, float], spread: float = 0.03) -> Image:
    return np.clip(np.array(color) + rng.normal(0, spread, 3), 0, 1).astype(np.float32)


def _shaded(color: Image, shade: Image) -> Image:
    return np.asarray(np.clip(color * shade[..., None], 0, 1), np.float32)


def _grain(rng: Rng, side: int, cells: tuple[int, ...], depth: float) -> Image:
    """Noise around 1 at several scales, the finer the fainter."""
    layers = [(noise(rng, side, n) - 0.5) / (k + 1) for k, n in enumerate(cells)]
    return np.asarray(1 + depth * np.sum(layers, axis=0), np.float32)


def _sky(rng: Rng, side: int, top: tuple[float, float, float], low: tuple[float, ...]) -> Image:
    first, second = _near(rng, top), _near(rng, (low[0], low[1], low[2]))
    return mix(ramp(side, np.pi / 2), first, second)


def grass(rng: Rng, side: int) -> Image:
    """Blades of several greens, longer towards the viewer."""
    image = _shaded(_near(rng, (0.36, 0.62, 0.22)), _grain(rng, side, (8, 24), 0.3))
    count = round(side * side / 90)
    roots = rng.integers(0, side, (count, 2))
    lengths = rng.uniform(0.012, 0.035, count) * side * (0.6 + 0.8 * roots[:, 1] / side)
    leans = rng.normal(0, 0.35, count)
    tones = rng.uniform(0.65, 1.35, count)
    blade = _near(rng, (0.38, 0.66, 0.22))
    for (x, y), length, lean, tone in zip(roots, lengths, leans, tones, strict=True):
        tip = (round(x + lean * length), round(y - length))
        color = tuple(float(v) for v in np.clip(blade * tone, 0, 1))
        cv2.line(image, (int(x), int(y)), tip, color, max(1, side // 256), cv2.LINE_AA)
    return image


def water(rng: Rng, side: int) -> Image:
    """Waves in perspective, brighter crests."""
    ys = np.linspace(0.15, 1, side, dtype=np.float32)[:, None]
    xs = np.linspace(0, 1, side, dtype=np.float32)[None]
    warp = 6 * noise(rng, side, 6) + 2 * noise(rng, side, 16)
    waves = np.sin(rng.uniform(25, 45) * ys**0.6 + warp + 3 * xs)
    shade = 0.92 + 0.1 * waves + 0.12 * np.clip(waves - 0.75, 0, 1) * 4
    return _shaded(_near(rng, (0.18, 0.5, 0.74)), shade.astype(np.float32))


def sand(rng: Rng, side: int) -> Image:
    """Soft ripples and grains."""
    ripples = np.sin(ramp(side, rng.uniform(1.2, 1.9)) * 60 + 6 * noise(rng, side, 5))
    shade = 1 + 0.04 * ripples + _grain(rng, side, (12, side // 4), 0.1) - 1
    return _shaded(_near(rng, (0.9, 0.78, 0.54)), shade.astype(np.float32))


def snow(rng: Rng, side: int) -> Image:
    return _shaded(_near(rng, (0.94, 0.96, 1.0), 0.015), _grain(rng, side, (4, 9, 30), 0.1))


def starry_night(rng: Rng, side: int) -> Image:
    """A dark sky with stars of several sizes."""
    image = _sky(rng, side, (0.03, 0.04, 0.16), (0.14, 0.14, 0.38))
    for _ in range(int(rng.integers(40, 110))):
        x, y = (int(v) for v in rng.integers(0, side, 2))
        radius = max(1, round(side * float(rng.choice([0.003, 0.004, 0.007, 0.011]))))
        glow = rng.uniform(0.75, 1)
        cv2.circle(image, (x, y), radius, (glow, glow, glow * 0.92), -1, cv2.LINE_AA)
    return image


def blue_sky(rng: Rng, side: int) -> Image:
    return _sky(rng, side, (0.3, 0.58, 0.93), (0.76, 0.9, 1.0))


def cloudy_sky(rng: Rng, side: int) -> Image:
    """White puffs before blue."""
    puffs = np.clip((cloudiness(rng, side, 4) - 0.47) * 6, 0, 1)
    white = np.array([0.97, 0.98, 1.0], np.float32)
    sky = blue_sky(rng, side)
    return np.asarray(sky + (white - sky) * puffs[..., None], np.float32)


def sunset(rng: Rng, side: int) -> Image:
    """Violet over orange to yellow."""
    top, middle = _near(rng, (0.38, 0.22, 0.52)), _near(rng, (0.96, 0.48, 0.36))
    low = _near(rng, (1.0, 0.82, 0.42))
    down = ramp(side, np.pi / 2)
    upper = mix(np.clip(down * 2, 0, 1), top, middle)
    lower = np.clip(down * 2 - 1, 0, 1)[..., None]
    return np.asarray(upper + (low - upper) * lower, np.float32)


def wood(rng: Rng, side: int) -> Image:
    return np.clip(planks(rng, side), 0, 1)


def bricks(rng: Rng, side: int) -> Image:
    """A red or brown wall in running bond with light joints."""
    high = rng.uniform(0.06, 0.12) * side
    wide, joint = high * rng.uniform(1.9, 2.6), high * rng.uniform(0.08, 0.16)
    ys, xs = np.mgrid[0:side, 0:side].astype(np.float32)
    row = np.floor(ys / high)
    along = xs + wide / 2 * (row % 2)
    column = np.floor(along / wide)
    tones = rng.uniform(0.82, 1.15, 4096)[(row * 57 + column).astype(int) % 4096]
    wall = _shaded(_near(rng, (0.66, 0.3, 0.22), 0.05), tones.astype(np.float32))
    gap = ((along % wide < joint) | (ys % high < joint)).astype(np.float32)[..., None]
    return np.asarray(wall + (_near(rng, (0.82, 0.78, 0.72)) - wall) * gap, np.float32)


def stones(rng: Rng, side: int) -> Image:
    """Rounded grey stones: cells around jittered points."""
    cells = int(rng.integers(6, 11))
    step = side / cells
    grid = np.mgrid[-1 : cells + 1, -1 : cells + 1].reshape(2, -1).T
    points = (grid + 0.5 + rng.uniform(-0.3, 0.3, grid.shape)) * step
    label, edge = _nearest(points.astype(np.float32), side)
    tones = rng.uniform(0.7, 1.15, len(points)).astype(np.float32)[label]
    relief = np.clip(edge / (0.16 * step), 0, 1)
    return _shaded(_near(rng, (0.6, 0.6, 0.62)), (tones * (0.45 + 0.55 * relief)))


def _nearest(points: Image, side: int) -> tuple[npt.NDArray[np.int64], Image]:
    """Index of the nearest point, and how much farther the second nearest is."""
    from scipy.spatial import cKDTree

    half = np.mgrid[0:side:2, 0:side:2].reshape(2, -1).T
    distance, index = cKDTree(points).query(half, k=2)
    rows = len(range(0, side, 2))
    edge = (distance[:, 1] - distance[:, 0]).reshape(rows, rows).astype(np.float32)
    label = index[:, 0].reshape(rows, rows)
    label = label.repeat(2, 0).repeat(2, 1)[:side, :side]
    return label, cv2.resize(edge, (side, side), interpolation=cv2.INTER_LINEAR)


def checkerboard(rng: Rng, side: int) -> Image:
    size = rng.uniform(0.06, 0.13) * side
    ys, xs = np.mgrid[0:side, 0:side].astype(np.float32)
    weight = ((np.floor(xs / size) + np.floor(ys / size)) % 2).astype(np.float32)
    return mix(weight, _near(rng, COLORS["white"], 0.01), _near(rng, COLORS["black"], 0.02))


def polka_dots(rng: Rng, side: int) -> Image:
    """White dots on a colour."""
    step = rng.uniform(0.09, 0.17) * side
    ys, xs = np.mgrid[0:side, 0:side].astype(np.float32)
    row = np.floor(ys / step)
    dx = (xs + step / 2 * (row % 2)) % step - step / 2
    distance = np.hypot(dx, ys % step - step / 2)
    weight = np.clip(step * 0.3 - distance, 0, 1).astype(np.float32)
    color = COLORS[str(rng.choice(["red", "orange", "green", "blue", "purple", "pink"]))]
    return mix(weight, _near(rng, color), _near(rng, COLORS["white"], 0.01))


def _plain(color: tuple[float, float, float]) -> Callable[[Rng, int], Image]:
    def draw(rng: Rng, side: int) -> Image:
        return np.broadcast_to(_near(rng, color, 0.02), (side, side, 3)).astype(np.float32)

    return draw


TEXTURES: dict[str, Callable[[Rng, int], Image]] = {
    "grass": grass,
    "water": water,
    "sand": sand,
    "snow": snow,
    "starry_night": starry_night,
    "blue_sky": blue_sky,
    "cloudy_sky": cloudy_sky,
    "sunset": sunset,
    "wood": wood,
    "bricks": bricks,
    "stones": stones,
    "checkerboard": checkerboard,
    "polka_dots": polka_dots,
} | {f"plain_{name}": _plain(color) for name, color in COLORS.items()}
