"""Contact sheets: many small pictures with captions."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from lazydiff_core.contract import RGB

_MARGIN = 8
_CAPTION = 24
Font = ImageFont.FreeTypeFont | ImageFont.ImageFont
_INK, _PAPER = (32, 32, 32), (250, 250, 250)


def contact_sheet(images: Sequence[RGB], captions: Sequence[str], columns: int, width: int) -> RGB:
    """(H, W, 3) uint8: a grid of pictures of one size, each `width` wide, with captions below.

    A caption that is too long is cut off with an ellipsis.
    """
    height = round(images[0].shape[0] * width / images[0].shape[1])
    across, down = width + _MARGIN, height + _CAPTION + _MARGIN
    rows = -(-len(images) // columns)
    sheet = Image.new("RGB", (columns * across + _MARGIN, rows * down + _MARGIN), _PAPER)
    draw = ImageDraw.Draw(sheet)
    font = ImageFont.load_default(14)
    for index, (image, caption) in enumerate(zip(images, captions, strict=True)):
        left = _MARGIN + index % columns * across
        top = _MARGIN + index // columns * down
        small = Image.fromarray(image).resize((width, height), Image.Resampling.LANCZOS)
        sheet.paste(small, (left, top))
        draw.text((left, top + height + 4), _fitting(caption, font, width), fill=_INK, font=font)
    return np.array(sheet)


def _fitting(text: str, font: Font, width: int) -> str:
    """The text, shortened with an ellipsis if it does not fit."""
    if font.getlength(text) <= width:
        return text
    return next(
        (cut for k in range(len(text), 0, -1) if font.getlength(cut := f"{text[:k]}...") <= width),
        "",
    )
