from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lazydiff_core.errors import InputError
from lazydiff_core.training.entities.coco import CocoEntities, polygons, run_lengths
from lazydiff_core.training.entities.entity import Chosen
from tests.lazydiff_core.training.entities.driving import SIZE, SQUARE, picture


def test_pictures_in_the_order_of_their_names(folder: Path, coco: Path) -> None:
    pictures = CocoEntities(folder, coco).pictures()
    assert [p.name for p in pictures] == [
        "a.jpg", "b.png", "d.jpg", "e.png", "gone.jpg", "more/c.jpg",
    ]  # fmt: skip
    assert [p.number for p in pictures] == list(range(6))


def test_entities_of_a_picture(folder: Path, coco: Path) -> None:
    """Crowds are none; what cannot be understood is an empty mask."""
    source = CocoEntities(folder, coco)
    first = source.pictures()[0]
    found = source.entities(picture(0), first)
    assert [entity.caption for entity in found] == ["square", "disc", "square", "square", "square"]
    square, disc, _, everything, senseless = (entity.mask for entity in found)
    assert square[30:60, 20:50].all()
    assert square.sum() <= 31 * 31
    assert disc[34:66, 74:106].all()
    assert disc.sum() == 32 * 32
    assert everything.all()
    assert not senseless.any()
    assert source.named([Chosen(picture(0), found)]) == [found]


def test_masks_follow_a_scaled_picture(folder: Path, coco: Path) -> None:
    source = CocoEntities(folder, coco)
    half = picture(0)[::2, ::2]
    square = source.entities(half, source.pictures()[0])[0].mask
    assert square.shape == (48, 64)
    assert square[15:30, 10:25].all()
    assert square.sum() <= 16 * 16


def test_an_annotations_own_caption_goes_first(folder: Path, coco: Path) -> None:
    document = json.loads(coco.read_text())
    document["annotations"][0]["caption"] = "a red square on noise"
    coco.write_text(json.dumps(document))
    source = CocoEntities(folder, coco)
    assert source.entities(picture(0), source.pictures()[0])[0].caption == "a red square on noise"


def test_polygons_are_filled() -> None:
    mask = polygons([SQUARE, [0, 0, 9, 0, 9, 9, 0, 9]], SIZE)
    assert mask[40, 40]
    assert mask[5, 5]
    assert not mask[40, 60]


def test_run_lengths_by_hand() -> None:
    """Column by column: two zeros, three ones, one zero on 3 rows and 2 columns."""
    expected = np.array([[0, 1], [0, 1], [1, 0]], bool)
    assert np.array_equal(run_lengths([2, 3, 1], (3, 2)), expected)
    assert np.array_equal(run_lengths("231", (3, 2)), expected)


def packed_runs(runs: list[int]) -> str:
    """As COCO's own tools pack them, after their maskApi.c."""
    text = ""
    for k, run in enumerate(runs):
        x = run - runs[k - 2] if k > 2 else run
        more = True
        while more:
            group = x & 31
            x >>= 5
            more = x != -1 if group & 16 else x != 0
            text += chr((group | 32 if more else group) + 48)
    return text


@given(st.lists(st.integers(0, 5000), min_size=1, max_size=12))
def test_packed_runs_are_unpacked(runs: list[int]) -> None:
    total = sum(runs)
    if total:
        packed = run_lengths(packed_runs(runs), (total, 1))
        assert np.array_equal(packed, run_lengths(runs, (total, 1)))


@pytest.mark.parametrize(
    "content",
    [
        "no JSON",
        "[]",
        "{}",
        '{"images": [{"id": 1}], "annotations": []}',
        '{"images": [], "annotations": []}',
        '{"images": [{"id": 1, "file_name": "../a", "height": 1, "width": 1}], "annotations": []}',
        '{"images": [{"id": 1, "file_name": "a", "height": 0, "width": 9}], "annotations": []}',
        '{"images": [{"id": 1, "file_name": "a", "height": 9, "width": 1e9}], "annotations": []}',
    ],
)
def test_what_is_no_coco_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "notes.json"
    path.write_text(content)
    with pytest.raises(InputError, match=r"notes\.json (holds no annotations|lists no images)"):
        CocoEntities(tmp_path, path).pictures()


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no annotations in COCO's format"):
        CocoEntities(tmp_path, tmp_path / "notes.json").pictures()


@given(
    st.recursive(
        st.none() | st.floats() | st.integers() | st.text(max_size=4),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
            st.sampled_from(["counts", "size", "x"]), inner, max_size=3
        ),
        max_leaves=8,
    )
)  # fmt: skip
def test_any_segmentation_gives_a_mask(segmentation: Any) -> None:
    from lazydiff_core.training.entities.coco import _mask

    note = {"segmentation": segmentation, "bbox": [1, 2, 3, 4]}
    assert _mask(note, (6, 8)).dtype == bool
