"""Files of other painting programs, and depths that are read as 8 bits."""

from __future__ import annotations

import struct
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import cv2
import numpy as np
import pytest
from PIL import Image, TiffImagePlugin

from lazydiff_core.errors import ImageError
from lazydiff_core.images.reading import picture_of

NOWHERE = Path("brought")
RED, CLEAR = (255, 0, 0, 255), (0, 0, 0, 0)


def png(colour: tuple[int, ...], size: tuple[int, int] = (4, 4)) -> bytes:
    buffer = BytesIO()
    Image.new("RGBA", size, colour).save(buffer, "PNG")
    return buffer.getvalue()


def archive(mimetype: str, **entries: bytes) -> bytes:
    buffer = BytesIO()
    with ZipFile(buffer, "w") as file:
        file.writestr("mimetype", mimetype)
        for name, data in entries.items():
            file.writestr(name.replace("_", "."), data)
    return buffer.getvalue()


def ora(layers: str, **entries: bytes) -> bytes:
    stack = f'<image w="4" h="4"><stack>{layers}</stack></image>'
    return archive("image/openraster", stack_xml=stack.encode(), **entries)


def test_kritas_merged_picture_is_read() -> None:
    picture = picture_of(archive("application/x-krita", mergedimage_png=png(RED)), NOWHERE)

    assert picture.format == "Krita"
    assert picture.not_kept == ("layers",)
    assert (picture.pixels == RED).all()
    with pytest.raises(ImageError, match="saved without its merged picture"):
        picture_of(archive("application/x-krita"), NOWHERE)


def test_the_merged_picture_of_openraster_is_preferred() -> None:
    layer = '<layer src="a.png"/>'
    picture = picture_of(ora(layer, mergedimage_png=png(RED), a_png=png(CLEAR)), NOWHERE)

    assert (picture.pixels == RED).all()
    assert picture.not_kept == ()


def test_layers_are_composited_where_there_is_no_merged_picture() -> None:
    layers = (
        '<layer src="hidden.png" visibility="hidden"/>'
        '<layer src="half.png" opacity="0.5" x="2" y="-1"/>'
        '<stack><layer src="grey.png" composite-op="svg:multiply"/><layer src="white.png"/></stack>'
        '<layer src="red.png" composite-op="svg:odd"/>'
    )
    picture = picture_of(
        ora(
            layers,
            hidden_png=png((1, 2, 3, 255)),
            half_png=png((0, 0, 255, 255), (2, 2)),
            grey_png=png((100, 100, 100, 255), (1, 4)),
            white_png=png((255, 255, 255, 255), (3, 4)),
            red_png=png(RED),
        ),
        NOWHERE,
    )

    rows = picture.pixels[:, :, :3].tolist()
    assert rows[3] == [[100, 100, 100], [255, 255, 255], [255, 255, 255], [255, 0, 0]]
    assert rows[0] == [[100, 100, 100], [255, 255, 255], [128, 128, 255], [128, 0, 128]]
    assert picture.not_kept == ("layers", "the blend mode odd")


KRITA = archive("application/x-krita", mergedimage_png=png(RED))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (ora('<layer src="none.png"/>'), "it has no none.png"),
        (archive("image/openraster", stack_xml=b"<image w='4'>"), "list of layers"),
        (archive("image/openraster", stack_xml=b"<!DOCTYPE a><image/>"), "document type"),
        (archive("image/openraster", stack_xml=b"<image w='99999' h='99999'/>"), "far too many"),
        (archive("text/plain"), "ZIP archive and no picture"),
        (ora("<stack>" * 40 + "</stack>" * 40), "nested too deep"),
        (KRITA[:-30], "damaged archive"),
        (KRITA.replace(b"x-krita", b"x-krota", 1), "cannot be unpacked"),
    ],
)
def test_archives_that_cannot_be_read_say_why(data: bytes, words: str) -> None:
    with pytest.raises(ImageError, match=words):
        picture_of(data, NOWHERE)


def psd(bits: int = 8) -> bytes:
    """A picture of 2x1 pixels, red and blue."""
    head = struct.pack(">4sH6xHIIHH", b"8BPS", 1, 3, 1, 2, bits, 3)
    planes = bytes([0]) + bytes([0]) + bytes([255, 0, 0, 0, 0, 255])
    return head + struct.pack(">III", 0, 0, 0) + planes


def test_the_merged_picture_of_photoshop_is_read() -> None:
    picture = picture_of(psd(), NOWHERE)

    assert picture.format == "PSD"
    assert picture.pixels.tolist() == [[[255, 0, 0], [0, 0, 255]]]
    with pytest.raises(ImageError, match="16 bits a channel: a PSD is read with 8 only"):
        picture_of(psd(16), NOWHERE)


@pytest.mark.parametrize(("suffix", "bits"), [(".avif", 10), (".jp2", 16)])
def test_depths_between_8_and_16_bits_become_16(suffix: str, bits: int) -> None:
    deep = np.full((128, 128, 3), 1023 if bits == 10 else 65535, np.uint16)
    options = [cv2.IMWRITE_AVIF_DEPTH, 10] if bits == 10 else []
    done, data = cv2.imencode(suffix, deep, options)
    assert done
    picture = picture_of(data.tobytes(), NOWHERE)

    assert picture.not_kept == ()
    assert picture.original is not None
    assert picture.original.samples.dtype == np.uint16
    assert picture.original.samples.min() >= 65535 - 64
    assert picture.pixels.min() >= 254


def test_a_depth_that_is_not_kept_is_said() -> None:
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    inks = np.full((2, 2, 4), 65535, np.uint16)
    tags[256], tags[257], tags[258], tags[277], tags[278] = 2, 2, (16,) * 4, 4, 2
    tags[259], tags[262], tags[273], tags[279] = 1, 5, (0,), (inks.nbytes,)
    buffer = BytesIO()
    tags.save(buffer)
    picture = picture_of(buffer.getvalue() + inks.tobytes(), NOWHERE)

    assert picture.not_kept == ("16 bits a channel (read as 8)",)
    assert picture.pixels.max() == 0


def test_a_lab_picture_is_read_as_colours() -> None:
    buffer = BytesIO()
    Image.new("LAB", (4, 4), (255, 128, 128)).save(buffer, "TIFF")
    picture = picture_of(buffer.getvalue(), NOWHERE)

    assert picture.not_kept == ("Lab colors (read as RGB)",)
    assert picture.pixels.min() >= 250


def test_a_cameras_raw_picture_is_no_thumbnail() -> None:
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[50706] = b"\1\4\0\0"
    buffer = BytesIO()
    Image.new("RGB", (8, 8)).save(buffer, "TIFF", tiffinfo=tags)

    with pytest.raises(ImageError, match="camera's raw picture"):
        picture_of(buffer.getvalue(), NOWHERE)
    buffer = BytesIO()
    Image.new("RGB", (8, 8)).save(buffer, "TIFF")
    with pytest.raises(ImageError, match="camera's raw picture"):
        picture_of(buffer.getvalue(), Path("DSC01.NEF"))


def test_whole_numbers_of_32_bits_are_refused_with_advice() -> None:
    buffer = BytesIO()
    Image.fromarray(np.zeros((4, 4), np.int32)).save(buffer, "TIFF")

    with pytest.raises(ImageError, match="32 bits a channel"):
        picture_of(buffer.getvalue(), NOWHERE)
