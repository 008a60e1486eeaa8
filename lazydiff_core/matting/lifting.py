"""A generated thing and its ground, told apart by two fills of one hole.

The fill with the prompt shows the thing on its ground, the fill without shows a ground alone. Where
both agree there is no thing; what differs is matted against a ground that is known (difference
matting), its edges drawn by closed-form matting. Together, the parts give the picture again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from lazydiff_core.blending import poisson
from lazydiff_core.contract import RGB, Cover, Mask, Pixels
from lazydiff_core.errors import InputError
from lazydiff_core.geometry.pixels import alpha_of
from lazydiff_core.geometry.resample import fill_from_nearest
from lazydiff_core.matting.closed_form import closed_form
from lazydiff_core.matting.grounds import ground_of
from lazydiff_core.matting.silhouette import (
    EDGE,
    body_of,
    disc,
    grown,
    shrunk,
    without_pinholes,
)

Grid = npt.NDArray[np.float64]

LEAST, MOST = 6.0, 28.0  # of 255: between these lies what parts a thing from its ground
NOISE = 4.0  # times the usual departure from the usual difference of two grounds
DEEP = 10  # pixels within it that are covered for sure
LEVEL = 0.9  # of the largest difference near it: what differs less may be covered in part
SPECK = 0.01  # of the largest part: what is smaller is no part of the thing
PINHOLE = 0.01  # of the thing: what looks like ground within it and is smaller belongs to it
TRUST = 0.5  # of the known ground against the picture's edges, where thing and ground differ most
FEWEST = 4  # of 255: what the thing covers less is left to the ground
SHIFT = 10.0  # of 255: the largest shift of colour between the fills that is evened out
GIVE = 6.0  # of 255: how far the ground's colours may give way
FAITH = 1.0  # of 255: how far the parts together may depart from the picture


@dataclass(frozen=True, eq=False)
class _Ground:
    """(h,w,3) uint8 colours, and (h,w) bool where they are certain and may not give way."""

    colours: RGB
    certain: Mask
    hole: Mask

    def under(self, seen: RGB, covered: Mask) -> RGB:
        """What is beneath the thing: what is certain as it is, the rest evened out to meet it and
        what is seen."""
        rest = self.hole & ~self.certain
        fill = seen
        if (rest & covered).any():
            fill = poisson.blend(self.colours, seen, rest & covered, limit=SHIFT)
        if not self.certain.any():
            return fill
        fixed = np.where(self.certain[..., None], self.colours, fill)
        return poisson.blend(fill, fixed, rest, limit=SHIFT) if rest.any() else fixed


@dataclass(frozen=True, eq=False)
class Lifted:
    """alpha: (h,w) uint8, how much of its ground the thing covers; 0 outside the hole.

    colours: (h,w,3) uint8, the thing's own; read where alpha is above 0.
    ground:  (h,w,3 or 4) uint8, the picture without the thing: the canvas before the fill where it
             is known to be the ground, else the picture itself where alpha is 0.
    """

    alpha: Cover
    colours: RGB
    ground: Pixels


def lift(
    shown: Pixels,
    without: Pixels,
    hole: Mask,
    before: Pixels,
    after_round: Callable[[], None] = lambda: None,
) -> Lifted:
    """Part the thing that a fill shows from its ground.

    shown:       (h,w,3 or 4) uint8, the fill with the prompt, and some of what lies around it.
    without:     the same without: the hole filled without a prompt.
    hole:        (h,w) bool. before: like `shown`, the canvas that was filled.
    after_round: called again and again; what it raises ends it.

    The colours over the ground by alpha give `shown` within 2 of 255 (`shown_through`), but for
    what the fill missed a certain ground by where there is nothing of the thing. Raises InputError
    where nothing stands out.
    """
    seen = shown[..., :3]
    beneath, certain = ground_of(before, without[..., :3], hole)
    bare = beneath
    apart = _difference(seen, bare)
    clear, sure, possible = _margins(apart, hole)
    if certain.any() and clear.any():
        body = body_of(apart, clear, certain)
        sure, possible = sure | (shrunk(body) & hole), possible | (grown(body) & hole)
    if not possible.any():
        raise InputError("Nothing stands out from its ground there, so nothing can be lifted.")
    bare = poisson.blend(bare, np.ascontiguousarray(seen), possible, limit=SHIFT)
    expected, trust = _guess(seen, bare, sure, possible)
    alpha = closed_form(np.ascontiguousarray(seen), expected, trust, possible & ~sure, after_round)
    return _parts(shown, _Ground(beneath, certain, hole), alpha, sure)


def _difference(one: RGB, other: RGB) -> npt.NDArray[np.float32]:
    """(h,w): how far two pictures differ, of 255, without noise of single pixels."""
    apart = np.abs(one.astype(np.float32) - other.astype(np.float32)).max(axis=2)
    return np.asarray(cv2.GaussianBlur(apart, (0, 0), 1.0))


def _margins(apart: npt.NDArray[np.float32], hole: Mask) -> tuple[Mask, Mask, Mask]:
    """Where it is seen clearly, where there is nothing but the thing, and where there may be some.

    Otsu's method parts what differs clearly from the rest, and the rest is mostly ground: what
    stands out from that may be a faint part of the thing.
    """
    levels = np.clip(np.rint(apart[hole]), 0, 255).astype(np.uint8)
    parting, _ = cv2.threshold(levels.reshape(-1, 1), 0, 255, cv2.THRESH_OTSU)
    rest = apart[hole][levels <= parting]
    usual = float(np.median(rest))
    noise = usual + NOISE * float(np.median(np.abs(rest - usual)))
    clear = _kept(_without_lines((apart > np.clip(parting, LEAST, MOST)) & hole))
    faint = _kept((apart > np.clip(noise, LEAST, MOST)) & hole & _near(clear))
    most = cv2.dilate(apart, disc(EDGE))
    deep, inner = (cv2.erode(clear.view(np.uint8), disc(by), borderValue=1) for by in (DEEP, 1))
    sure = (deep > 0) | ((inner > 0) & (apart >= LEVEL * most))
    possible = cv2.dilate((faint | clear).view(np.uint8), disc(EDGE)) > 0
    return clear, np.asarray(sure & hole, np.bool_), np.asarray(possible & hole, np.bool_)


def _without_lines(found: Mask) -> Mask:
    """Without what is a line far and wide: an edge of the ground that moved between the fills."""
    thick = cv2.morphologyEx(found.view(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    return found & _near(thick > 0)


def _near(mask: Mask) -> Mask:
    return grown(mask, 2 * EDGE)


def _kept(found: Mask) -> Mask:
    """A thing found by its difference, without specks and pinholes."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(found.view(np.uint8))
    if count == 1:
        return found
    sizes = stats[:, cv2.CC_STAT_AREA]
    kept = sizes >= max(SPECK * int(sizes[1:].max()), 4)
    kept[0] = False
    thing = np.asarray(kept[labels], np.bool_)
    return without_pinholes(thing, PINHOLE)


def _guess(seen: RGB, bare: RGB, sure: Mask, possible: Mask) -> tuple[Grid, Grid]:
    """Alpha by the known ground and the nearest colour that is the thing's for sure, and how far
    that is to be trusted: not where both are alike, nor where a mixture of them is not seen."""
    own = fill_from_nearest(seen, ~sure) if sure.any() else seen
    across, step = own.astype(np.float64) - bare, seen.astype(np.float64) - bare
    length = (across**2).sum(axis=2)
    alpha = ((step * across).sum(axis=2) / np.maximum(length, 1.0)).clip(0, 1)
    beside = ((step - across * alpha[..., None]) ** 2).sum(axis=2)
    expected = np.where(possible, np.where(sure, 1.0, alpha), 0.0)
    return expected, TRUST * length / (length + 60.0**2) * np.exp(-beside / 30.0**2)


def _parts(shown: Pixels, beneath: _Ground, alpha: Grid, sure: Mask) -> Lifted:
    """Alpha in steps, and what colours thing and ground must have to give the picture.

    The thing's colours give way: what was there stays a clean ground. Where no colours would do, a
    ground that is not certain gives way a little, and then the thing covers more.
    """
    steps = np.where(alpha * 255 < FEWEST, 0, np.rint(alpha * 255))
    steps[sure] = 255
    opaque = alpha_of(shown)
    if opaque is not None:
        steps = np.minimum(steps, opaque)
    covered = steps > 0
    ground = beneath.under(np.ascontiguousarray(shown[..., :3]), covered)
    own = _alone(shown, steps, ground)
    rest = _rest(shown, steps, own, ground) / np.maximum(_ground_share(shown, steps), 1 / 255)
    gives = covered & ~beneath.certain
    yielding = np.where(gives[..., None], np.clip(rest, -GIVE, GIVE), 0)
    ground = np.asarray(np.rint((ground + yielding).clip(0, 255)), np.uint8)
    missed = np.abs(_rest(shown, steps, own, ground)).max(axis=2)
    wrong = np.where(covered, missed > FAITH, (missed > GIVE) & _near(covered) & beneath.hole)
    if wrong.any():
        steps[wrong] = np.maximum(steps, _needed(shown, ground))[wrong]
        own[wrong] = _alone(shown, steps, ground)[wrong]
    bare: Pixels = ground
    if opaque is not None:
        below = np.rint(_below(shown, steps) * 255).astype(np.uint8)
        bare = np.dstack((ground, np.where(beneath.hole, below, opaque)))
    return Lifted(steps.astype(np.uint8), own, bare)


def _alone(shown: Pixels, steps: Grid, ground: RGB) -> RGB:
    """The colours of the thing that give the picture over this ground."""
    above = (steps / 255)[..., None]
    own = (_weighted(shown) - ground * _ground_share(shown, steps)) / np.maximum(above, 1 / 255)
    return np.asarray(np.rint(own.clip(0, 255)), np.uint8)


def _rest(shown: Pixels, steps: Grid, own: RGB, ground: RGB) -> Grid:
    """(h,w,3): what the picture has beyond these colours, one over the other, of 255."""
    over = own * (steps / 255)[..., None]
    return np.asarray(_weighted(shown) - over - ground * _ground_share(shown, steps))


def _ground_share(shown: Pixels, steps: Grid) -> Grid:
    """(h,w,1) in [0,1]: how much of the ground is seen."""
    return np.asarray(((1 - steps / 255) * _below(shown, steps))[..., None])


def _needed(shown: Pixels, ground: RGB) -> Grid:
    """(h,w), 0 to 255: the least that a thing of any colour must cover of this ground."""
    seen = shown[..., :3].astype(np.float64)
    room = np.where(seen > ground, 255.0 - ground, ground)
    least = np.abs(seen - ground) / np.maximum(room, 1.0)
    opaque = alpha_of(shown)
    most = 255.0 if opaque is None else opaque
    return np.asarray(np.minimum(np.ceil(least.max(axis=2).clip(0, 1) * 255), most))


def _below(shown: Pixels, steps: Grid) -> Grid:
    """(h,w) in [0,1]: how opaque the ground is, so that both parts are as opaque as the picture."""
    opaque = alpha_of(shown)
    if opaque is None:
        return np.ones(steps.shape)
    left = 1 - steps / 255
    return np.where(left > 0, (opaque - steps) / 255 / np.maximum(left, 1e-6), 1.0)


def _weighted(shown: Pixels) -> Grid:
    """(h,w,3): the colours by how opaque they are."""
    opaque = alpha_of(shown)
    share = 1.0 if opaque is None else (opaque / 255)[..., None]
    return np.asarray(shown[..., :3] * share)
