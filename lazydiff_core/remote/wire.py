"""Requests, results and their parts as JSON, the language of `/v1/engine` (docs/server.md).

Pictures travel as base64 of PNG files, so that a client needs no more than a PNG library.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import asdict, fields
from io import BytesIO
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from lazydiff_core.contract import (
    RGB,
    Box,
    Computed,
    EditRequest,
    EditResult,
    EngineInfo,
    Framing,
    Mask,
    Progress,
    Tokens,
)

Pixels = npt.NDArray[np.uint8]
Document = dict[str, Any]

SENT = "sha256:"  # before the digest of a canvas that was sent before


def png(pixels: Pixels | Mask) -> bytes:
    """A PNG file of (H,W), (H,W,3) or (H,W,4) uint8, or of an (H,W) mask, white where True."""
    if pixels.dtype == np.bool_:
        pixels = pixels.astype(np.uint8) * 255
    buffer = BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


def png_text(pixels: Pixels | Mask) -> str:
    """Base64 of the PNG file of `pixels`, as in `png`."""
    return base64.b64encode(png(pixels)).decode("ascii")


def pixels_of(text: str) -> Pixels:
    """The (H,W,3) or (H,W,4) uint8 pixels in the text that `png_text` made of them."""
    with Image.open(BytesIO(base64.b64decode(text)), formats=("PNG",)) as image:
        return np.array(image)


def digest(image: RGB) -> str:
    """The name of a canvas that was sent before: SHA-256 of its shape and pixels."""
    sha = hashlib.sha256(repr(image.shape).encode())
    sha.update(np.ascontiguousarray(image).data)
    return SENT + sha.hexdigest()


def info_document(info: EngineInfo) -> Document:
    return asdict(info)


def info_of(document: Mapping[str, Any]) -> EngineInfo:
    """Raises KeyError, TypeError or ValueError for a document that is no engine's."""
    known = {row.name for row in fields(EngineInfo)}
    values: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value
        for key, value in document.items()
        if key in known
    }
    values["framing"] = Framing(**values["framing"])
    values["computed"] = Computed(**values["computed"])
    return EngineInfo(**values)


def canvas_document(image: str, mask: Mask) -> Document:
    """The picture and the hole of a request. image: `png_text` or `digest` of the canvas."""
    return {"image": image, "mask": png_text(mask)}


def request_document(request: EditRequest, image: str) -> Document:
    """A request. image: `png_text` or `digest` of its canvas."""
    cover, sketch = request.cover, request.sketch
    return {
        **canvas_document(image, request.mask),
        "cover": None if cover is None else png_text(cover),
        "sketch": None if sketch is None else png_text(sketch),
        "backend": request.backend,
        "settings": asdict(request.settings),
    }


def progress_document(progress: Progress) -> Document:
    box, preview = progress.box, progress.preview
    return {
        "stage": progress.stage,
        "step": progress.step,
        "steps": progress.steps,
        "seconds_left": progress.seconds_left,
        "box": None if box is None else asdict(box),
        "preview": None if preview is None else png_text(preview),
    }


def progress_of(document: Mapping[str, Any], id: int) -> Progress:
    """Raises KeyError, TypeError or ValueError for a document that is no progress."""
    values = dict(document)
    if values["box"] is not None:
        values["box"] = Box(**values["box"])
    if values["preview"] is not None:
        values["preview"] = pixels_of(values["preview"])
    return Progress(id=id, **values)


_PLAIN = (
    "seeds", "seconds", "device", "backend", "model", "steps", "pixels_changed_outside_mask",
    "context_reused", "notice", "peak_bytes",
)  # fmt: skip


def result_document(result: EditResult) -> Document:
    return {
        "box": asdict(result.box),
        "patches": [png_text(patch) for patch in result.patches],
        "tokens": asdict(result.tokens),
        **{name: getattr(result, name) for name in _PLAIN},
    }


def result_of(document: Mapping[str, Any], id: int, canvas: RGB) -> EditResult:
    """Raises KeyError, TypeError or ValueError for a document that is no result."""
    plain = {name: document[name] for name in _PLAIN}
    return EditResult(
        id=id,
        canvas=canvas,
        box=Box(**document["box"]),
        patches=tuple(pixels_of(text) for text in document["patches"]),
        tokens=Tokens(**document["tokens"]),
        **plain | {"seeds": tuple(plain["seeds"])},
    )
