"""Scenery as things: hills, bridges, waterfalls, which the picture sets lack. Drawn for this
project: resources/train/scenery."""

from __future__ import annotations

from io import BytesIO

import numpy as np
from PIL import Image

from lazydiff_core.contract import RGBA
from lazydiff_core.images.cutouts import SQUARE, thing_in
from lazydiff_core.storage.resources import resource


def draw_scenery() -> dict[str, RGBA]:
    """Name -> its rendering (SQUARE,SQUARE,4) RGBA, a tight crop; in the order of their names."""
    drawings = sorted(resource("train/scenery").glob("*.svg"))
    return {path.stem: _drawn(path.read_text(encoding="utf-8")) for path in drawings}


def _drawn(svg: str) -> RGBA:
    import resvg_py  # only the data builder needs it

    png = bytes(resvg_py.svg_to_bytes(svg_string=svg, width=SQUARE, height=SQUARE))
    return thing_in(np.asarray(Image.open(BytesIO(png)).convert("RGBA"), np.uint8))
