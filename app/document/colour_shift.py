"""Another hue, saturation or brightness of a layer. Qt-free."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

from app.document.edits import Edit, Variant
from lazydiff_core.contract import Cover, Pixels


@dataclass(frozen=True)
class ColourShift:
    """hue: degrees around the colour circle. saturation, brightness: -100 to 100 percent.

    A saturation of -100 leaves greys, a brightness of -100 black, of 100 white.
    """

    hue: int = 0
    saturation: int = 0
    brightness: int = 0

    def applied(self, pixels: Pixels) -> Pixels:
        """A new (h, w, 3 or 4) uint8 array, rounded to nearest; alpha stays."""
        colours = pixels[..., :3].astype(np.float32)
        if self.hue or self.saturation:
            hsv = cv2.cvtColor(colours, cv2.COLOR_RGB2HSV)  # hue in degrees, saturation 0..1
            hsv[..., 0] = (hsv[..., 0] + self.hue) % 360
            hsv[..., 1] = np.minimum(hsv[..., 1] * (1 + self.saturation / 100), 1)
            colours = np.asarray(cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB), np.float32)
        end = np.float32(255 if self.brightness > 0 else 0)
        colours += (end - colours) * np.float32(abs(self.brightness) / 100)
        shifted = pixels.copy()
        shifted[..., :3] = np.rint(np.clip(colours, 0, 255))
        return shifted

    def on(self, edit: Edit, *, all_variants: bool = True) -> Edit:
        """The edit in other colours; with soft edges only as far as it covers.

        all_variants: False = only the chosen one.
        """
        variants = list(edit.variants)
        for number, variant in enumerate(variants):
            if all_variants or number == edit.chosen:
                variants[number] = replace(variant, pixels=self._of(variant, edit.cover))
        return replace(edit, variants=tuple(variants))

    def _of(self, variant: Variant, cover: Cover | None) -> Pixels:
        shifted = self.applied(variant.pixels)
        if cover is None or variant.matte is not None:
            return shifted
        # At soft edges the pixels hold some of the ground, which keeps its colour.
        share = cover[..., None].astype(np.float32) / np.float32(255)
        kept = variant.pixels.astype(np.float32)
        return np.asarray(np.rint(kept + (shifted - kept) * share), np.uint8)
