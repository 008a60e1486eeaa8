from __future__ import annotations

import struct
import warnings
import zipfile
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from app.storage.formats.openraster import write_openraster
from app.storage.formats.openraster_reader import read_openraster
from lazydiff_core.errors import ImageError
from tests.app.storage.formats.pictures import some_picture

LIST = '<image version="0.0.3" w="{w}" h="{h}"><stack>{layers}</stack></image>'
LAYER = '<layer name="a" src="data/a.png"/>'


def png(width: int = 6, height: int = 4) -> bytes:
    buffer = BytesIO()
    Image.new("RGBA", (width, height), (200, 100, 50, 128)).save(buffer, "PNG")
    return buffer.getvalue()


def archive(path: Path, **changes: bytes | None) -> Path:
    """An archive like other programs write it; None leaves an entry out."""
    entries: dict[str, bytes | None] = {
        "mimetype": b"image/openraster",
        "stack": LIST.format(w=6, h=4, layers=LAYER).encode(),
        "merged": png(),
    }
    names = {"stack": "stack.xml", "merged": "mergedimage.png"}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for key, data in (entries | changes).items():
            if data is not None:
                made.writestr(names.get(key, key), data)
    return path


def test_what_we_write_is_read_as_it_was_seen(tmp_path: Path) -> None:
    picture = some_picture()
    write_openraster(picture, tmp_path / "名 a.ora")
    opened = read_openraster(tmp_path / "名 a.ora")
    assert np.array_equal(opened.picture.pixels(), picture.pixels())
    assert not opened.problems
    assert "4 layers" in opened.aside
    assert not opened.is_whole


def test_one_layer_is_all_there_is(tmp_path: Path) -> None:
    opened = read_openraster(archive(tmp_path / "a.ora"))
    assert opened.is_whole
    assert opened.picture.pixels()[0, 0].tolist() == [227, 177, 152], "laid over white"


def test_layers_in_groups_are_counted(tmp_path: Path) -> None:
    nested = f"<stack>{LAYER}<stack>{LAYER}</stack></stack>{LAYER}"
    text = LIST.format(w=6, h=4, layers=nested).encode()
    assert "3 layers" in read_openraster(archive(tmp_path / "a.ora", stack=text)).aside


LAUGHS = (
    b'<!DOCTYPE image [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]>'
    b'<image w="6" h="4">&b;</image>'
)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"mimetype": b"image/png"}, "no OpenRaster"),
        ({"mimetype": b"x" * 10_000}, "far too large"),
        ({"mimetype": None}, "no mimetype"),
        ({"stack": None}, "no stack.xml"),
        ({"merged": None}, "no mergedimage.png"),
        ({"stack": b"<image"}, "not readable"),
        ({"stack": b"<image><stack/></image>"}, "not readable"),
        ({"stack": b'<image w="x" h="4"/>'}, "not readable"),
        ({"stack": b'<image w="0" h="4"/>'}, "0x4 pixels"),
        ({"stack": b'<image w="-6" h="-4"/>'}, "pixels"),
        ({"stack": b'<image w="100000" h="100000"/>'}, "far too many"),
        ({"stack": LAUGHS}, "document type"),
        ({"stack": bytes(5 * 2**20)}, "far too large"),
        ({"stack": LIST.format(w=7, h=4, layers="").encode()}, "another size"),
        ({"merged": b"words"}, "cannot be read as an image"),
        ({"merged": bytes(40 * 2**20)}, "far too large"),
    ],
)
def test_archives_of_another_kind_are_refused(
    tmp_path: Path, changes: dict[str, bytes | None], why: str
) -> None:
    with pytest.raises(ImageError, match=why):
        read_openraster(archive(tmp_path / "a.ora", **changes))


def test_an_entry_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.ora")
    with warnings.catch_warnings(), zipfile.ZipFile(path, "a") as made:
        warnings.simplefilter("ignore")
        made.writestr("mergedimage.png", png())
    with pytest.raises(ImageError, match=r"mergedimage\.png twice"):
        read_openraster(path)


def test_names_that_climb_out_write_nothing(tmp_path: Path) -> None:
    (tmp_path / "in" / "deep").mkdir(parents=True)
    path = archive(tmp_path / "in" / "deep" / "a.ora")
    with zipfile.ZipFile(path, "a") as made:
        made.writestr("../../climbed.png", png())
    read_openraster(path)
    assert not list(tmp_path.rglob("climbed.png"))


def test_an_entry_that_unfolds_to_more_than_it_says_is_cut_off(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.ora", merged=bytes(30 * 2**20))
    data = bytearray(path.read_bytes())
    real = struct.pack("<I", 30 * 2**20)
    assert data.count(real) == 2
    path.write_bytes(data.replace(real, struct.pack("<I", 90)))
    with pytest.raises(ImageError, match="cannot be read"):
        read_openraster(path)


def test_a_list_of_a_million_entries_is_not_read(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.ora")
    data = bytearray(path.read_bytes())
    at = data.rfind(b"PK\x05\x06")
    data[at + 8 : at + 12] = struct.pack("<HH", 65535, 65535)
    path.write_bytes(data)
    with pytest.raises(ImageError, match="too many entries"):
        read_openraster(path)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ImageError, match="no image"):
        read_openraster(tmp_path / "a.ora")


@given(cut=st.integers(0, 2000), flip=st.integers(0, 255), at=st.integers(0, 2000))
def test_damage_is_told_or_does_not_show(
    tmp_path_factory: pytest.TempPathFactory, cut: int, flip: int, at: int
) -> None:
    path = archive(tmp_path_factory.getbasetemp() / "damaged.ora")
    data = bytearray(path.read_bytes())
    data[at % len(data)] ^= flip
    path.write_bytes(data[: max(1, len(data) - cut % (2 if cut % 3 else len(data)))])
    try:
        opened = read_openraster(path)
    except ImageError:
        return
    assert opened.picture.size == (4, 6)
