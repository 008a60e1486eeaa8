from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.storage import formats
from app.storage.formats import FORMATS, READABLE, format_of
from lazydiff_core.errors import ImageError, ProjectError, TargetError
from tests.app.storage.formats.pictures import same_picture, some_picture


@pytest.mark.parametrize("suffix", [suffix for row in FORMATS for suffix in row.suffixes])
def test_every_format_writes_what_can_be_read(tmp_path: Path, suffix: str) -> None:
    picture = some_picture(height=40, width=60)
    path = tmp_path / f"a{suffix.upper()}"
    formats.write(picture, path)

    opened = formats.read(path)

    assert not opened.problems
    assert opened.picture.size == picture.size
    if suffix == ".lazydiff":
        assert same_picture(opened.picture, picture)
    elif suffix in (".png", ".webp", ".ora"):
        assert np.array_equal(opened.picture.pixels(), picture.pixels())


@pytest.mark.parametrize("row", FORMATS, ids=lambda row: row.name)
def test_every_format_keeps_a_backup(tmp_path: Path, row: formats.Format) -> None:
    path = tmp_path / f"a{row.suffixes[0]}"
    path.write_bytes(b"before")
    formats.write(some_picture(height=40, width=60), path)

    assert (tmp_path / f"a{row.suffixes[0]}~").read_bytes() == b"before"


def test_an_unknown_suffix_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(TargetError, match=r"a\.xyz names no format.*\.lazydiff, \.png"):
        format_of(Path("a.xyz"))


def test_what_can_be_written_can_be_read() -> None:
    assert set(READABLE) >= {suffix for row in FORMATS for suffix in row.suffixes}


def test_a_file_that_is_not_what_its_name_says_is_refused(tmp_path: Path) -> None:
    Image.new("RGB", (4, 4)).save(tmp_path / "a.png")
    (tmp_path / "a.png").rename(tmp_path / "a.lazydiff")
    (tmp_path / "b.png").write_bytes(b"words")

    with pytest.raises(ProjectError, match="not a LazyDiff project"):
        formats.read(tmp_path / "a.lazydiff")
    with pytest.raises(ImageError, match="cannot be read"):
        formats.read(tmp_path / "b.png")
