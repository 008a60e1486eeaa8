"""Writing OpenRaster: the picture with its layers, for Krita, GIMP, MyPaint and others.

A zip archive of PNGs and a list of layers. Source: the specification at openraster.org, 0.0.6.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import numpy as np
import numpy.typing as npt

from app.document.edits import Edit
from app.storage.formats.contents import USUAL, Project, Saving
from lazydiff_core.contract import RGBA, Pixels
from lazydiff_core.geometry.compositing import BlendMode
from lazydiff_core.geometry.pixels import shown_through
from lazydiff_core.geometry.resample import resize, resize_straight
from lazydiff_core.images.writing import encode
from lazydiff_core.storage.safe_files import replacing

SUFFIX = ".ora"
MIMETYPE = b"image/openraster"
STACK, MERGED, THUMBNAIL = "stack.xml", "mergedimage.png", "Thumbnails/thumbnail.png"
_VERSION = "0.0.6"
_THUMBNAIL_SIDE = 256
COMPOSITE_OPS = {
    BlendMode.NORMAL: "svg:src-over",
    BlendMode.MULTIPLY: "svg:multiply",
    BlendMode.SCREEN: "svg:screen",
    BlendMode.OVERLAY: "svg:overlay",
}
MODES = {op.removeprefix("svg:"): mode for mode, op in COMPOSITE_OPS.items()}
SKETCH = "lazydiff-sketch"  # an attribute of ours, which others ignore
_PNG = Path("layer.png")


@dataclass(frozen=True, eq=False)
class Layer:
    """(h, w, 3) or straight-alpha (h, w, 4) uint8 pixels placed at `left`, `top`."""

    name: str
    pixels: Pixels
    left: int = 0
    top: int = 0
    visible: bool = True
    opacity: float = 1.0
    blend: BlendMode = BlendMode.NORMAL
    is_sketch: bool = False


def write_openraster(picture: Project, path: Path, saving: Saving = USUAL) -> None:
    """Write an archive of layers to `path`; raises TargetError."""
    with replacing(path, backup=saving.backup) as temporary, ZipFile(temporary, "w") as archive:
        archive.writestr("mimetype", MIMETYPE)  # first and uncompressed: it identifies the format
        height, width = picture.size
        image = ET.Element("image", version=_VERSION, w=str(width), h=str(height))
        stack = ET.SubElement(image, "stack")
        for number, layer in enumerate(layers(picture)):
            source = f"data/layer{number:03}.png"
            archive.writestr(source, encode(layer.pixels, _PNG))
            stack.insert(0, _described(layer, source))  # the topmost layer comes first
        merged = picture.pixels()
        listed = ET.tostring(image, "UTF-8", xml_declaration=True)
        archive.writestr(ZipInfo(STACK), listed, ZIP_DEFLATED)
        archive.writestr(ZipInfo(MERGED), encode(merged, _PNG), ZIP_STORED)
        archive.writestr(ZipInfo(THUMBNAIL), encode(_thumbnail(merged), _PNG), ZIP_STORED)


def layers(picture: Project) -> Iterator[Layer]:
    """The original, each edit that is not discarded, and the sketch, lowest first.

    The visible layers composite to the picture: exactly, or, where soft edges lie on a transparent
    picture or fade, within 1 of 255.
    """
    yield Layer("Original", picture.stack.base)
    for edit in picture.stack.edits:
        if edit.chosen is not None:
            yield Layer(
                name=_name(edit),
                pixels=patch_of(edit),
                left=edit.box.left,
                top=edit.box.top,
                visible=edit.visible,
                opacity=edit.opacity,
                blend=edit.blend,
            )
    if picture.sketch is not None and picture.sketch[..., 3].any():
        yield Layer("Sketch", picture.sketch, visible=False, is_sketch=True)  # it guides fills only


def patch_of(edit: Edit) -> RGBA:
    """(h, w, 4) straight-alpha uint8 that gives the edit's pixels when laid over the canvas.

    With a matte or a blend mode it is as the edit is. Otherwise alpha is the edit's cover and the
    colours are the fill's, where these reproduce the edit. They do not where the canvas beneath has
    changed since; there the patch is what the edit shows, which gives its pixels if they are
    opaque: no layer takes alpha away from those below.
    """
    shown = edit.pixels
    solid = edit.mask.astype(np.uint8) * 255
    own = solid if shown.shape[2] == 3 else shown[..., 3] * edit.mask
    variant = edit.variant
    if edit.blend is not BlendMode.NORMAL or (variant is not None and variant.matte is not None):
        alpha = np.rint(replace(edit, opacity=1.0).share() * edit.mask * 255).astype(np.uint8)
        return np.dstack((shown[..., :3] * edit.mask[..., None], alpha))
    if edit.cover is None:
        return np.dstack((shown[..., :3] * edit.mask[..., None], own))
    alpha = np.where(edit.mask, edit.cover, np.uint8(0))
    share = np.maximum(alpha, 1)[..., None] / np.float32(255)
    # Colours weighted by alpha: what lies above is the difference of what is seen.
    seen, below = _weighted(shown), _weighted(edit.before)
    fill = (seen - below * (1 - share))[..., :3] / share
    colours = np.rint(fill.clip(0, 255)).astype(np.uint8)
    again = shown_through(colours, edit.before, alpha)
    most = 0 if shown.shape[2] == 3 else 1
    wrong = (np.abs(_weighted(again) - seen) > most).any(axis=2) & edit.mask
    colours[wrong], alpha[wrong] = shown[wrong][:, :3], own[wrong]
    return np.dstack((colours * edit.mask[..., None], alpha))


def _name(edit: Edit) -> str:
    prompt = "Paint" if edit.recipe is None else edit.recipe.settings.prompt or "Fill"
    return edit.name or prompt


def _weighted(pixels: Pixels) -> npt.NDArray[np.float32]:
    """(h, w, 3 or 4) float32: the colours multiplied by alpha, if there is any."""
    values = pixels.astype(np.float32)
    if values.shape[2] == 4:
        values[..., :3] *= values[..., 3:] / 255
    return values


def _described(layer: Layer, source: str) -> ET.Element:
    facts = {
        "name": _writable(layer.name),
        "src": source,
        "x": str(layer.left),
        "y": str(layer.top),
        "opacity": f"{layer.opacity:.6g}",
        "visibility": "visible" if layer.visible else "hidden",
        "composite-op": COMPOSITE_OPS[layer.blend],
    }
    return ET.Element("layer", facts | ({SKETCH: "1"} if layer.is_sketch else {}))


def _writable(text: str) -> str:
    """Text without the characters that XML cannot hold."""
    return "".join(c for c in text if c.isprintable()).encode("utf-8", "replace").decode()


def _thumbnail(pixels: Pixels) -> Pixels:
    height, width, channels = pixels.shape
    scale = min(1.0, _THUMBNAIL_SIDE / max(height, width))
    size = max(1, round(height * scale)), max(1, round(width * scale))
    return resize(pixels, size) if channels == 3 else resize_straight(pixels, size)
