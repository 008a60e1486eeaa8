"""Scenes: a procedural canvas, a few objects, one of them to be generated. Ours.

A scene is a pure function of (bank, vocabulary, seed): the same seed gives the same pixels.
Seeds from RESERVED_SEED on are kept for evaluation.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from lazydiff_core.contract import Box, Mask
from lazydiff_core.geometry.box import bounding_box, box_mask
from lazydiff_core.images.colour_names import Colour
from lazydiff_core.images.cutouts import extents_of, premultiplied, straight
from lazydiff_core.images.recolouring import recoloured
from lazydiff_core.model.references.reference_latents import ROOM
from lazydiff_core.model.references.teller import shared
from lazydiff_core.model.references.variations import PLAIN, Pose, posed, turns_of
from lazydiff_core.training.backgrounds import draw_background
from lazydiff_core.training.colours import draw_colour, tinted
from lazydiff_core.training.holes import HoleRule, draw_hole
from lazydiff_core.training.masks import surface_mask
from lazydiff_core.training.pasting import Image, paste, to_bytes
from lazydiff_core.training.stickers import StickerBank
from lazydiff_core.training.surfaces.catalogue import draw_surface

RESERVED_SEED = 1_000_000
HELD_OUT_SEED = RESERVED_SEED + 500_000  # of scenes that a run is checked with
MOST_HIDDEN = 0.3  # part of another object that may lie in the hole
NUMBERS = {2: "two", 3: "three", 4: "four", 5: "five", 6: "six"}


@dataclass(frozen=True)
class Subject:
    """Something a prompt can ask for: a bank index and the prompts that name it.

    `style` is "" for the usual one, else another. poses: how else it may be drawn.
    """

    sticker: int
    prompts: tuple[str, ...]
    weight: float = 1.0
    style: str = ""
    poses: tuple[Pose, ...] = (PLAIN,)


@dataclass(frozen=True)
class Placed:
    """An object in a scene: which of the vocabulary, in what pose and colour, and its square."""

    subject: int
    pose: Pose
    colour: Colour | None
    place: Box


@dataclass(frozen=True)
class Scene:
    """`image` (side, side, 3) uint8 RGB with the target in place, `mask` (side, side) bool.

    `subject` indexes the vocabulary, or is -1 where the hole shows the bare background or,
    if `surface` names one, a surface, of which `ground` is a whole window.
    `seen` is what the visible part is taken from where that is not `image` itself.
    `prompt` is what to ask for where the subject's own prompts do not say it all.
    `targets` are the objects in the hole, the subject first; none where they do not lie exactly.
    """

    image: npt.NDArray[np.uint8]
    mask: Mask
    subject: int
    seen: npt.NDArray[np.uint8] | None = None
    surface: str = ""
    prompt: str = ""
    targets: tuple[Placed, ...] = ()
    ground: npt.NDArray[np.uint8] | None = None


@dataclass(frozen=True)
class SceneRecipe:
    """How scenes are made; lengths are fractions of the side.

    tint_share: scenes whose objects all have their hue turned by the same angle, which only the
    context can tell. style_share: scenes whose objects all are of another style than usual; where
    there are others, they tell. pose_share: objects in any of their poses. colour_share: scenes
    (or surfaces) whose prompt names a colour, which they then have. surfaces: their names and
    prompts; `surface_share` of the scenes ask for one. ground_share: other scenes that lie on one.
    several_share: scenes with up to `most` objects in one hole, laid out as `teller.shared` says.
    grid_share: scenes of rows of the same object, one place of which is the hole; told_share: of
    those whose tint or style only the context can tell.
    stretch_share: scenes whose hole is up to `longest` times as long, along one axis, as the object
    needs it; the object is smaller for it, as the engine would show the hole.
    snap: pixels that the target's place is a multiple of and half its extent is, 0 = any. At a
    token's side an object has few sets of latents instead of endlessly many, and a small model
    draws it crisply (ADR 4); its hole then lies evenly around it, as the engine's window makes it
    lie. cell: pixels that several objects in a hole lie on multiples of, a latent's. least_hole: of
    the model whose window that is.
    """

    side: int = 512
    small: tuple[float, float] = (0.35, 0.45)
    large: tuple[float, float] = (0.45, 0.74)
    large_share: float = 0.35
    stretch_share: float = 0.25
    longest: float = 2.4
    grid_share: float = 0.08
    told_share: float = 0.5
    empty_share: float = 0.08
    max_others: int = 3
    tint_share: float = 0.0
    style_share: float = 0.0
    pose_share: float = 0.0
    colour_share: float = 0.0
    surface_share: float = 0.1
    surfaces: tuple[tuple[str, tuple[str, ...]], ...] = ()
    ground_share: float = 0.2
    several_share: float = 0.0
    most: int = 4
    snap: int = 0
    cell: int = 1
    least_hole: float = 0.0


def make_scene(
    bank: StickerBank,
    vocabulary: tuple[Subject, ...],
    seed: int,
    recipe: SceneRecipe = SceneRecipe(),
) -> Scene:
    """Compose the scene of this seed."""
    rng = np.random.default_rng(seed)
    if recipe.surfaces and rng.random() < recipe.surface_share:
        return _surface_scene(bank, vocabulary, rng, recipe)
    canvas = _canvas(rng, recipe)
    style = _style(vocabulary, rng, recipe)
    pool = [k for k, subject in enumerate(vocabulary) if subject.style == style]
    if recipe.several_share and rng.random() < recipe.several_share:
        return _several(canvas, bank, vocabulary, pool, rng, recipe)
    weights = np.array([vocabulary[k].weight for k in pool])
    target = pool[int(rng.choice(len(pool), p=weights / weights.sum()))]
    tint = rng.uniform(40, 320) if rng.random() < recipe.tint_share else 0.0
    colour, prompt = None, ""
    if recipe.colour_share and not tint and rng.random() < recipe.colour_share:
        colour, prompt = draw_colour(vocabulary[target].prompts, rng)
    sticker, pose = _posed(bank, vocabulary[target], rng, recipe, colour)
    sticker = tinted(sticker, tint)
    alike = rng.random() < (recipe.told_share if style or tint else recipe.grid_share)
    size, mask, corner = _target(sticker[..., 3], rng, recipe, small=alike)
    if alike:
        _place_alike(canvas, sticker, corner, size, rng)
    else:
        _scatter(canvas, bank, [vocabulary[k] for k in pool], rng, recipe, tint, hole=mask)
    empty = rng.random() < recipe.empty_share
    paste(canvas, sticker, corner, size, draw=not empty)
    image = to_bytes(canvas)
    if empty:
        return Scene(image, mask, -1)
    placed = Placed(target, pose, colour, _square(corner[1], corner[0], size))
    return Scene(image, mask, target, prompt=prompt, targets=(placed,))


def _canvas(rng: np.random.Generator, recipe: SceneRecipe) -> Image:
    if not recipe.surfaces or rng.random() >= recipe.ground_share:
        return draw_background(rng, recipe.side)
    name, _ = recipe.surfaces[int(rng.integers(len(recipe.surfaces)))]
    return draw_surface(name, rng, recipe.side)


def _posed(
    bank: StickerBank,
    subject: Subject,
    rng: np.random.Generator,
    recipe: SceneRecipe,
    colour: Colour | None = None,
) -> tuple[npt.NDArray[np.uint8], Pose]:
    """A rendering of a subject in a colour, in one of its poses."""
    sticker = np.asarray(bank.pixels[subject.sticker])
    if colour is not None:
        pixels = sticker.astype(np.float32) / np.float32(255)
        painted = recoloured(pixels[..., :3], pixels[..., 3], colour)
        sticker = np.dstack([to_bytes(painted), sticker[..., 3]])
    if not recipe.pose_share or rng.random() >= recipe.pose_share:
        return sticker, PLAIN
    pose = subject.poses[int(rng.integers(len(subject.poses)))]
    if pose == PLAIN:
        return sticker, pose
    ready = premultiplied(sticker)
    return straight(posed(ready, extents_of(sticker), pose, turns_of(ready[..., 3]))), pose


def _target(
    alpha: npt.NDArray[np.uint8], rng: np.random.Generator, recipe: SceneRecipe, small: bool
) -> tuple[int, Mask, tuple[int, int]]:
    """Extent of the object to be generated, its hole, and its (top, left).

    A hole that is longer than wide is shown larger, for the same number of tokens: so is half of
    what is itself longer than wide, and what lies in a stretched hole is smaller.
    """
    large = not small and rng.random() < recipe.large_share
    length = _between(rng, recipe.large if large else recipe.small) * recipe.side
    stretch = 1.0
    if not large and rng.random() < recipe.stretch_share:
        stretch = _between(rng, (1.2, recipe.longest))
        length /= math.sqrt(stretch)
    elif rng.random() < 0.5:
        across = sorted(bounding_box(alpha > 12).shape)
        length *= math.sqrt(across[1] / across[0])
    rule = HoleRule(recipe.side, recipe.snap, recipe.least_hole)
    size = rule.extent(min(length, recipe.large[1] * recipe.side))
    return size, *draw_hole(alpha, size, rule, rng, stretch)


def _between(rng: np.random.Generator, span: tuple[float, float]) -> float:
    """A number of a range, each ratio as likely as another."""
    return float(np.exp(rng.uniform(*np.log(span))))


def _style(vocabulary: tuple[Subject, ...], rng: np.random.Generator, recipe: SceneRecipe) -> str:
    """The style of a scene's objects; "" for the usual one."""
    if not recipe.style_share or rng.random() >= recipe.style_share:
        return ""
    styles = sorted({subject.style for subject in vocabulary} - {""})
    return styles[int(rng.integers(len(styles)))] if styles else ""


def _scatter(
    canvas: Image,
    bank: StickerBank,
    others: Sequence[Subject],
    rng: np.random.Generator,
    recipe: SceneRecipe,
    tint: float = 0.0,
    hole: Mask | None = None,
) -> None:
    """A few other objects, anywhere but in the hole, which would teach to paint what nobody asked
    for: one that the hole cuts shows for the greater part."""
    for _ in range(int(rng.integers(recipe.max_others + 1))):
        other, _ = _posed(bank, others[int(rng.integers(len(others)))], rng, recipe)
        extent = round(rng.uniform(0.12, 0.45) * recipe.side)
        place = _anywhere(rng, recipe.side, extent, 0.3)
        if hole is None or _hidden(hole, place, extent) <= MOST_HIDDEN:
            paste(canvas, tinted(other, tint), place, extent)


def _hidden(hole: Mask, corner: tuple[int, int], size: int) -> float:
    """The part of what is seen of a square at (top, left) that lies in the hole."""
    top, left = corner
    seen = Box(left, top, left + size, top + size).intersection(Box.of(hole.shape))
    return 0.0 if seen.is_empty else float(hole[seen.slices].mean())


def _several(
    canvas: Image,
    bank: StickerBank,
    vocabulary: Sequence[Subject],
    pool: Sequence[int],
    rng: np.random.Generator,
    recipe: SceneRecipe,
) -> Scene:
    """Some of the same thing, or of two, share a hole: "three red cats", "two cats and a dog"."""
    side, grid, step = recipe.side, recipe.cell, 2 * recipe.snap or 2
    count = int(rng.integers(2, recipe.most + 1))
    named = [pool[int(rng.integers(len(pool)))] for _ in range(2)]
    first = count if rng.random() < 0.5 else int(rng.integers(1, count))
    groups = [_group(vocabulary, named[0], first, rng, recipe)]
    if first < count:
        groups.append(_group(vocabulary, named[1], count - first, rng, recipe))
    mask = box_mask((side, side), _wide_box(rng, side, count))
    if rng.random() < 0.4:  # rounded
        mask &= cv2.GaussianBlur(mask.astype(np.float32), (0, 0), side / 24) > 0.3
    _scatter(canvas, bank, [vocabulary[k] for k in pool], rng, recipe, hole=mask)
    placed = []
    members = [group for group in groups for _ in range(group.count)]
    for group, box in zip(members, shared(bounding_box(mask), count), strict=True):
        sticker, pose = _posed(bank, vocabulary[group.subject], rng, recipe, group.colour)
        wide, high = extents_of(sticker)
        room = min(box.width / wide, box.height / high) / ROOM
        size = max(1, int(room / step)) * step
        middle = (box.left + box.right) / 2, (box.top + box.bottom) / 2
        left, top = (round((at - size / 2) / grid) * grid for at in middle)
        paste(canvas, sticker, (top, left), size)
        mask[max(top, 0) : top + size, max(left, 0) : left + size] = True
        placed.append(Placed(group.subject, pose, group.colour, _square(left, top, size)))
    prompt = " and ".join(group.said for group in groups)
    return Scene(to_bytes(canvas), mask, named[0], prompt=prompt, targets=tuple(placed))


@dataclass(frozen=True)
class _Group:
    """Some of the same thing, in one colour, and how a prompt says it."""

    subject: int
    count: int
    colour: Colour | None
    said: str


def _group(
    vocabulary: Sequence[Subject],
    subject: int,
    count: int,
    rng: np.random.Generator,
    recipe: SceneRecipe,
) -> _Group:
    prompts = vocabulary[subject].prompts
    colour, said = None, ""
    if recipe.colour_share and rng.random() < recipe.colour_share:
        colour, said = draw_colour(prompts, rng)
    said = said or prompts[0]
    return _Group(subject, count, colour, f"{NUMBERS[count]} {said}s" if count > 1 else said)


def _wide_box(rng: np.random.Generator, side: int, count: int) -> Box:
    """A box for so many things, wider than high as a rule, that lies anywhere."""
    shape = math.sqrt(count) * math.exp(rng.uniform(-0.6, 0.35))
    high = rng.uniform(0.4, 0.9) * side / max(1.0, shape)
    size = [round(min(0.96 * side, v)) for v in (high * shape, high)]
    left, top = (int(rng.integers(side - v + 1)) for v in size)
    return Box(left, top, left + size[0], top + size[1])


def _square(left: int, top: int, size: int) -> Box:
    return Box(left, top, left + size, top + size)


def _surface_scene(
    bank: StickerBank,
    vocabulary: tuple[Subject, ...],
    rng: np.random.Generator,
    recipe: SceneRecipe,
) -> Scene:
    """A surface that fills its hole to the edge: on a blank canvas, in a scene, or in itself."""
    side = recipe.side
    name, prompts = recipe.surfaces[int(rng.integers(len(recipe.surfaces)))]
    surface, prompt = draw_surface(name, rng, side), ""
    if rng.random() < recipe.colour_share:
        colour, prompt = draw_colour(prompts, rng)
        if colour is not None:
            surface = recoloured(surface, np.ones((side, side), np.float32), colour)
    mask = surface_mask(side, rng, recipe.least_hole)
    kind = rng.random()
    if kind < 0.35:
        level = 1.0 if rng.random() < 0.6 else rng.uniform(0, 1)
        canvas = np.full((side, side, 3), level, np.float32)
    elif kind < 0.8:
        canvas = _canvas(rng, recipe)
        others = [subject for subject in vocabulary if not subject.style]
        _scatter(canvas, bank, others, rng, recipe)
    else:
        canvas = surface
    image = to_bytes(np.where(mask[..., None], surface, canvas))
    return Scene(image, mask, -1, surface=name, prompt=prompt, ground=to_bytes(surface))


def _anywhere(rng: np.random.Generator, side: int, size: int, overhang: float) -> tuple[int, int]:
    slack = size * overhang
    low, high = -slack, max(side - size + slack, -slack + 1)
    return round(rng.uniform(low, high)), round(rng.uniform(low, high))


def _place_alike(
    canvas: Image,
    sticker: npt.NDArray[np.uint8],
    corner: tuple[int, int],
    size: int,
    rng: np.random.Generator,
) -> None:
    """Rows and columns of the same object, as far as the canvas reaches; one place is left free."""
    side = canvas.shape[0]
    pitch = size / rng.uniform(0.6, 0.85)
    reach = math.ceil(side / pitch)
    steps = range(-reach, reach + 1)
    for place in itertools.product(steps, steps):
        away = (np.array(place) + rng.normal(0, 0.02, 2)) * pitch
        top, left = (int(v) for v in np.rint(corner + away))
        seen = -size < min(top, left) and max(top, left) < side
        if seen and place != (0, 0):
            paste(canvas, sticker, (top, left), size)
