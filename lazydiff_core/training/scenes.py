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
from lazydiff_core.geometry.box import bounding_box
from lazydiff_core.images.cutouts import extents_of, premultiplied, straight
from lazydiff_core.model.references.variations import PLAIN, Pose, posed, turns_of
from lazydiff_core.training.backgrounds import draw_background
from lazydiff_core.training.colours import recoloured, tinted
from lazydiff_core.training.holes import HoleRule, draw_hole
from lazydiff_core.training.masks import band_mask, blob_mask, rough_mask
from lazydiff_core.training.stickers import StickerBank
from lazydiff_core.training.textures import TEXTURES

RESERVED_SEED = 1_000_000
HELD_OUT_SEED = RESERVED_SEED + 500_000  # of scenes that a run is checked with
Image = npt.NDArray[np.float32]


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
class Scene:
    """`image` (side, side, 3) uint8 RGB with the target in place, `mask` (side, side) bool.

    `subject` indexes the vocabulary, or is -1 where the hole shows the bare background or,
    if `texture` names one, a surface.
    `seen` is what the visible part is taken from where that is not `image` itself.
    `prompt` is what to ask for where the subject's own prompts do not say it all.
    `pose` is the subject's.
    """

    image: npt.NDArray[np.uint8]
    mask: Mask
    subject: int
    seen: npt.NDArray[np.uint8] | None = None
    texture: str = ""
    prompt: str = ""
    pose: Pose = PLAIN


@dataclass(frozen=True)
class SceneRecipe:
    """How scenes are made; lengths are fractions of the side.

    tint_share: scenes whose objects all have their hue turned by the same angle, which only the
    context can tell. style_share: scenes whose objects all are of another style than usual; where
    there are others, they tell. pose_share: objects in any of their poses. colour_share: scenes
    whose prompt names another colour than the object's own. textures: surfaces that
    `texture_share` of the scenes ask for.
    grid_share: scenes of rows of the same object, one place of which is the hole; told_share: of
    those whose tint or style only the context can tell.
    stretch_share: scenes whose hole is up to `longest` times as long, along one axis, as the object
    needs it; the object is smaller for it, as the engine would show the hole.
    snap: pixels that the target's place is a multiple of and half its extent is, 0 = any. At a
    token's side an object has few sets of latents instead of endlessly many, and a small model
    draws it crisply (ADR 4); its hole then lies evenly around it, as the engine's window makes it
    lie. least_hole: of the model whose window that is.
    """

    side: int = 512
    small: tuple[float, float] = (0.35, 0.45)
    large: tuple[float, float] = (0.45, 0.68)
    large_share: float = 0.25
    stretch_share: float = 0.15
    longest: float = 2.4
    grid_share: float = 0.08
    told_share: float = 0.5
    empty_share: float = 0.08
    max_others: int = 3
    tint_share: float = 0.0
    style_share: float = 0.0
    pose_share: float = 0.0
    colour_share: float = 0.0
    texture_share: float = 0.1
    textures: tuple[str, ...] = ()
    snap: int = 0
    least_hole: float = 0.0


def make_scene(
    bank: StickerBank,
    vocabulary: tuple[Subject, ...],
    seed: int,
    recipe: SceneRecipe = SceneRecipe(),
) -> Scene:
    """Compose the scene of this seed."""
    rng = np.random.default_rng(seed)
    if recipe.textures and rng.random() < recipe.texture_share:
        return _texture_scene(bank, vocabulary, rng, recipe)
    side = recipe.side
    canvas = draw_background(rng, side)
    style = _style(vocabulary, rng, recipe)
    pool = [k for k, subject in enumerate(vocabulary) if subject.style == style]
    weights = np.array([vocabulary[k].weight for k in pool])
    target = pool[int(rng.choice(len(pool), p=weights / weights.sum()))]
    tint = rng.uniform(40, 320) if rng.random() < recipe.tint_share else 0.0
    sticker, pose = _posed(bank, vocabulary[target], rng, recipe)
    sticker, prompt = tinted(sticker, tint), ""
    alike = rng.random() < (recipe.told_share if style or tint else recipe.grid_share)
    size, mask, box = _target(sticker[..., 3], rng, recipe, small=alike)
    if alike:
        _place_alike(canvas, sticker, box, size, rng)
    else:
        _scatter(canvas, bank, [vocabulary[k] for k in pool], rng, recipe, tint)
        if recipe.colour_share and not tint and rng.random() < recipe.colour_share:
            sticker, prompt = recoloured(sticker, vocabulary[target].prompts, rng)
    empty = rng.random() < recipe.empty_share
    paste(canvas, sticker, box, size, draw=not empty)
    image = to_bytes(canvas)
    return Scene(image, mask, -1) if empty else Scene(image, mask, target, None, "", prompt, pose)


def _posed(
    bank: StickerBank, subject: Subject, rng: np.random.Generator, recipe: SceneRecipe
) -> tuple[npt.NDArray[np.uint8], Pose]:
    """A rendering of a subject, in one of its poses."""
    sticker = bank.pixels[subject.sticker]
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


def to_bytes(canvas: Image) -> npt.NDArray[np.uint8]:
    """(H,W,3) float32 in [0,1] of any memory layout -> uint8, row by row."""
    return np.ascontiguousarray(np.rint(canvas * 255), np.uint8)


def _scatter(
    canvas: Image,
    bank: StickerBank,
    others: Sequence[Subject],
    rng: np.random.Generator,
    recipe: SceneRecipe,
    tint: float = 0.0,
) -> None:
    """A few other objects, anywhere."""
    for _ in range(int(rng.integers(recipe.max_others + 1))):
        other, _ = _posed(bank, others[int(rng.integers(len(others)))], rng, recipe)
        extent = round(rng.uniform(0.12, 0.45) * recipe.side)
        place = _anywhere(rng, recipe.side, extent, 0.3)
        paste(canvas, tinted(other, tint), place, extent)


def _texture_scene(
    bank: StickerBank,
    vocabulary: tuple[Subject, ...],
    rng: np.random.Generator,
    recipe: SceneRecipe,
) -> Scene:
    """A surface that goes on from what is visible, or lies on another canvas as a blob or band."""
    side = recipe.side
    name = recipe.textures[int(rng.integers(len(recipe.textures)))]
    surface = np.clip(TEXTURES[name](rng, side), 0, 1)
    kind = rng.random()
    if kind < 0.35:
        box, size = _anywhere(rng, side, side // 4, 0.0), round(rng.uniform(0.35, 0.75) * side)
        hole = np.zeros((side, side), np.bool_)
        hole[box[0] : box[0] + size, box[1] : box[1] + size] = True
        return Scene(to_bytes(surface), rough_mask(hole, rng), -1, texture=name)
    canvas = draw_background(rng, side)
    others = [subject for subject in vocabulary if not subject.style]
    _scatter(canvas, bank, others, rng, recipe)
    blob = blob_mask(side, rng) if kind < 0.65 else band_mask(side, rng)
    soft = cv2.GaussianBlur(blob.astype(np.float32), (0, 0), side / 256)[..., None]
    image = to_bytes(canvas + (surface - canvas) * soft)
    return Scene(image, rough_mask(soft[..., 0] > 0, rng), -1, texture=name)


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


def paste(
    canvas: Image,
    sticker: npt.NDArray[np.uint8],
    corner: tuple[int, int],
    size: int,
    draw: bool = True,
) -> Image:
    """Blend a sticker in place at (top, left); returns its alpha (side, side) on the canvas."""
    ready = premultiplied(sticker)  # what is clear must not darken the rim
    method = cv2.INTER_AREA if size < 256 else cv2.INTER_LINEAR
    scaled = cv2.resize(ready, (size, size), interpolation=method)
    top, left = corner
    place = Box(left, top, left + size, top + size)
    shown = place.intersection(Box.of(canvas.shape))
    part = scaled[shown.relative_to(place).slices]
    alpha = np.zeros(canvas.shape[:2], np.float32)
    alpha[shown.slices] = part[..., 3]
    if draw:
        under = canvas[shown.slices]
        canvas[shown.slices] = under * (1 - part[..., 3:]) + part[..., :3]
    return alpha
