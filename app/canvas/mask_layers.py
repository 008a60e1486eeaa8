"""Paint layers of the mask: its colour and its dashed outline."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QColor, QPainter

from app.canvas.piece import Piece
from app.canvas.pyramid import Pixels, Pyramid

STYLES = ("tint", "hatch")
_HATCH, _STRIPE = 9, 3  # view points: the period of the stripes, the width of one
_BETWEEN = 0.3  # opacity between stripes, as a share of a stripe's
_DASH = 4
_DASHES = np.array([0, 0xFF000000, 0xFFFFFFFF], np.uint32)  # nothing, black, white


@dataclass(frozen=True)
class MaskLook:
    """How the mask is shown over the picture.

    colour:  "#rrggbb". opacity: percent. style: one of STYLES.
    rest:    the colour lies outside the mask instead of inside it.
    """

    colour: str = "#ff2d3c"
    opacity: int = 50
    style: str = "tint"
    rest: bool = False


class TintLayer:
    """The mask as a translucent colour, soft where the mask is soft."""

    def __init__(self, cover: Pyramid) -> None:
        self._cover = cover
        self.shown = True
        self.set_look(MaskLook())

    @property
    def look(self) -> MaskLook:
        return self._look

    def set_look(self, look: MaskLook) -> None:
        self._look = look
        self._veils = _veils(look, 1.0), _veils(look, _BETWEEN)

    def paint(self, painter: QPainter, piece: Piece) -> None:
        if not self.shown:
            return
        # Sampling also tells where the canvas ends: nothing beyond it gets a colour.
        prepare = np.invert if self._look.rest else np.asarray
        cover = piece.sample(self._cover, prepare=prepare)
        if cover is not None:
            piece.draw(painter, self._veil(cover, piece).view(np.uint8).reshape(*cover.shape, 4))

    def _veil(self, cover: Pixels, piece: Piece) -> npt.NDArray[np.uint32]:
        full, thin = self._veils
        if self._look.style != "hatch":
            return full[cover]
        return np.where(piece.stripes(_HATCH, _STRIPE) > 0, full[cover], thin[cover])


class OutlineLayer:
    """Black and white dashes along the border of the mask."""

    def __init__(self, cover: Pyramid) -> None:
        self._cover = cover

    def paint(self, painter: QPainter, piece: Piece) -> None:
        thick = max(1, round(piece.ratio))
        cover = piece.sample(self._cover, sharp=True, around=thick)
        if cover is None or cover.all():
            return
        inside = (cover > 0).view(np.uint8)
        # The anchor puts the edge on the first pixels to the right of and below each change.
        kernel = np.ones((thick + 1, thick + 1), np.uint8)
        edge = cv2.morphologyEx(inside, cv2.MORPH_GRADIENT, kernel, anchor=(thick, thick))
        edge = edge[thick:-thick, thick:-thick]
        if edge.any():
            piece.draw(painter, _dashed(np.asarray(edge, np.uint8), piece))


def _dashed(edge: Pixels, piece: Piece) -> Pixels:
    """(h, w, 4) black and white dashes where the (h, w) edge is 1, fixed to the screen."""
    dashed = _DASHES[edge << piece.dashes(_DASH)]
    return np.asarray(dashed.view(np.uint8).reshape(*edge.shape, 4), np.uint8)


def _veils(look: MaskLook, strength: float) -> npt.NDArray[np.uint32]:
    """(256,) uint32 premultiplied colours in QImage's byte order, indexed by cover."""
    colour = QColor(look.colour)
    alpha = np.linspace(0, 255 * strength * look.opacity / 100, 256)
    shares = np.array([colour.blueF(), colour.greenF(), colour.redF(), 1.0])
    veils = np.rint(alpha[:, None] * shares).astype(np.uint8)
    return np.ascontiguousarray(veils).view(np.uint32)[:, 0]
