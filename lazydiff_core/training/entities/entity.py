"""What a training sample is made of: an entity in a picture, and where entities come from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import cv2
import numpy as np

from lazydiff_core.contract import RGB, Mask

# Of a picture; what annotations say beyond it makes no sense.
MAX_SIDE = 30_000


@dataclass(frozen=True, eq=False)
class Entity:
    """One thing in a picture: its mask (H, W) bool and what it is called.

    origin: what is known of it besides, for the sample's provenance; JSON values only.
    """

    mask: Mask
    caption: str
    origin: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Chosen:
    """A picture's pixels, and which of its entities become samples."""

    image: RGB
    entities: list[Entity]


@dataclass(frozen=True)
class Picture:
    """A picture to prepare: its place in the list of all, its file below the source's folder, its
    annotations.
    """

    number: int
    name: str
    notes: Any = None


class EntitySource(Protocol):
    """A way to find entities; it is sent to worker processes, so it holds names, not data."""

    @property
    def folder(self) -> Path:
        """Where the pictures are."""
        ...

    @property
    def about(self) -> str:
        """What entities depend on, besides the pictures."""
        ...

    def pictures(self) -> Iterable[Picture]:
        """All pictures, in an order that does not change; InputError where there are none.

        They may be more than memory holds, and are asked for more than once.
        """
        ...

    def entities(self, image: RGB, picture: Picture) -> list[Entity]:
        """Entities of a picture, whose pixels may have been scaled; masks of the pixels' size."""
        ...

    def named(self, chosen: Sequence[Chosen]) -> list[list[Entity]]:
        """Those that were chosen of some pictures, with their captions: the dear part, in one."""
        ...


def fitted(mask: Mask, image: RGB) -> Mask:
    """A mask scaled to a picture's size."""
    if mask.shape == image.shape[:2]:
        return mask
    height, width = image.shape[:2]
    scaled = cv2.resize(mask.astype(np.uint8), (width, height), interpolation=cv2.INTER_NEAREST)
    return scaled.astype(np.bool_)
