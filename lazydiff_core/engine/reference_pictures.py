"""Reads the pictures that a prompt refers to, as large as the model takes them."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from lazydiff_core.contract import RGB, EngineInfo
from lazydiff_core.errors import ImageError
from lazydiff_core.geometry.resample import resize
from lazydiff_core.images.reading import read_image
from lazydiff_core.reference_files import MAX_REFERENCES, read_references


def fitted_references(setting: str, info: EngineInfo) -> tuple[RGB, ...]:
    """The (h,w,3) uint8 pictures of a setting, h and w multiples of a token's side.

    None is larger than the model's window, and none is enlarged; what is over at the edges of a
    multiple is cut off. Raises ImageError for a file that is no picture, or too small a one.
    """
    return tuple(
        _fitted(path, version_of(path), info.native_side, info.token_pixels)
        for path in read_references(setting)
    )


def version_of(path: Path) -> tuple[int, int]:
    """What tells one state of a file from another; (0, 0) if it is missing."""
    try:
        stat = path.stat()
    except OSError:
        return (0, 0)
    return (stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=2 * MAX_REFERENCES)
def _fitted(path: Path, version: tuple[int, int], side: int, token: int) -> RGB:
    picture = read_image(path)
    height, width = picture.shape[:2]
    scale = min(1.0, side / max(height, width))
    picture = resize(picture, (max(1, round(height * scale)), max(1, round(width * scale))))
    rows, columns = (length // token * token for length in picture.shape[:2])
    if not rows or not columns:
        raise ImageError(
            f"{path.name} ({width}x{height}) is too small or too narrow to refer to: once it fits "
            f"{side}x{side}, no side may be shorter than {token} pixels."
        )
    top, left = (picture.shape[0] - rows) // 2, (picture.shape[1] - columns) // 2
    return picture[top : top + rows, left : left + columns].copy()
