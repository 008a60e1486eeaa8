"""Entities from annotations in COCO's format (also LVIS's and that of many labelling tools).

{"images": [{"id", "file_name", "width", "height"}], "categories": [{"id", "name"}],
 "annotations": [{"image_id", "category_id", "segmentation", "bbox", "iscrowd", "caption"}]}

segmentation: polygons [[x, y, x, y, ...], ...], or run lengths {"size": [h, w], "counts": [...]},
column by column, plain or packed into a string; without one, the box is the mask. An annotation's
own "caption" goes before its category's name. Crowds are no entities.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from lazydiff_core.contract import RGB, Box, Mask
from lazydiff_core.errors import InputError
from lazydiff_core.geometry.box import box_mask
from lazydiff_core.training.entities.entity import MAX_SIDE, Chosen, Entity, Picture, fitted


@dataclass(frozen=True)
class CocoEntities:
    """Pictures in `folder`, annotated by `annotations`, a JSON file."""

    folder: Path
    annotations: Path

    @property
    def about(self) -> str:
        return f"COCO {self.annotations.name}"

    def pictures(self) -> list[Picture]:
        try:
            found = json.loads(self.annotations.read_text(encoding="utf-8"))
            names = {one["id"]: str(one["name"]) for one in found.get("categories", [])}
            notes = defaultdict(list)
            for one in found["annotations"]:
                named = one.get("caption") or names.get(one.get("category_id"), "")
                notes[one["image_id"]].append({**one, "caption": named})
            listed = sorted(found["images"], key=lambda one: str(one["file_name"]))
            pictures = [
                Picture(k, _name(one), (_size(one), notes[one["id"]]))
                for k, one in enumerate(listed)
            ]
        except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
            raise InputError(
                f"{self.annotations} holds no annotations in COCO's format: {error!r}."
            ) from error
        if not pictures:
            raise InputError(f"{self.annotations} lists no images.")
        return pictures

    def entities(self, image: RGB, picture: Picture) -> list[Entity]:
        size, notes = picture.notes
        return [
            Entity(fitted(_mask(note, size), image), note["caption"], {"id": note.get("id")})
            for note in notes
            if not note.get("iscrowd")
        ]

    def named(self, chosen: Sequence[Chosen]) -> list[list[Entity]]:
        """They have their names."""
        return [one.entities for one in chosen]


def _name(about: dict[str, Any]) -> str:
    path = Path(str(about["file_name"]))
    if path.is_absolute() or ".." in path.parts:
        raise ValueError(f"{path} leads out of the folder")
    return path.as_posix()


def _size(about: dict[str, Any]) -> tuple[int, int]:
    """Height and width that masks are given for."""
    size = (int(about["height"]), int(about["width"]))
    if not 0 < min(size) <= max(size) <= MAX_SIDE:
        raise ValueError(f"{about['file_name']} has {size[1]}x{size[0]} pixels")
    return size


def _mask(note: dict[str, Any], size: tuple[int, int]) -> Mask:
    """Empty where the annotation cannot be understood."""
    given = note.get("segmentation")
    try:
        if isinstance(given, dict):
            if tuple(given["size"]) != size:
                return np.zeros(size, np.bool_)
            return run_lengths(given["counts"], size)
        if given:
            return polygons(given, size)
        left, top, width, height = note["bbox"]
        edges = left, top, left + width, top + height
        return box_mask(size, Box(*(round(edge) for edge in edges)))
    except (LookupError, TypeError, ValueError, OverflowError, cv2.error):
        return np.zeros(size, np.bool_)


def polygons(given: list[list[float]], size: tuple[int, int]) -> Mask:
    """(height, width) bool, True within any of some polygons [x, y, x, y, ...]."""
    mask = np.zeros(size, np.uint8)
    for flat in given:
        points = np.array(flat, np.float64).reshape(-1, 2)
        if not (np.abs(points) <= MAX_SIDE).all():  # nor any that is no number
            raise ValueError("a polygon leads far out of the picture")
        cv2.fillPoly(mask, [np.rint(points).astype(np.int32)], 1)
    return mask.astype(np.bool_)


def run_lengths(counts: list[int] | str, size: tuple[int, ...]) -> Mask:
    """(height, width) bool from lengths of runs, column by column, the first of zeros."""
    height, width = size
    lengths = _unpacked(counts) if isinstance(counts, str) else counts
    runs = np.array(lengths, np.int64)
    if (runs < 0).any() or runs.sum() != height * width:
        raise ValueError("the run lengths do not cover the picture")
    flat = np.repeat(np.arange(len(runs)) % 2 == 1, runs)
    return flat.reshape(width, height).T


def _unpacked(text: str) -> list[int]:
    """Numbers from COCO's string: groups of 5 bits, and from the third on a difference.

    A character is a group + 48; its sixth bit says that more follow, the fifth bit of the last
    group is the sign.
    """
    numbers: list[int] = []
    value = shift = 0
    for character in text.encode("ascii"):
        group = character - 48
        value |= (group & 31) << shift
        shift += 5
        if group & 32:
            continue
        if group & 16:
            value -= 1 << shift
        numbers.append(value + (numbers[-2] if len(numbers) > 2 else 0))
        value = shift = 0
    return numbers
