"""Entities from a folder in Pascal VOC's layout.

JPEGImages/NAME.jpg             the pictures
Annotations/NAME.xml            <object><name>cat</name><bndbox>...</bndbox></object>, and more
SegmentationObject/NAME.png     optional: number of the object each pixel belongs to, 255 = border

Where there is no such mask, an object's box is its mask.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import numpy.typing as npt
from PIL import Image

from lazydiff_core.contract import RGB, Box
from lazydiff_core.errors import InputError
from lazydiff_core.geometry.box import EMPTY, box_mask
from lazydiff_core.training.entities.entity import MAX_SIDE, Chosen, Entity, Picture, fitted

_APART = {
    "diningtable": "dining table", "pottedplant": "potted plant", "tvmonitor": "tv monitor",
}  # fmt: skip
_PICTURES = "JPEGImages"
_EDGES = ("xmin", "ymin", "xmax", "ymax")
_MAX_BYTES = 1_000_000


@dataclass(frozen=True)
class VocEntities:
    """A folder with JPEGImages and Annotations."""

    folder: Path

    @property
    def about(self) -> str:
        return "VOC"

    def pictures(self) -> list[Picture]:
        paths = sorted(path for path in (self.folder / _PICTURES).glob("*") if path.is_file())
        annotated = [path.name for path in paths if self._notes(path.name).is_file()]
        if not annotated:
            raise InputError(
                f"{self.folder} is not in VOC's layout: it has no JPEGImages with Annotations."
            )
        return [Picture(k, f"{_PICTURES}/{name}") for k, name in enumerate(annotated)]

    def _notes(self, name: str) -> Path:
        return self.folder / "Annotations" / f"{Path(name).stem}.xml"

    def entities(self, image: RGB, picture: Picture) -> list[Entity]:
        """None where the annotation is damaged."""
        size, objects = _read(self._notes(picture.name), image)
        numbers = self._numbers(Path(picture.name).stem)
        found = []
        for k, (name, box) in enumerate(objects, start=1):
            mask = box_mask(size, box) if numbers is None else numbers == k
            found.append(Entity(fitted(mask, image), _APART.get(name, name), {"object": k}))
        return found

    def named(self, chosen: Sequence[Chosen]) -> list[list[Entity]]:
        """They have their names."""
        return [one.entities for one in chosen]

    def _numbers(self, stem: str) -> npt.NDArray[np.uint8] | None:
        path = self.folder / "SegmentationObject" / f"{stem}.png"
        try:
            with Image.open(path, formats=["PNG"]) as image:  # its palette's numbers, not colours
                return np.array(image, np.uint8) if image.mode in ("P", "L") else None
        except (OSError, ValueError, SyntaxError):
            return None


Size = tuple[int, int]


def _read(path: Path, image: RGB) -> tuple[Size, list[tuple[str, Box]]]:
    """Height and width that boxes are given for, and the objects; none in a damaged file."""
    height, width = image.shape[:2]
    try:
        if path.stat().st_size > _MAX_BYTES:
            return (height, width), []
        root = ElementTree.fromstring(path.read_bytes())
        size = (
            int(root.findtext("size/height", "0")) or height,
            int(root.findtext("size/width", "0")) or width,
        )
        if not 0 < min(size) <= max(size) <= MAX_SIDE:
            return (height, width), []
        return size, [(str(one.findtext("name", "")), _box(one)) for one in root.iter("object")]
    except (OSError, ElementTree.ParseError, ValueError):
        return (height, width), []


def _box(one: ElementTree.Element) -> Box:
    """EMPTY where none is given that makes sense."""
    try:
        edges = (round(float(one.findtext(f"bndbox/{edge}", "nan"))) for edge in _EDGES)
        left, top, right, bottom = edges
    except (ValueError, OverflowError):
        return EMPTY
    return Box(left - 1, top - 1, right, bottom)  # VOC counts pixels from 1
