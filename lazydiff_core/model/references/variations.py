"""How else a thing may stand in its hole: mirrored, turned a little, narrower or wider. Ours.

A model that is told what a thing looks like paints it alike at every seed. So it is told of a pose
of it, and the seed chooses which.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from lazydiff_core.geometry.box import bounding_box
from lazydiff_core.images.cutouts import SHOWS as MIN_ALPHA

Picture = npt.NDArray[np.float32]
Extents = tuple[float, float]
TURN = 12.0  # degrees
WIDER = 1.16
SHOWS = MIN_ALPHA / 255  # the least cover that counts


@dataclass(frozen=True)
class Pose:
    """Mirrored left to right, then `stretch` times as wide, then turned anticlockwise (degrees)."""

    mirrored: bool = False
    turn: float = 0.0
    stretch: float = 1.0


PLAIN = Pose()
# A mushroom may lean; a house may not, but be broader or narrower. Seeds take them in this order,
# in which neighbours differ in both ways.
LEANING = tuple(Pose(bool(k % 2), turn=(0.0, TURN, -TURN)[k % 3]) for k in range(6))
STANDING = tuple(Pose(bool(k % 2), stretch=(1.0, WIDER, 1 / WIDER)[k % 3]) for k in range(6))
POSES = tuple(dict.fromkeys(LEANING + STANDING))


def poses_of(*, leaning: bool, one_way: bool) -> tuple[Pose, ...]:
    """Of a thing that may lean or not, and whose mirror image is another thing or not."""
    poses = LEANING if leaning else STANDING
    return tuple(pose for pose in poses if not (one_way and pose.mirrored))


class Change(NamedTuple):
    """Of a thing in a square: times as wide and as high, and how far its middle moves, in sides."""

    width: float
    height: float
    x: float = 0.0
    y: float = 0.0


Turns = tuple[Change, Change]  # by TURN and by -TURN


def turns_of(cover: Picture) -> Turns:
    """What turning does to a thing of which `cover` (n,n) in [0,1] shows."""
    first, second = (_measured(cover, Pose(turn=turn)) for turn in (TURN, -TURN))
    return first, second


def change_of(pose: Pose, turns: Turns) -> Change:
    """What a pose does to a thing. A mirror image turns like the thing does the other way."""
    if not pose.turn:
        return Change(pose.stretch, 1.0)
    width, height, x, y = turns[(pose.turn < 0) != pose.mirrored]
    return Change(width, height, -x if pose.mirrored else x, y)


def extents_in(change: Change, extents: Extents) -> Extents:
    """Width and height over the longer of both, of what had these before it changed."""
    across = _across(change, extents)
    return across[0] / max(across), across[1] / max(across)


def _across(change: Change, extents: Extents) -> Extents:
    return extents[0] * change.width, extents[1] * change.height


def posed(picture: Picture, extents: Extents, pose: Pose, turns: Turns) -> Picture:
    """A thing in another pose, again in the middle of a square that it fills along its longer side.

    picture: (n,n,C), 0 where nothing is. extents: its width and height over the square's side.
    """
    side = picture.shape[0]
    change = change_of(pose, turns)
    scale = max(extents) / max(_across(change, extents))
    fitted = np.diag([scale, scale, 1.0])
    moved = side * np.array([change.x, change.y])
    fitted[:2, 2] = (side - 1) / 2 - scale * (side - 0.5 + moved)
    matrix = (fitted @ _matrix(pose, side))[:2]
    return np.asarray(cv2.warpAffine(picture, matrix, (side, side)), np.float32)


def _measured(cover: Picture, pose: Pose) -> Change:
    side, matrix = len(cover), _matrix(pose, len(cover))
    after = cv2.warpAffine(cover, matrix[:2], (2 * side, 2 * side))
    if after.max() <= SHOWS:
        return Change(1.0, 1.0)
    old, new = bounding_box(cover > SHOWS), bounding_box(after > SHOWS)
    x, y = (new.left + new.right) / 2 - side, (new.top + new.bottom) / 2 - side
    return Change(new.width / old.width, new.height / old.height, x / side, y / side)


def _matrix(pose: Pose, side: int) -> npt.NDArray[np.float64]:
    """(3,3): about the picture's middle, which comes to lie in that of a square twice as large."""
    angle = np.deg2rad(pose.turn)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    change = turn @ np.diag([-pose.stretch if pose.mirrored else pose.stretch, 1.0])
    matrix = np.eye(3)
    matrix[:2, :2] = change
    matrix[:2, 2] = side - 0.5 - change @ np.full(2, (side - 1) / 2)
    return matrix
