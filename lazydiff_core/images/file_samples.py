"""From the pixels of the canvas to the samples that a file gets."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image

from lazydiff_core.contract import RGB, Cover, Pixels
from lazydiff_core.geometry.pixels import over_grey
from lazydiff_core.images.colour import from_srgb, scaled, to_srgb
from lazydiff_core.images.formats import Format
from lazydiff_core.images.picture import COLOURS, ColourModel, Original, Picture, Samples


@dataclass(frozen=True, eq=False)
class FileSamples:
    """samples: (H, W, C), alpha last if C is one more than the model has. icc: their profile."""

    samples: Samples
    model: ColourModel
    icc: bytes

    @property
    def has_alpha(self) -> bool:
        return bool(self.samples.shape[2] > COLOURS[self.model])

    def image(self) -> Image.Image:
        """As Pillow's image; 8 bits a channel only."""
        mode = self.model + ("A" if self.has_alpha else "")
        height, width, _ = self.samples.shape
        return Image.frombytes(mode, (width, height), np.ascontiguousarray(self.samples).data)


def file_samples(pixels: Pixels | Cover, source: Picture | None, form: Format) -> FileSamples:
    """What a file of this format gets of (H, W, 3), (H, W, 4) or grey (H, W) uint8 sRGB pixels.

    source: see `writing.encode`. If its size is another one, its colours and depth are kept, but
            every pixel is converted.
    """
    if pixels.ndim == 2:
        return FileSamples(pixels[..., None], "L", b"")
    if not form.alpha:
        pixels = over_grey(pixels, 255)
    colours, alpha = pixels[..., :3], pixels[..., 3:]
    if source is None or source.original is None:
        icc = source.metadata.icc if source else b""
        return FileSamples(pixels, "RGB", icc)
    own = _in_model(source.original, source.metadata.icc, colours, form)
    dtype = form.depth_for(own.samples.dtype.itemsize * 8)
    is_placed = pixels.shape[:2] == source.pixels.shape[:2]
    kept = scaled(own.samples, dtype) if is_placed else None
    count = COLOURS[own.model]
    if kept is None:
        samples = from_srgb(colours, own.model, own.icc, dtype)
        changed = np.ones(samples.shape[:2], np.bool_)
    else:
        samples = kept[..., :count].copy()
        changed = (colours != source.pixels[..., :3]).any(axis=2)
        samples[changed] = from_srgb(colours[changed][None], own.model, own.icc, dtype)[0]
    if alpha.shape[2]:
        made = scaled(alpha, dtype)
        if kept is not None and kept.shape[2] > count:
            same = ~changed[..., None] & (alpha == source.pixels[..., 3:])
            made = np.where(same, kept[..., count:], made)
        samples = np.concatenate([samples, made], axis=2)
    return FileSamples(samples, own.model, own.icc)


def _in_model(original: Original, icc: bytes, colours: RGB, form: Format) -> FileSamples:
    """The original's samples in a model that the format has, and that has these colours."""
    samples, model = original.samples, original.model
    keeps = model in form.models and (model != "L" or _is_grey(colours))
    if model == "L" and original.has_alpha:
        keeps = keeps and original.bits in form.grey_alpha
    if keeps:
        return FileSamples(samples, model, icc)
    count = COLOURS[model]
    rgb = to_srgb(samples[..., :count], model, icc, samples.dtype)
    return FileSamples(np.concatenate([rgb, samples[..., count:]], axis=2), "RGB", b"")


def _is_grey(colours: RGB) -> bool:
    return bool(np.array_equal(colours[..., 0], colours[..., 1])) and bool(
        np.array_equal(colours[..., 1], colours[..., 2])
    )
