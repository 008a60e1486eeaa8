"""Encodes only what an edit changed and decodes only its hole, at a cost set by the mask.

This is exact if the autoencoder's crops are; others reuse the statistics of their last full pass
(recorded_passes.py). Latents are always encoded from pixels, so that errors do not accumulate.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from lazydiff_core.contract import RGB, Box, Mask
from lazydiff_core.geometry.box import bounding_box, boxes_of_parts
from lazydiff_core.geometry.tokens import token_mask
from lazydiff_core.model.autoencoders.latent_codec import LatentCodec
from lazydiff_core.model.autoencoders.layer_crops import (
    run_changed,
    run_keeping,
    run_within,
    spread,
    work_changed,
    work_within,
)
from lazydiff_core.model.autoencoders.recorded_passes import MAX_WORK, RecordedPasses

CANVASES_KEPT = 4
# Pixels decoded around the hole, for blending (magnified up to four times) and resampling.
DECODE_MARGIN = 32
MAX_KEPT_BYTES = 64_000_000  # layer outputs of a canvas; the bundled model's take 15 MB at 512x512


@dataclass(frozen=True, eq=False)
class _Encoded:
    """An encoded canvas: image (1,3,H,W) and latents (1,c,h,w).

    layers: outputs of all layers, the latents last; None if they take too much memory.
    """

    image: Tensor
    latents: Tensor
    layers: list[Tensor] | None


class LazyCodec:
    """An autoencoder that remembers the last few canvases. Images are (1,3,H,W) in [-1,1].

    encoder, decoder: passes that record statistics; None if crops are exact.
    """

    def __init__(self, codec: LatentCodec) -> None:
        self.codec = codec
        self.encoder, self.decoder = (
            RecordedPasses(list(layers.steps), layers.statistics) if layers.statistics else None
            for layers in (codec.encoding(), codec.decoding())
        )
        self._canvases: deque[_Encoded] = deque(maxlen=CANVASES_KEPT)

    @property
    def _dtype(self) -> torch.dtype:
        return next(self.codec.parameters()).dtype

    def forget(self) -> None:
        """Forget all canvases: the next edit encodes the whole picture again."""
        self._canvases.clear()
        for passes in (self.encoder, self.decoder):
            if passes is not None:
                passes.forget()

    def encode(self, image: Tensor) -> Tensor:
        """(1,c,h,w) latents of a canvas; parts shared with an earlier canvas are reused."""
        image = image.to(self._dtype)
        if self.encoder is not None:
            return self.encoder.all_of(image)
        encoded = self._changed_only(image) or self._whole(image)
        kept = [canvas for canvas in self._canvases if canvas.latents is not encoded.latents]
        self._canvases = deque([*kept, encoded], CANVASES_KEPT)
        return encoded.latents

    def decode_box(self, latents: Tensor, pixels: Box) -> Tensor:
        """(1,3,h,w): these pixels of a picture with these latents."""
        latents = latents.to(self._dtype)
        if self.decoder is not None:
            return self.decoder.part_of(latents, pixels)
        return run_within(self.codec.decoding().steps, latents, pixels)

    def around(self, generated: Mask, patch: int) -> Box:
        """The pixels of the generated tokens, (rows, columns) bool, and DECODE_MARGIN around."""
        side, scale = len(generated) * patch, self.codec.scale
        cells = bounding_box(generated).scale(patch).grow(-(-DECODE_MARGIN // scale))
        return cells.clip(Box.of((side, side))).scale(scale)

    def picture(self, latents: Tensor, wanted: Box) -> RGB:
        """(H,W,3) uint8: the pixels of `wanted`; the rest is black.

        latents: (1,c,h,w) of the whole picture.
        """
        h, w = latents.shape[2:]
        image = self.decode_box(latents, wanted)[0].float()
        pixels = (image.clamp(-1, 1) + 1).mul(127.5).round().permute(1, 2, 0)
        picture: RGB = np.zeros((h * self.codec.scale, w * self.codec.scale, 3), np.uint8)
        picture[wanted.slices] = pixels.to("cpu", torch.uint8).numpy()
        return picture

    def _whole(self, image: Tensor) -> _Encoded:
        latents, layers = run_keeping(self.codec.encoding().steps, image, MAX_KEPT_BYTES)
        return _Encoded(image, latents, layers)

    def _changed_only(self, image: Tensor) -> _Encoded | None:
        """Encode from the most similar earlier canvas; None if that saves too little work."""
        near = self._nearest(image)
        if near is None:
            return None
        before, changed = near
        if not changed.any():
            return before
        steps = self.codec.encoding().steps
        boxes = _boxes(changed, self.codec.scale)
        if before.layers is None:
            return self._by_crops(image, before, [spread(steps, image, box) for box in boxes])
        if sum(work_changed(steps, image, box) for box in boxes) > MAX_WORK:
            return None
        layers = before.layers
        for box in boxes:
            layers = run_changed(steps, image, layers, box)
        return _Encoded(image, layers[-1], layers)

    def _by_crops(self, image: Tensor, before: _Encoded, reached: list[Box]) -> _Encoded | None:
        """Encode crops around the changes, for a canvas whose layers were not kept."""
        steps, boxes = self.codec.encoding().steps, _merged(reached)
        if sum(work_within(steps, image, box) for box in boxes) > MAX_WORK:
            return None
        latents = before.latents.clone()
        for box in boxes:
            latents[(..., *box.slices)] = run_within(steps, image, box)
        return _Encoded(image, latents, None)

    def _nearest(self, image: Tensor) -> tuple[_Encoded, npt.NDArray[np.bool_]] | None:
        """The most similar earlier canvas, and the (H,W) bool pixels that differ from it."""
        best: tuple[int, _Encoded, Tensor] | None = None
        for canvas in self._canvases:
            if canvas.image.shape != image.shape:
                continue
            differs = (canvas.image != image).any(1)[0]
            count = int(differs.sum())
            if best is None or count < best[0]:
                best = count, canvas, differs
        return None if best is None else (best[1], best[2].cpu().numpy())


def _boxes(changed: npt.NDArray[np.bool_], scale: int) -> list[Box]:
    """Boxes of changed pixels, one for each connected group of latent cells."""
    cells = token_mask(changed, scale)
    return [box.scale(scale) for box in boxes_of_parts(cells)]


def _merged(boxes: list[Box]) -> list[Box]:
    """Merge boxes until no two of them overlap."""
    apart: list[Box] = []
    for box in boxes:
        while touching := next((other for other in apart if box.overlaps(other)), None):
            apart.remove(touching)
            box = box.union(touching)
        apart.append(box)
    return apart
