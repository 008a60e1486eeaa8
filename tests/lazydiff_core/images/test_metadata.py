"""Metadata of other programs, as they write it."""

from __future__ import annotations

import struct
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from lazydiff_core.images import exif as exifs
from lazydiff_core.images import xmp as xmps
from lazydiff_core.images.picture import Picture
from lazydiff_core.images.reading import picture_of
from lazydiff_core.images.writing import encode, losses

PIXELS = np.random.default_rng(0).integers(0, 256, (40, 40, 3), np.uint8)
MAKER = b"MAKER\0abs" + bytes(40)
RDF = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-'
    'syntax-ns#"><rdf:Description rdf:about="" {}/></rdf:RDF></x:xmpmeta>'
)


def jpeg(**options: Any) -> bytes:
    buffer = BytesIO()
    Image.fromarray(PIXELS).save(buffer, "JPEG", quality=95, **options)
    return buffer.getvalue()


def rewritten(picture: Picture, suffix: str, **options: Any) -> Picture:
    target = Path(f"a{suffix}")
    return picture_of(encode(picture.pixels, target, picture, **options), target)


def camera_block(thumbnail: bytes) -> bytes:
    """An Exif block of a camera held on its side, with a maker's note and a thumbnail."""
    first = struct.pack("<HHHIIHHIII", 2, 0x0112, 3, 1, 6, 0x8769, 4, 1, 38, 56 + len(MAKER))
    second = struct.pack("<HHHIII", 1, 0x927C, 7, len(MAKER), 56, 0)
    at = 56 + len(MAKER) + 30
    third = struct.pack("<HHHIIHHIII", 2, 0x0201, 4, 1, at, 0x0202, 4, 1, len(thumbnail), 0)
    return b"II*\0\x08\0\0\0" + first + second + MAKER + third + thumbnail


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp"])
def test_a_makers_note_stays_in_its_place_and_the_thumbnail_goes(suffix: str) -> None:
    thumbnail = jpeg()[:300]
    picture = picture_of(jpeg(exif=exifs.HEADER + camera_block(thumbnail)), Path("photo"))
    again = rewritten(picture, suffix)
    assert picture.metadata.dpi is None

    for block in (picture.metadata.exif, again.metadata.exif):
        assert block[56 : 56 + len(MAKER)] == MAKER
        assert thumbnail[:40] not in block
        assert exifs.orientation_of(block) == 1


def test_what_would_move_a_makers_note_is_told_as_lost() -> None:
    block = exifs.HEADER + camera_block(jpeg()[:300])
    picture = picture_of(jpeg(exif=block, dpi=(300, 300)), Path("photo"))
    assert losses(Path("a.webp"), picture.pixels, picture) == ("dots per inch",)
    assert losses(Path("a.png"), picture.pixels, picture) == ()
    assert rewritten(picture, ".webp").metadata.exif[56 : 56 + len(MAKER)] == MAKER


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp", ".tif", ".avif"])
def test_another_generators_comment_stays_beside_our_note(suffix: str) -> None:
    exif, words = Image.Exif(), "a cat \u2014 Steps: 20"
    exif.get_ifd(exifs.EXIF_PART)[exifs.USER_COMMENT] = b"UNICODE\0" + words.encode("utf-16-be")
    note = '{"lazydiff":1,"edits":[{"a":1}]}'
    again = rewritten(picture_of(jpeg(exif=exif), Path("a1111")), suffix, recipes=note)

    comment = exifs.parsed(again.metadata.exif).get_ifd(exifs.EXIF_PART)[exifs.USER_COMMENT]
    assert exifs.text_of(comment) == words
    assert again.metadata.recipes == note


def test_a_note_of_an_earlier_version_is_found() -> None:
    note = '{"lazydiff":1,"edits":[{"a":1}]}'
    exif = Image.Exif()
    exif.get_ifd(exifs.EXIF_PART)[exifs.USER_COMMENT] = b"ASCII\0\0\0" + note.encode()
    assert picture_of(jpeg(exif=exif), Path("ours")).metadata.recipes == note


def test_iptcs_older_fields_are_carried_and_outdated_resources_are_not() -> None:
    def resource(kind: int, data: bytes) -> bytes:
        return b"8BIM" + struct.pack(">HHI", kind, 0, len(data)) + data + b"\0" * (len(data) % 2)

    fields = resource(1028, b"\x1c\x02\x05\0\5title")
    block = b"Photoshop 3.0\0" + resource(1036, b"a thumbnail") + fields
    segment = b"\xff\xed" + struct.pack(">H", len(block) + 2) + block
    picture = picture_of(jpeg(extra=segment, comment=b"hello"), Path("press"))

    assert picture.metadata.photoshop == fields
    assert picture.metadata.text == (("Comment", "hello"),)
    assert rewritten(picture, ".jpg").metadata.text == picture.metadata.text
    for suffix in (".jpg", ".tif"):
        assert rewritten(picture, suffix).metadata.photoshop == fields
    assert losses(Path("a.png"), picture.pixels, picture) == ("Photoshop's resources",)


@pytest.mark.parametrize(
    "packet",
    [
        b"",
        b"no XML at all",
        RDF.format("").encode(),
        RDF.format(
            f'xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" '
            f'Iptc4xmpExt:DigitalSourceType="{xmps.SOURCE_TYPES}digitalCapture"'
        ).encode(),
        b'<!DOCTYPE a [<!ENTITY b "c">]>' + RDF.format("").encode(),
    ],
)
def test_a_mark_is_one_in_every_packet(packet: bytes) -> None:
    marked = xmps.marked(packet)

    assert xmps.is_readable(marked)
    assert xmps.source_type(marked) == xmps.COMPOSITE
    assert marked.count(xmps.SOURCE_TYPES.encode()) == 1
    assert xmps.marked(marked) == marked


def test_a_picture_that_was_generated_as_a_whole_stays_one() -> None:
    namespace = 'xmlns:e="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"'
    packet = RDF.format(f'{namespace} e:DigitalSourceType="{xmps.GENERATED}"').encode()
    assert xmps.marked(packet) == packet


def test_recipes_in_a_packet_are_replaced_and_taken_out_again() -> None:
    packet = RDF.format('xmlns:dc="http://purl.org/dc/elements/1.1/" dc:format="a"').encode()
    first = xmps.with_recipes(packet, '{"a": "<&>"}')
    second = xmps.with_recipes(first, "later")

    assert xmps.recipes_in(first) == '{"a": "<&>"}'
    assert xmps.recipes_in(second) == "later"
    assert xmps.without_recipes(second) == packet
    assert xmps.without_recipes(xmps.with_recipes(b"", "x")) == b""
