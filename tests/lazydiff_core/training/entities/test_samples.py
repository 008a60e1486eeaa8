from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from lazydiff_core.contract import RGB
from lazydiff_core.training.entities.coco import CocoEntities
from lazydiff_core.training.entities.entity import Chosen, Entity, EntitySource, Picture
from lazydiff_core.training.entities.samples import Choice, Prepared, prepare_pictures
from tests.lazydiff_core.training.entities.driving import SIZE


def decoded(data: bytes) -> np.ndarray:
    return cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)


def first_of(source: EntitySource, choice: Choice) -> Prepared:
    return prepare_pictures(source, list(source.pictures())[:1], choice)[0]


def test_a_pictures_samples(folder: Path, coco: Path, choice: Choice) -> None:
    source = CocoEntities(folder, coco)
    prepared = first_of(source, choice)
    assert prepared.tally == Counter(
        {"pictures": 1, "entities": 5, "entities too small": 2, "entities too large": 1,
         "samples": 2}
    )  # fmt: skip
    assert [key for key, _ in prepared.samples] == ["000000000-00", "000000000-01"]
    for (_, files), caption in zip(prepared.samples, ("square", "disc"), strict=True):
        assert files["txt"].decode() == caption
        image, mask = decoded(files["jpg"]), decoded(files["mask.png"])
        assert image.shape == (64, 85, 3)  # its shorter side is 64 pixels now
        assert mask.shape == (64, 85)
        assert set(np.unique(mask)) == {0, 255}
        assert json.loads(files["json"])["picture"] == "a.jpg"


def test_masks_cover_their_entities_with_a_margin(folder: Path, coco: Path, choice: Choice) -> None:
    source = CocoEntities(folder, coco)
    kinds = set()
    for seed in range(25):
        prepared = first_of(source, replace(choice, seed=seed))
        mask = decoded(prepared.samples[0][1]["mask.png"]) > 0
        assert mask[20:40, 14:33].all()  # the square
        assert mask[19:41, 20:27].all()  # and a pixel above and below it
        assert mask.mean() < 0.5
        kinds.add(mask.tobytes())
    assert len(kinds) > 20


def test_the_same_choice_gives_the_same_bytes(folder: Path, coco: Path, choice: Choice) -> None:
    source = CocoEntities(folder, coco)
    one, again, other = (first_of(source, replace(choice, seed=seed)).samples for seed in (0, 0, 1))
    assert one == again
    assert one != other


def test_what_cannot_be_read_or_is_small_is_counted(
    folder: Path, coco: Path, choice: Choice
) -> None:
    source = CocoEntities(folder, coco)
    tallies = [one.tally for one in prepare_pictures(source, source.pictures(), choice)]
    total = sum(tallies, Counter())
    assert total["pictures"] == 6
    assert total["unreadable"] == 2  # cut off, gone
    assert total["pictures too small"] == 1
    assert total["samples"] == 6


@dataclass(frozen=True)
class Many:
    """Eight entities a picture, of which every second is named."""

    folder: Path
    asked: list[int] = field(default_factory=list)
    about: str = "many"

    def pictures(self) -> list[Picture]:
        return [Picture(0, "a.jpg")]

    def entities(self, image: RGB, picture: Picture) -> list[Entity]:
        masks = np.zeros((8, *image.shape[:2]), bool)
        for k in range(8):
            masks[k, 10 : 30 + k, 10:30] = True
        return [Entity(mask, f"thing {k}") for k, mask in enumerate(masks)]

    def named(self, chosen: Sequence[Chosen]) -> list[list[Entity]]:
        self.asked.append(sum(len(one.entities) for one in chosen))
        return [
            [
                replace(entity, caption=entity.caption if k % 2 else " ")
                for k, entity in enumerate(one.entities)
            ]
            for one in chosen
        ]


def test_only_chosen_entities_are_named(folder: Path, choice: Choice) -> None:
    source = Many(folder)
    seen = set()
    for seed in range(12):
        one = replace(choice, per_picture=4, seed=seed, side=max(SIZE))
        prepared = first_of(source, one)
        assert prepared.tally["left out"] == 4
        assert prepared.tally["without a name"] == 2
        assert prepared.tally["samples"] == len(prepared.samples) == 2
        seen |= {files["txt"] for _, files in prepared.samples}
    assert source.asked == [4] * 12
    assert len(seen) >= 6  # chosen by chance


def test_the_entities_of_several_pictures_are_named_together(folder: Path, choice: Choice) -> None:
    """And each picture gets its own, one that cannot be read among them."""
    source = Many(folder)
    several = [Picture(0, "a.jpg"), Picture(1, "gone.jpg"), Picture(2, "a.jpg")]
    wide = replace(choice, per_picture=4, side=max(SIZE))
    together = prepare_pictures(source, several, wide)
    assert source.asked == [8]
    alone = [prepare_pictures(source, [one], wide)[0] for one in several]
    assert [one.tally for one in together] == [one.tally for one in alone]
    assert [one.samples for one in together] == [one.samples for one in alone]


@pytest.mark.parametrize("side", [96, 500])
def test_pictures_are_never_enlarged(folder: Path, coco: Path, choice: Choice, side: int) -> None:
    source = CocoEntities(folder, coco)
    prepared = first_of(source, replace(choice, side=side))
    assert decoded(prepared.samples[0][1]["jpg"]).shape[:2] == SIZE
