from __future__ import annotations

from pathlib import Path

import pytest

from lazydiff_core.errors import InputError
from lazydiff_core.training.entities.voc import VocEntities
from tests.lazydiff_core.training.entities.driving import picture


def test_masks_where_there_are_some_else_boxes(voc: Path) -> None:
    source = VocEntities(voc)
    a, b, c = source.pictures()
    assert [p.name for p in (a, b, c)] == [f"JPEGImages/{name}.jpg" for name in "abc"]
    square, disc = source.entities(picture(0), a)
    assert (square.caption, disc.caption) == ("square", "potted plant")
    assert square.mask.sum() == 29 * 30  # its border belongs to nothing
    assert not disc.mask[35, 75]
    assert disc.mask[50, 90]
    square, disc = source.entities(picture(1), b)
    assert square.mask[30:60, 20:50].all()
    assert square.mask.sum() == 30 * 30
    assert disc.mask[35, 75]
    assert source.entities(picture(2), c) == []


def test_boxes_follow_a_scaled_picture(voc: Path) -> None:
    source = VocEntities(voc)
    _, b, _ = source.pictures()
    square = source.entities(picture(1)[::2, ::2], b)[0].mask
    assert square[15:30, 10:25].all()
    assert square.sum() == 15 * 15


@pytest.mark.parametrize("box", ["<xmin>x</xmin>", "", "<xmin>1e400</xmin>"])
def test_senseless_boxes_are_no_entities(voc: Path, box: str) -> None:
    text = f"<a><object><name>cat</name><bndbox>{box}</bndbox></object></a>"
    (voc / "Annotations" / "b.xml").write_text(text)
    source = VocEntities(voc)
    found = source.entities(picture(1), source.pictures()[1])
    assert not any(entity.mask.any() for entity in found)


def test_a_foreign_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is not in VOC's layout"):
        VocEntities(tmp_path).pictures()
