"""Scenes are pure in their seed, and nothing outside the mask betrays the object."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from lazydiff_core.geometry.box import bounding_box
from lazydiff_core.model.references.variations import LEANING, PLAIN
from lazydiff_core.prompts.parts import Vocabulary
from lazydiff_core.training.pasting import paste
from lazydiff_core.training.scenes import (
    Scene,
    SceneRecipe,
    Subject,
    make_scene,
)
from lazydiff_core.training.stickers import StickerBank
from lazydiff_core.training.vocabulary import styled_subjects, subjects_of

RECIPE = SceneRecipe(side=96)
SEEDS = range(40)
Subjects = tuple[Subject, ...]


def scenes(bank: StickerBank, vocabulary: Subjects, **changes: float) -> list[Scene]:
    recipe = replace(RECIPE, **changes)
    return [make_scene(bank, vocabulary, seed, recipe) for seed in SEEDS]


def test_a_scene(bank: StickerBank, vocabulary: Subjects) -> None:
    for scene in scenes(bank, vocabulary):
        assert scene.image.shape == (96, 96, 3)
        assert scene.image.dtype == np.uint8
        assert scene.mask.shape == (96, 96)
        assert scene.mask.dtype == np.bool_
        assert scene.mask.any()
        assert -1 <= scene.subject < len(vocabulary)


def test_scenes_are_pure_in_their_seed(bank: StickerBank, vocabulary: Subjects) -> None:
    first, again = scenes(bank, vocabulary), scenes(bank, vocabulary)
    for one, other in zip(first, again, strict=True):
        assert (one.image == other.image).all()
        assert (one.mask == other.mask).all()
        assert one.subject == other.subject
    assert len({scene.image.tobytes() for scene in first}) == len(SEEDS)


@pytest.mark.parametrize("grid_share", [0.0, 1.0], ids=["free", "grid"])
@pytest.mark.parametrize("large_share", [0.0, 1.0], ids=["small", "large"])
def test_the_object_lies_within_its_mask(
    bank: StickerBank, vocabulary: Subjects, grid_share: float, large_share: float
) -> None:
    """The same scene without its object differs nowhere outside the mask."""
    shares = {"grid_share": grid_share, "large_share": large_share}
    with_object = scenes(bank, vocabulary, empty_share=0.0, **shares)
    without = scenes(bank, vocabulary, empty_share=1.0, **shares)
    for drawn, bare in zip(with_object, without, strict=True):
        assert (drawn.mask == bare.mask).all()
        differs = (drawn.image != bare.image).any(-1)
        assert differs.any()
        assert not (differs & ~drawn.mask).any()
        assert drawn.subject >= 0
        assert bare.subject == -1


def test_a_grid_shows_the_same_object_elsewhere(bank: StickerBank, vocabulary: Subjects) -> None:
    for scene in scenes(bank, vocabulary, grid_share=1.0, empty_share=0.0):
        colour = bank.pixels[vocabulary[scene.subject].sticker][128, 128, :3].astype(int)
        alike = (abs(scene.image - colour) <= 1).all(-1)
        assert (alike & ~scene.mask).sum() > 20
        assert (alike & scene.mask).sum() > 20


def test_weights_choose_subjects(bank: StickerBank, vocabulary: Subjects) -> None:
    rare, common, never = (
        replace(subject, weight=weight)
        for subject, weight in zip(vocabulary, (1.0, 9.0, 0.0), strict=True)
    )
    drawn = [scene.subject for scene in scenes(bank, (rare, common, never), empty_share=0.0)]
    assert drawn.count(1) > 25
    assert 0 in drawn
    assert 2 not in drawn


def test_nothing_that_nobody_asked_for_lies_in_a_hole(
    bank: StickerBank, vocabulary: Subjects
) -> None:
    """Other objects are cut by the hole at most: a model must not learn to add some."""
    ground = (("plain_white", ("white background",)),)
    recipe = replace(
        RECIPE, surfaces=ground, surface_share=0.0, ground_share=1.0, empty_share=1.0,
        grid_share=0.0, max_others=6,
    )  # fmt: skip
    seen = 0
    for scene in (make_scene(bank, vocabulary, seed, recipe) for seed in range(80)):
        others = (scene.image.min(-1) < 200).astype(np.uint8)
        _, pieces = cv2.connectedComponents(others)
        seen += len(np.unique(pieces)) - 1
        assert set(np.unique(pieces[scene.mask])) <= set(np.unique(pieces[~scene.mask])) | {0}
    assert seen > 80


@pytest.mark.parametrize("corner", [(10, 20), (-15, 70), (80, -20)])
def test_paste_blends_and_returns_the_alpha(corner: tuple[int, int]) -> None:
    colour, place = (220, 30, 30), np.hypot(*(np.mgrid[:256, :256] - 128))
    disc = np.where((place < 100)[..., None], np.uint8([*colour, 255]), np.uint8(0))
    canvas = np.full((96, 96, 3), 0.5, np.float32)
    alpha = paste(canvas, disc, corner, 40)
    assert alpha.shape == (96, 96)
    assert alpha.max() == pytest.approx(1)
    # On the rim, too: what is clear is black, and must not show.
    expected = 0.5 + (np.array(colour, np.float32) / 255 - 0.5) * alpha[..., None]
    assert np.allclose(canvas, expected, atol=1e-5)
    kept = np.full((96, 96, 3), 0.5, np.float32)
    assert (paste(kept, disc, corner, 40, draw=False) == alpha).all()
    assert (kept == 0.5).all()


PLAIN_SURFACES = (("plain_red", ("red background",)), ("plain_blue", ("blue background",)))


def test_a_surface_fills_its_hole_exactly(bank: StickerBank, vocabulary: Subjects) -> None:
    recipe = replace(RECIPE, surface_share=1.0, surfaces=PLAIN_SURFACES)
    drawn = [make_scene(bank, vocabulary, seed, recipe) for seed in range(80)]
    assert {scene.surface for scene in drawn} == {"plain_red", "plain_blue"}
    left = 0
    for scene in drawn:
        assert scene.subject == -1
        assert scene.mask.any()
        assert scene.ground is not None
        channel = {"plain_red": 0, "plain_blue": 2}[scene.surface]
        assert (scene.image[scene.mask].argmax(-1) == channel).all()
        assert (scene.image[scene.mask] == scene.ground[scene.mask]).all()
        left += bool((scene.image[~scene.mask] != scene.ground[~scene.mask]).any())
    assert left > 40  # most lie on another canvas
    assert any(scene.mask.all() for scene in drawn)


def test_a_surface_may_be_asked_for_in_a_colour(bank: StickerBank, vocabulary: Subjects) -> None:
    recipe = replace(RECIPE, surface_share=1.0, surfaces=PLAIN_SURFACES, colour_share=1.0)
    channels, seen = {"red": 0, "green": 1, "blue": 2}, 0
    for seed in SEEDS:
        scene = make_scene(bank, vocabulary, seed, recipe)
        *_, name, noun = scene.prompt.split()
        assert noun == "background"
        if name in channels:
            seen += 1
            assert (scene.image[scene.mask].argmax(-1) == channels[name]).all()
    assert seen > 3


def test_without_surfaces_there_is_none(bank: StickerBank, vocabulary: Subjects) -> None:
    assert {scene.surface for scene in scenes(bank, vocabulary, surface_share=1.0)} == {""}


def test_tinted_scenes_keep_the_object_within_its_mask(
    bank: StickerBank, vocabulary: Subjects
) -> None:
    drawn = scenes(bank, vocabulary, tint_share=1.0, empty_share=0.0)
    bare = scenes(bank, vocabulary, tint_share=1.0, empty_share=1.0)
    for one, other in zip(drawn, bare, strict=True):
        assert not ((one.image != other.image).any(-1) & ~one.mask).any()


def test_a_scene_keeps_to_one_style_and_shows_it(bank: StickerBank) -> None:
    concepts = {name: (name,) for name in ("disc", "triangle", "square")}
    subjects = styled_subjects(bank, concepts)
    shares = {"style_share": 0.5, "empty_share": 0.0, "grid_share": 0.0, "large_share": 0.0}
    drawn = scenes(bank, subjects, **shares)
    styles = [subjects[scene.subject].style for scene in drawn]
    assert set(styles) == {"", "noto"}
    usual = {k for k, subject in enumerate(subjects) if not subject.style}
    plain = scenes(bank, subjects, **shares | {"style_share": 0.0})
    assert {scene.subject for scene in plain} == usual
    bare = replace(RECIPE, style_share=1.0, empty_share=1.0, grid_share=0.0, max_others=1)
    usual, other = (bank.pixels[k][128, 128, :3].astype(int) for k in (0, 1))
    found = [make_scene(bank, subjects, seed, bare).image.astype(int) for seed in SEEDS]
    showing = [
        [(abs(image - colour) <= 1).all(-1).sum() > 20 for image in found]
        for colour in (usual, other)
    ]  # what else is there is drawn in the scene's style, the only other one there is
    assert not any(showing[0])
    assert 10 < sum(showing[1]) < len(SEEDS)


def test_objects_are_drawn_in_their_poses(bank: StickerBank) -> None:
    subjects = subjects_of(bank, {"triangle": ("triangle",)})
    assert subjects[0].poses == LEANING
    plain = {"empty_share": 0.0, "grid_share": 0.0, "max_others": 0}
    drawn = scenes(bank, subjects, pose_share=1.0, **plain)
    assert {scene.targets[0].pose for scene in drawn} == set(LEANING)
    assert {s.targets[0].pose for s in scenes(bank, subjects, **plain)} == {PLAIN}
    only = tuple(replace(subject, poses=(LEANING[4],)) for subject in subjects)  # turned
    upright = tuple(replace(subject, poses=(PLAIN,)) for subject in subjects)
    shares = plain | {"pose_share": 1.0}
    colour = bank.pixels[2][160, 128, :3].astype(int)
    for turned, same in zip(
        scenes(bank, only, **shares), scenes(bank, upright, **shares), strict=True
    ):
        bases = [
            np.nonzero((abs(scene.image.astype(int) - colour) <= 1).all(-1))[0]
            for scene in (turned, same)
        ]
        # A triangle on its base has its largest rows at the bottom; one that leans has not.
        shares_below = [float((rows > rows.max() - 2).mean()) for rows in bases]
        assert shares_below[0] < shares_below[1]


def test_a_scene_may_ask_for_another_colour(bank: StickerBank, vocabulary: Subjects) -> None:
    shares = {"empty_share": 0.0, "grid_share": 0.0, "large_share": 0.0}
    drawn = scenes(bank, vocabulary, colour_share=1.0, **shares)
    assert all(scene.prompt and scene.targets[0].colour for scene in drawn)
    assert all(not scene.prompt for scene in scenes(bank, vocabulary, **shares))
    channels = {"red": 0, "green": 1, "blue": 2}
    known = [scene for scene in drawn if scene.prompt.split()[0] in channels]
    assert known
    for scene in known:
        colour, noun = scene.prompt.split()
        assert noun in ("disc", "triangle", "square")
        assert noun in vocabulary[scene.subject].prompts[0]
        place = scene.targets[0].place
        middle = (place.top + place.bottom) // 2, (place.left + place.right) // 2
        assert scene.image[middle].argmax() == channels[colour]


def test_where_the_object_lies_is_known(bank: StickerBank, vocabulary: Subjects) -> None:
    shares = {"grid_share": 0.0, "max_others": 0}
    drawn = scenes(bank, vocabulary, empty_share=0.0, **shares)
    bare = scenes(bank, vocabulary, empty_share=1.0, **shares)
    for one, other in zip(drawn, bare, strict=True):
        assert other.targets == ()
        (target,) = one.targets
        differs = (one.image != other.image).any(-1)
        assert differs[target.place.slices].sum() == differs.sum()


def test_several_objects_share_a_hole(bank: StickerBank, vocabulary: Subjects) -> None:
    """Each lies amid its share of the hole; the prompt says how many there are."""
    words = {prompt: k for k, prompt in enumerate(("red disc", "disc", "triangle", "square"))}
    spoken = Vocabulary({word: word for word in words})
    seen, coloured = set(), 0
    for scene in scenes(bank, vocabulary, several_share=1.0, colour_share=0.5, cell=4, snap=4):
        seen.add(len(scene.targets))
        members = [part for part in spoken.parts(scene.prompt) for _ in range(part.count)]
        for part, target in zip(members, scene.targets, strict=True):
            assert target.subject == max(words[part.meaning] - 1, 0)
            assert target.colour == (None if part.native else part.colour)
            coloured += target.colour is not None
        assert scene.targets[0].subject == scene.subject
        for target in scene.targets:
            place = target.place
            assert place.left % 4 == place.top % 4 == 0
            assert place.width % 8 == 0
            assert scene.mask[place.slices].all()
    assert seen == {2, 3, 4}
    assert coloured > 20


@pytest.mark.parametrize("grid_share", [0.0, 1.0], ids=["free", "grid"])
def test_targets_lie_on_the_token_grid(bank: StickerBank, grid_share: float) -> None:
    full = StickerBank(bank.stickers, np.full_like(bank.pixels, 255))  # opaque to its corners
    only = (Subject(0, ("square",)),)
    shares = {"grid_share": grid_share, "max_others": 0, "snap": 8}
    drawn = scenes(full, only, empty_share=0.0, **shares)
    bare = scenes(full, only, empty_share=1.0, **shares)
    found = 0
    for one, other in zip(drawn, bare, strict=True):
        differs = (one.image != other.image).any(-1)
        for axis in (0, 1):
            places = np.flatnonzero(differs.any(axis))
            if places.size:  # white on white does not show
                found += 1
                assert (places[0] % 8, places[-1] % 8) == (0, 7)
    assert found > len(SEEDS)


def test_what_lies_in_a_long_hole_is_smaller(bank: StickerBank, vocabulary: Subjects) -> None:
    """The engine shows long holes larger, so that each has about the same number of tokens."""
    shares = {"snap": 8, "grid_share": 0.0, "empty_share": 0.0, "large_share": 0.0}
    usual, long = (scenes(bank, vocabulary, stretch_share=share, **shares) for share in (0.0, 1.0))

    def proportions(drawn: list[Scene]) -> float:
        boxes = [bounding_box(scene.mask) for scene in drawn]
        ratios = [max(box.width, box.height) / min(box.width, box.height) for box in boxes]
        return float(np.median(ratios))

    assert proportions(long) > 1.2 * proportions(usual)
    areas = [np.median([scene.mask.mean() for scene in drawn]) for drawn in (usual, long)]
    assert 0.7 < areas[1] / areas[0] < 1.4
