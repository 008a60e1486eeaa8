"""What a file is, by its first bytes, for sentences on files that cannot be read."""

from __future__ import annotations

from dataclasses import dataclass

_HEAD = 64


@dataclass(frozen=True)
class Kind:
    """A file format.

    module, package: Pillow's plugin for it, which is the user's to install.
    opens:           the plugin's names of what it reads.
    """

    name: str
    module: str = ""
    package: str = ""
    opens: tuple[str, ...] = ()


_HEIC = Kind("HEIC", "pillow_heif", "pillow-heif", ("HEIF",))
_JXL = Kind("JPEG XL", "pillow_jxl", "pillow-jxl-plugin", ("JXL",))
_STARTS = {
    b"\x89PNG\r\n\x1a\n": Kind("PNG"),
    b"\xff\xd8\xff": Kind("JPEG"),
    b"GIF8": Kind("GIF"),
    b"BM": Kind("BMP"),
    b"II*\0": Kind("TIFF"),
    b"MM\0*": Kind("TIFF"),
    b"II+\0": Kind("TIFF"),
    b"MM\0+": Kind("TIFF"),
    b"\xff\x4f\xff\x51": Kind("JPEG 2000"),
    b"\0\0\0\x0cjP  ": Kind("JPEG 2000"),
    b"8BPS\0\x01": Kind("PSD"),
    b"8BPS\0\x02": Kind("PSB"),
    b"\xff\x0a": _JXL,
    b"\0\0\0\x0cJXL ": _JXL,
    b"\x76\x2f\x31\x01": Kind("OpenEXR"),
    b"#?RADIANCE": Kind("Radiance HDR"),
    b"gimp xcf": Kind("GIMP's XCF"),
    b"%PDF": Kind("PDF"),
    b"%!PS": Kind("PostScript"),
    b"<?xml": Kind("XML"),
    b"SQLite format 3\0": Kind("LazyDiff project"),
    b"qoif": Kind("QOI"),
    b"DDS ": Kind("DDS"),
    b"\0\0\x01\0": Kind("icon"),
    b"AT&TFORM": Kind("DjVu"),
    b"CSFCHUNK": Kind("Clip Studio"),
    b"FUJIFILMCCD-RAW": Kind("camera raw"),
    b"IIU\0": Kind("camera raw"),
    b"IIRO": Kind("camera raw"),
    b"PK\x03\x04": Kind("ZIP archive"),
}
_BRANDS = {
    **dict.fromkeys((b"avif", b"avis"), Kind("AVIF")),
    **dict.fromkeys(
        (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"), _HEIC
    ),
    b"crx ": Kind("camera raw"),
    **dict.fromkeys((b"isom", b"mp41", b"mp42", b"qt  ", b"M4V "), Kind("film")),
}
_TEXT_PICTURES = (b"P1", b"P2", b"P3", b"P4", b"P5", b"P6", b"Pf", b"PF")


def kind_of(data: bytes) -> Kind | None:
    """The format of a file, by its beginning; None if it is not known."""
    head = data[:_HEAD]
    if head[4:8] == b"ftyp":
        brands = [head[8:12], *(head[k : k + 4] for k in range(16, len(head), 4))]
        return next((_BRANDS[brand] for brand in brands if brand in _BRANDS), None)
    if head[:4] == b"RIFF":
        return Kind("WebP") if head[8:12] == b"WEBP" else None
    if head[:2] in _TEXT_PICTURES and head[2:3].isspace():
        return Kind("PPM")
    if b"<svg" in data[:1024]:
        return Kind("SVG")
    return next((kind for start, kind in _STARTS.items() if head.startswith(start)), None)
