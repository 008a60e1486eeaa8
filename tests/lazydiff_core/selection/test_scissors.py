"""Lines along edges, against the circle that they are to follow."""

from __future__ import annotations

import math

import cv2
import numpy as np
import pytest

from lazydiff_core.contract import RGB
from lazydiff_core.selection.scissors import SNAP, Scissors

MIDDLE, RADIUS = 120, 70


@pytest.fixture(scope="module")
def disc() -> RGB:
    """A red disc on grey, with a little noise."""
    noise = np.random.default_rng(0).normal(0, 5, (240, 240, 3))
    image = np.full((240, 240, 3), 170, np.uint8)
    cv2.circle(image, (MIDDLE, MIDDLE), RADIUS, (200, 30, 30), cv2.FILLED)
    return np.clip(image + noise, 0, 255).astype(np.uint8)


def on_circle(turn: float, radius: float) -> tuple[int, int]:
    angle = 2 * math.pi * turn
    return round(MIDDLE + radius * math.cos(angle)), round(MIDDLE + radius * math.sin(angle))


def off_the_circle(line: list[tuple[int, int]]) -> float:
    return max(abs(math.hypot(x - MIDDLE, y - MIDDLE) - RADIUS) for x, y in line)


def test_a_line_follows_the_edge_between_careless_clicks(disc: RGB) -> None:
    scissors = Scissors(disc, on_circle(0, RADIUS + 3))
    line = scissors.line_to(on_circle(0.3, RADIUS - 3))
    assert off_the_circle(line) < 2.5
    assert len(line) > 0.3 * 2 * math.pi * RADIUS * 0.7, "around, not across"
    steps = np.abs(np.diff(np.array(line), axis=0)).max(axis=1)
    assert (steps == 1).all(), "pixel by pixel"


def test_lines_around_a_disc_enclose_it(disc: RGB) -> None:
    clicks = [on_circle(k / 4, RADIUS + 2) for k in range(4)]
    line = [
        point
        for start, end in zip(clicks, clicks[1:] + clicks[:1], strict=True)
        for point in Scissors(disc, start).line_to(end)
    ]
    found, wanted = np.zeros((240, 240), np.uint8), np.zeros((240, 240), np.uint8)
    cv2.fillPoly(found, [np.array(line, np.int32)], 1)
    cv2.circle(wanted, (MIDDLE, MIDDLE), RADIUS, 1, cv2.FILLED)
    assert (found & wanted).sum() / (found | wanted).sum() > 0.97


def test_a_reduced_picture_gives_nearly_the_same_line(disc: RGB) -> None:
    scissors = Scissors(disc, on_circle(0, RADIUS), detail=0.5)
    assert off_the_circle(scissors.line_to(on_circle(0.3, RADIUS))) < 4


def test_where_there_is_no_edge_ends_stay_where_they_were() -> None:
    plain = np.full((60, 80, 4), 90, np.uint8)
    line = Scissors(plain, (20, 30)).line_to((70, 10))
    assert line[0] == (20, 30)
    assert line[-1] == (70, 10)


def test_ends_are_moved_no_farther_than_they_may(disc: RGB) -> None:
    scissors = Scissors(disc, on_circle(0, RADIUS))
    far = on_circle(0.1, RADIUS + 3 * SNAP)
    assert scissors.line_to(far)[-1] == far


def test_a_point_beyond_the_picture_counts_as_the_nearest_in_it(disc: RGB) -> None:
    x, y = Scissors(disc, (3, 3)).line_to((-50, 500))[-1]
    assert (x, y) == (0, 239)
