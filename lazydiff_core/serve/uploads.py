"""Reads what clients send: forms in memory, pictures within bounds. Nothing is written to disk."""

from __future__ import annotations

import base64
import binascii
from collections.abc import AsyncGenerator
from io import BytesIO
from pathlib import Path

import cv2
import numpy as np
from fastapi import Request
from PIL import Image
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import FormParser, MultiPartException, MultiPartParser

from lazydiff_core.contract import RGB, RGBA, Cover
from lazydiff_core.geometry.pixels import over_grey
from lazydiff_core.images.reading import picture_of
from lazydiff_core.serve.answers import TooLargeError, UnreadableError

MAX_PIXELS = 40_000_000
MAX_PICTURES = 8
MAX_FIELDS = 64
MAX_TEXT = 64 * 1024


class _InMemory(MultiPartParser):
    spool_max_size = 2**31  # bytes a file: the gate bounds the whole request, far below


async def form_of(request: Request) -> FormData:
    """The fields of a form, files kept in memory; raises UnreadableError."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        if kind == "multipart/form-data":
            stream: AsyncGenerator[bytes, None] = request.stream()
            return await _InMemory(
                request.headers,
                stream,
                max_files=MAX_PICTURES,
                max_fields=MAX_FIELDS,
                max_part_size=MAX_TEXT,
            ).parse()
        if kind == "application/x-www-form-urlencoded":
            return await FormParser(request.headers, request.stream()).parse()
    except (MultiPartException, KeyError, ValueError) as error:
        raise UnreadableError(f"The form cannot be read: {error}.") from error
    raise UnreadableError("Send a form: multipart/form-data with the picture as a file.")


def text_field(form: FormData, name: str, default: str = "") -> str:
    """A text of a form; raises UnreadableError where it is a file."""
    value = form.get(name, default)
    if not isinstance(value, str):
        raise UnreadableError(f"{name} must be text, not a file.")
    return value


async def file_field(form: FormData, *names: str) -> bytes | None:
    """The first file of a form that has one of these names; raises UnreadableError for a text."""
    for name in names:
        value = form.get(name)
        if isinstance(value, UploadFile):
            return await value.read()
        if value is not None:
            raise UnreadableError(f"{name} must be a file.")
    return None


def bytes_of(text: str, name: str) -> bytes:
    """The bytes of base64, bare or as a data URL; raises UnreadableError."""
    if text.startswith("data:"):
        text = text.partition(",")[2]
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise UnreadableError(f"{name} is no base64.") from error


def number_field(form: FormData, name: str, default: float) -> float:
    """A number of a form; raises UnreadableError for anything else."""
    text = text_field(form, name)
    try:
        return float(text) if "." in text else int(text or default)
    except ValueError as error:
        raise UnreadableError(f"{name} must be a number.") from error


def pixels_of(data: bytes, name: str) -> RGB | RGBA:
    """A picture's pixels, upright, in sRGB; raises ImageError, or TooLargeError before decoding."""
    width, height = _size(data)
    if width * height > MAX_PIXELS:
        raise TooLargeError(
            f"{name} has {width}x{height} pixels, more than {MAX_PIXELS // 1_000_000} million."
        )
    return picture_of(data, Path(name)).pixels


def rgb_of(data: bytes, name: str) -> RGB:
    """As `pixels_of`, over white."""
    return over_grey(pixels_of(data, name), 255)


def grey_of(data: bytes, name: str) -> Cover:
    """As `pixels_of`, as greys over black."""
    grey = cv2.cvtColor(over_grey(pixels_of(data, name), 0), cv2.COLOR_RGB2GRAY)
    return np.asarray(grey, np.uint8)


def _size(data: bytes) -> tuple[int, int]:
    """What a file says of its size; (0, 0) for one that the reader will refuse."""
    try:
        with Image.open(BytesIO(data)) as image:
            return image.size
    except Image.DecompressionBombError:
        return MAX_PIXELS, 2
    except Exception:  # what it is, the reader says
        return 0, 0
