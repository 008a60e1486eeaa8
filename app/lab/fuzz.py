"""Fuzz targets for all files that the app reads: `python -m app.lab.fuzz`."""

from __future__ import annotations

import io
import struct
import sys
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import cv2
import numpy as np
from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo

from app.document.edit_stack import EditStack
from app.document.edits import Edit, Recipe, Variant
from app.document.source_file import SourceFile
from app.storage import formats
from app.storage.formats.contents import Project
from app.storage.journal.log import DiskFile
from app.storage.journal.reader import read_journal
from app.storage.journal.recorder import Change, Patch, Recorder
from app.system.settings import SettingsStore
from lazydiff_core.bench.fuzzing.fuzz_child import main
from lazydiff_core.bench.fuzzing.target import Target
from lazydiff_core.contract import Box
from lazydiff_core.generation_settings import ResolvedSettings
from lazydiff_core.images.masks import mask_in
from lazydiff_core.images.reading import read_picture
from lazydiff_core.images.writing import encode
from lazydiff_core.images.xmp import marked

_SIDE = 72
_CARRIERS = (".png", ".jpg", ".tif", ".webp")


def _noise(*shape: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, shape, np.uint8)


def _project(channels: int = 3) -> Project:
    """A project with all that one can have; one with alpha also has the file that it came from."""
    base = _noise(_SIDE, _SIDE, channels)
    edit = Edit(
        box=(box := Box(10, 12, 50, 40)),
        mask=_noise(28, 40) > 99,
        before=base[box.slices].copy(),
        recipe=Recipe(ResolvedSettings("a red mushroom", seed=3, steps=20)),
        variants=tuple(Variant(_noise(28, 40, channels, seed=n), n + 2) for n in (1, 2)),
        cover=_noise(28, 40, seed=4),
        sketch=_noise(28, 40, 4, seed=5),
    )
    stack = EditStack(base, (edit,))
    source = SourceFile("a.png", _noise(5000, seed=6).tobytes()) if channels == 4 else None
    cover, sketch = _noise(_SIDE, _SIDE), _noise(_SIDE, _SIDE, 4)
    return Project(stack, cover, True, sketch, {"zoom": 1.0}, source)


# --- pictures ------------------------------------------------------------------------------------


def _pictures(folder: Path) -> list[bytes]:
    """One picture for each format, mode and extra that the reader treats differently."""
    rgb, grey = Image.fromarray(_noise(_SIDE, _SIDE, 3)), Image.fromarray(_noise(_SIDE, _SIDE))
    rgba = Image.fromarray(_noise(_SIDE, _SIDE, 4))
    deep = Image.fromarray(_noise(_SIDE, _SIDE).astype(np.uint16) * 257)
    turned = Image.Exif()
    turned[0x0112] = 6  # orientation
    colours = {"icc_profile": _noise(400).tobytes()}
    film = {"save_all": True, "append_images": [grey.convert("RGB")] * 2}
    return [
        *(_saved(image, "PNG") for image in (rgb, grey, rgba, deep, rgb.convert("P"))),
        *(_saved(rgb, "PNG", **colours), _saved(grey.convert("1"), "PNG")),
        *(_saved(rgb, "JPEG", exif=turned, **colours), _saved(rgb.convert("CMYK"), "JPEG")),
        *(_saved(rgb, "JPEG", progressive=True), _saved(rgb, "WEBP", **film)),
        *(_saved(rgba, "WEBP", lossless=True), _saved(rgb.convert("P"), "GIF", **film)),
        *(_saved(deep, "TIFF"), _saved(rgb, "TIFF", compression="tiff_lzw")),
        *(_saved(rgb, "BMP"), _saved(rgb, "PPM"), _saved(rgba, "TGA"), _saved(rgb, "QOI")),
        *(_saved(rgb, "AVIF", exif=turned), _saved(rgb, "JPEG2000"), _saved(rgb, "PNG", **film)),
        *(_saved(rgb, "MPO", **film), _saved(rgb.convert("CMYK"), "TIFF"), _photoshop()),
        *(_deep(suffix, np.uint16) for suffix in (".png", ".tiff", ".jp2", ".ppm")),
        *(_deep(".tiff", np.float32), _described(rgb), _archive("application/x-krita", rgba)),
        _archive("image/openraster", rgba),
    ]


def _deep(suffix: str, dtype: type[np.generic]) -> bytes:
    """Colours of more than 8 bits."""
    times = 1 / 255 if dtype == np.float32 else 257.0
    pixels = np.asarray(_noise(_SIDE, _SIDE, 3) * times, dtype)
    return bytes(cv2.imencode(suffix, pixels)[1])


def _described(image: Image.Image) -> bytes:
    """A PNG with all the metadata that is carried: written with a profile, Exif, XMP and texts."""
    exif, said = Image.Exif(), PngInfo()
    exif[0x010F] = "Camera"
    exif.get_ifd(0x8769)[0x9286] = b"ASCII\0\0\0a comment"
    exif.get_ifd(0x8825)[1] = "N"
    said.add_text("Author", "J. Doe")
    said.add_itxt("XML:com.adobe.xmp", marked(b"").decode())
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return _saved(image, "PNG", exif=exif, pnginfo=said, icc_profile=profile, dpi=(300, 300))


def _photoshop() -> bytes:
    """A PSD of 2x1 pixels, with IPTC's older fields."""
    fields = b"\x1c\x02\x05\0\5title"
    resources = b"8BIM" + struct.pack(">HHI", 1028, 0, len(fields)) + fields
    head = struct.pack(">4sH6xHIIHH", b"8BPS", 1, 3, 1, 2, 8, 3)
    parts = struct.pack(">II", 0, len(resources)) + resources + struct.pack(">I", 0)
    return head + parts + bytes(2) + bytes([255, 0, 0, 0, 0, 255])


def _archive(mimetype: str, image: Image.Image) -> bytes:
    """Krita's merged picture, or OpenRaster's layers without one."""
    stack = (
        f'<image w="{_SIDE}" h="{_SIDE}"><stack><layer src="a.png" opacity="0.5"/></stack></image>'
    )
    buffer = io.BytesIO()
    name = "mergedimage.png" if "krita" in mimetype else "a.png"
    with ZipFile(buffer, "w") as archive:
        archive.writestr("mimetype", mimetype)
        archive.writestr("stack.xml", stack)
        archive.writestr(name, _saved(image, "PNG"))
    return buffer.getvalue()


def _saved(image: Image.Image, name: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, name, **options)
    return buffer.getvalue()


def _read_picture(path: Path, folder: Path) -> object:
    """Read it in every way, and carry what it says into every format."""
    picture = read_picture(path)
    written = [encode(picture.pixels, Path(f"a{suffix}"), picture) for suffix in _CARRIERS]
    return mask_in(picture), written


# --- LazyDiff's own files -------------------------------------------------------------------------


def _written_as(suffix: str) -> Callable[[Path], list[bytes]]:
    def samples(folder: Path) -> list[bytes]:
        path, found = folder / f"sample{suffix}", []
        for channels in (3, 4):
            formats.write(_project(channels), path)
            found.append(path.read_bytes())
        return found

    return samples


def _journals(folder: Path) -> list[bytes]:
    return [_journal(folder / f"{channels}.journal", _project(channels)) for channels in (3, 4)]


def _journal(path: Path, project: Project) -> bytes:
    box = Box(0, 0, _SIDE, _SIDE)
    assert project.sketch is not None
    patches = Patch("cover", box, project.cover[..., None]), Patch("sketch", box, project.sketch)
    state = {"filled": True, "sketch": True, "saved": False, "prompt": "a moth"}
    more: dict[str, object] = {"path": None, "time": 1.0, "view": {}, "stamp": [1, 2]}
    recorder, stack = Recorder(file := DiskFile(path)), project.stack
    recorder.write(Change(stack.base, stack.edits, patches, state | more, project.source))
    recorder.write(Change(None, (), patches[:1], state | more))
    file.close()
    return path.read_bytes()


def _settings(folder: Path) -> list[bytes]:
    path = folder / "sample.json"
    SettingsStore(path).update(recent_files=("/a", "/b"), theme="dark", brushes=("48 1.0",))
    return [path.read_bytes()]


TARGETS = {
    "picture": Target(_pictures, _read_picture),
    "project": Target(
        _written_as(".lazydiff"), lambda path, _: formats.read(path), suffix=".lazydiff"
    ),
    "openraster": Target(_written_as(".ora"), lambda path, _: formats.read(path), suffix=".ora"),
    "journal": Target(_journals, lambda path, _: read_journal(path)),
    "settings": Target(_settings, lambda path, _: SettingsStore(path)),
}


if __name__ == "__main__":
    sys.exit(main(TARGETS, sys.argv[1:]))
