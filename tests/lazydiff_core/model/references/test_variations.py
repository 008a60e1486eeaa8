"""Things in other poses fill their square again, and what changed is told exactly."""

from __future__ import annotations

import numpy as np
import pytest

from lazydiff_core.geometry.box import bounding_box
from lazydiff_core.images.cutouts import extents_of, premultiplied, tight_square
from lazydiff_core.model.references.variations import (
    LEANING,
    PLAIN,
    POSES,
    SHOWS,
    STANDING,
    TURN,
    Pose,
    change_of,
    extents_in,
    posed,
    poses_of,
    turns_of,
)


def boot(side: int = 128) -> np.ndarray:
    """Neither symmetric nor centred in what it covers: (side, side, 4) premultiplied."""
    drawn = np.zeros((side, side, 4), np.uint8)
    drawn[10:100, 20:50] = (200, 40, 40, 255)
    drawn[80:100, 50:90] = (40, 40, 200, 255)
    square = tight_square(drawn, side)
    assert square is not None
    return square


def test_neighbouring_seeds_differ_in_two_ways() -> None:
    assert LEANING[0] == STANDING[0] == PLAIN
    for poses in (LEANING, STANDING):
        assert len(set(poses)) == 6
        for one, after in zip(poses, (*poses[1:], poses[0]), strict=True):
            assert one.mirrored != after.mirrored
            assert (one.turn, one.stretch) != (after.turn, after.stretch)
    assert len(set(POSES)) == len(POSES) == 10


def test_what_has_letters_is_not_mirrored() -> None:
    for leaning, poses in ((True, LEANING), (False, STANDING)):
        assert poses_of(leaning=leaning, one_way=False) == poses
        kept = poses_of(leaning=leaning, one_way=True)
        assert kept == (poses[0], poses[2], poses[4])
        assert not any(pose.mirrored for pose in kept)


def test_a_plain_pose_changes_nothing() -> None:
    picture = premultiplied(boot())
    same = posed(picture, extents_of(boot()), PLAIN, turns_of(picture[..., 3]))
    assert np.allclose(same, picture, atol=1e-6)


def test_a_mirror_image_is_the_picture_read_backwards() -> None:
    picture = premultiplied(boot())
    mirrored = posed(picture, extents_of(boot()), Pose(mirrored=True), turns_of(picture[..., 3]))
    assert np.allclose(mirrored, picture[:, ::-1], atol=1e-5)


@pytest.mark.parametrize("pose", POSES)
def test_a_pose_fills_its_square_about_the_middle(pose: Pose) -> None:
    picture, before = premultiplied(boot()), extents_of(boot())
    turns = turns_of(picture[..., 3])
    cover = posed(picture, before, pose, turns)[..., 3]
    box, side = bounding_box(cover > SHOWS), len(cover)
    assert max(box.width, box.height) == pytest.approx(side, abs=2)
    assert (box.left + box.right) / 2 == pytest.approx(side / 2, abs=1.5)
    assert (box.top + box.bottom) / 2 == pytest.approx(side / 2, abs=1.5)
    told = extents_in(change_of(pose, turns), before)
    assert max(told) == 1
    assert told == pytest.approx((box.width / side, box.height / side), abs=0.03)


@pytest.mark.parametrize("turn", [TURN, -TURN])
def test_a_mirror_image_turns_the_other_way(turn: float) -> None:
    """What is measured of a thing holds for its mirror image."""
    picture = premultiplied(boot())
    other = np.ascontiguousarray(picture[:, ::-1])
    told = change_of(Pose(mirrored=True, turn=turn), turns_of(picture[..., 3]))
    measured = change_of(Pose(turn=turn), turns_of(other[..., 3]))
    assert told == pytest.approx(measured, abs=0.01)


def test_what_leans_to_the_left_rises_on_the_right() -> None:
    """Anticlockwise is positive, as in mathematics."""
    bar = np.zeros((64, 64, 4), np.float32)
    bar[28:36] = 1
    leaning = posed(bar, (1.0, 0.125), Pose(turn=TURN), turns_of(bar[..., 3]))[..., 3]
    rows = np.arange(64)[:, None]
    left, right = (
        (leaning[:, part] * rows).sum() / leaning[:, part].sum()
        for part in (slice(0, 16), slice(48, 64))
    )
    assert right < left - 5


def test_nothing_has_no_other_pose() -> None:
    nothing = np.zeros((32, 32, 4), np.float32)
    turns = turns_of(nothing[..., 3])
    assert turns == ((1, 1, 0, 0), (1, 1, 0, 0))
    assert not posed(nothing, (1.0, 1.0), Pose(turn=TURN), turns).any()
