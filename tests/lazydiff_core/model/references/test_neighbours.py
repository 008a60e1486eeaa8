"""The style of visible things, found among the references."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from lazydiff_core.contract import RGB
from lazydiff_core.model.checkpoint.checkpoint import Checkpoint, load_checkpoint
from lazydiff_core.model.references.neighbours import Neighbours, things_in
from lazydiff_core.model.references.reference_latents import picture_of
from lazydiff_core.model_store.locate import locate_model

NOWHERE = np.zeros((512, 512), np.bool_)


@pytest.fixture(scope="module")
def bundled() -> Checkpoint:
    checkpoint = load_checkpoint(locate_model("bundled"))
    checkpoint.autoencoder.requires_grad_(False)
    return checkpoint


@pytest.fixture(scope="module")
def neighbours(bundled: Checkpoint) -> Neighbours:
    assert bundled.lexicon is not None
    return Neighbours(bundled.autoencoder, bundled.lexicon)


def canvas() -> RGB:
    """A light ground that darkens downwards."""
    ramp = np.linspace(250, 215, 512).astype(np.uint8)
    return np.ascontiguousarray(np.broadcast_to(ramp[:, None, None], (512, 512, 3)))


def shown(bundled: Checkpoint, word: str, style: int, side: int, at: tuple[int, int]) -> RGB:
    """The canvas with a thing on it."""
    assert bundled.lexicon is not None
    reference = bundled.lexicon.reference(word, style)
    assert reference is not None
    assert reference.style == style
    drawn = cv2.resize(picture_of(bundled.autoencoder, reference), (side, side))
    image, (top, left) = canvas(), at
    part = image[top : top + side, left : left + side]
    cover = (drawn[..., 3:] > 0.5).astype(np.float32)
    mixed = part * (1 - cover) + (drawn[..., :3] * 127.5 + 127.5) * cover
    part[:] = np.clip(mixed, 0, 255).astype(np.uint8)
    return image


@pytest.mark.parametrize(("word", "style"), [("strawberry", 0), ("owl", 1), ("turtle", 2)])
def test_what_is_known_says_its_style(
    bundled: Checkpoint, neighbours: Neighbours, word: str, style: int
) -> None:
    image = shown(bundled, word, style, 160, (60, 200))
    assert neighbours.style(image, NOWHERE) == style


def test_nothing_and_what_is_not_known_say_none(neighbours: Neighbours) -> None:
    image = canvas()
    assert neighbours.style(image, NOWHERE) is None
    cv2.ellipse(image, (250, 250), (90, 30), 20, 0, 360, (40, 90, 200), cv2.FILLED)
    assert neighbours.style(image, NOWHERE) is None


def test_what_lies_in_the_hole_is_not_looked_at(
    bundled: Checkpoint, neighbours: Neighbours
) -> None:
    image, hole = shown(bundled, "owl", 1, 160, (60, 200)), NOWHERE.copy()
    hole[50:230, 190:370] = True
    assert neighbours.style(image, hole) is None


def test_things_are_whole_and_the_largest_come_first() -> None:
    image = canvas()
    cv2.circle(image, (120, 120), 40, (200, 30, 30), cv2.FILLED)
    cv2.circle(image, (330, 330), 70, (30, 120, 30), 12)  # a ring is filled
    cv2.circle(image, (500, 60), 40, (30, 30, 200), cv2.FILLED)  # cut off by the edge
    cv2.circle(image, (420, 120), 6, (0, 0, 0), cv2.FILLED)  # a speck
    (ring, cover), (disc, _) = things_in(image, NOWHERE)
    assert abs(ring.width - 152) < 8
    assert abs(disc.width - 81) < 6
    assert cover[ring.height // 2, ring.width // 2] == 255
