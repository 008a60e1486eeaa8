"""From a picture and its entities to training samples (paper section 4.1)."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from lazydiff_core.contract import RGB, Mask
from lazydiff_core.errors import ImageError
from lazydiff_core.images.reading import read_image
from lazydiff_core.images.writing import encode
from lazydiff_core.training.entities.entity import Chosen, Entity, EntitySource, Picture
from lazydiff_core.training.masks import brushed_mask, rough_mask
from lazydiff_core.training.webshards import CAPTION, MASK, Files

# Shorter sides of an entity's box are slivers, whatever its area.
_MIN_SIDE = 8


@dataclass(frozen=True)
class Choice:
    """What becomes of pictures.

    side: a picture whose shorter side is longer is scaled down to it. least_side: of a picture's
    shorter side, in pixels. least_area, most_area: of an entity, as shares of its picture.
    per_picture: samples of one picture at most, chosen by chance. seed: of choices and brushes.
    """

    side: int = 1024
    least_side: int = 512
    least_area: float = 0.005
    most_area: float = 0.5
    per_picture: int = 4
    seed: int = 0


@dataclass(frozen=True)
class Prepared:
    """Samples of one picture, and how many of what there were."""

    samples: list[tuple[str, Files]]
    tally: Counter[str]


def prepare_pictures(
    source: EntitySource, pictures: Sequence[Picture], choice: Choice
) -> list[Prepared]:
    """Samples of each picture: none where it cannot be read, which is counted.

    Their entities are named together. The same source, pictures and choice give the same samples.
    """
    found = [_found(source, picture, choice) for picture in pictures]
    named = source.named([one.chosen for one in found if one.chosen is not None])
    entities = iter(named)
    return [_finished(one, [] if one.chosen is None else next(entities)) for one in found]


@dataclass(frozen=True, eq=False)
class _Found:
    """A picture with what was chosen of it; None where there is nothing. rng: of its brushes."""

    picture: Picture
    tally: Counter[str]
    rng: np.random.Generator
    chosen: Chosen | None = None


def _found(source: EntitySource, picture: Picture, choice: Choice) -> _Found:
    tally = Counter(pictures=1)
    rng = np.random.default_rng([choice.seed, picture.number])
    nothing = _Found(picture, tally, rng)
    try:
        image = _scaled(read_image(source.folder / picture.name), choice.side)
    except ImageError:
        tally["unreadable"] += 1
        return nothing
    if min(image.shape[:2]) < choice.least_side:
        tally["pictures too small"] += 1
        return nothing
    found = source.entities(image, picture)
    tally["entities"] += len(found)
    fitting = [entity for entity in found if _fits(entity.mask, choice, tally)]
    places = sorted(rng.permutation(len(fitting))[: choice.per_picture].tolist())
    tally["left out"] += len(fitting) - len(places)
    return _Found(picture, tally, rng, Chosen(image, [fitting[k] for k in places]))


def _finished(found: _Found, entities: list[Entity]) -> Prepared:
    samples: list[tuple[str, Files]] = []
    if found.chosen is None:
        return Prepared(samples, found.tally)
    jpeg = encode(found.chosen.image, Path("picture.jpg"))
    for k, entity in enumerate(entities):
        brushed = _brushed(entity.mask, found.rng)
        if not entity.caption.strip():
            found.tally["without a name"] += 1
            continue
        key = f"{found.picture.number:09d}-{k:02d}"
        samples.append((key, _files(jpeg, brushed, entity, found.picture)))
    found.tally["samples"] += len(samples)
    return Prepared(samples, found.tally)


def _scaled(image: RGB, side: int) -> RGB:
    height, width = image.shape[:2]
    scale = side / min(height, width)
    if scale >= 1:
        return image
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)


def _fits(mask: Mask, choice: Choice, tally: Counter[str]) -> bool:
    share = float(mask.mean())
    rows, columns = (int(mask.any(axis=axis).sum()) for axis in (1, 0))
    small = share < choice.least_area or min(rows, columns) < _MIN_SIDE
    large = share > choice.most_area
    tally["entities too small"] += small
    tally["entities too large"] += large
    return not (small or large)


def _brushed(entity: Mask, rng: np.random.Generator) -> Mask:
    """As a user might have covered it: mostly a dilated outline, else a box, an ellipse, a blob."""
    return brushed_mask(entity, rng) if rng.random() < 0.6 else rough_mask(entity, rng)


def _files(jpeg: bytes, mask: Mask, entity: Entity, picture: Picture) -> Files:
    origin = {"picture": picture.name, **entity.origin}
    return {
        "jpg": jpeg,
        MASK: encode(mask.astype(np.uint8) * 255, Path("mask.png")),
        CAPTION: entity.caption.strip().encode(),
        "json": json.dumps(origin).encode(),
    }
