"""What a decoder is told of a prompt's subject: a thing amid each hole, or a surface."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterator, Sequence
from typing import NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn import functional as F

from lazydiff_core.contract import RGB, Box, Mask
from lazydiff_core.geometry.box import bounding_box
from lazydiff_core.geometry.tokens import blob_boxes
from lazydiff_core.images.colour_names import Colour
from lazydiff_core.images.recolouring import recoloured
from lazydiff_core.model.autoencoders.latent_codec import LatentCodec
from lazydiff_core.model.files.config import LazyConfig
from lazydiff_core.model.references.lexicon import STYLES, Lexicon, Reference
from lazydiff_core.model.references.reference_latents import (
    Variation,
    covered,
    emphasised,
    grey,
    lay,
    side_in,
    surface_latents,
    varied,
    varied_extents,
)
from lazydiff_core.model.references.reference_text_encoder import Subject
from lazydiff_core.model.text.prompt import Told
from lazydiff_core.prompts.skin import TONES

KEPT = 64  # cells of things and surfaces, for other seeds and holes; 10 to 70 kB each
SURFACE_STYLE = 0  # the style under which surfaces are told
# A hole is large from this share of the window on, or where it runs from edge to edge of it:
# what may be a thing or a surface is a surface there.
LARGE = 0.3
STRIP = 4  # times as long as thick, a hole over half of the window is no place for a thing
MAX_THINGS = 9  # in one hole
MIDDLE = len(TONES) // 2
BESIDE = 1.15  # times smaller things may be for standing side by side
Pixels = npt.NDArray[np.float32]
Kept = TypeVar("Kept")


class _Thing(NamedTuple):
    """What is told of a thing: its cells (C,n,n), and its outline where detail is stressed."""

    cells: Tensor
    outline: Tensor | None


class Teller:
    """A lexicon and the autoencoder of its latents; keeps what it made last.

    stressed: the detail of things is stressed: for painting, not for training.
    """

    def __init__(
        self, codec: LatentCodec, lexicon: Lexicon, config: LazyConfig, *, stressed: bool = False
    ) -> None:
        self.codec, self.lexicon, self.config, self.stressed = codec, lexicon, config, stressed
        self._kept: dict[Hashable, _Thing] = {}
        self._surfaces: dict[Hashable, Tensor] = {}

    def told(self, subjects: Sequence[Subject], hole: Mask, seed: int) -> Told | None:
        """What a window with this hole (S,S) is told (batch of 1); None where the lexicon has no
        picture of the first subject.

        A surface fills the window; things share each blob of the hole, or have one each. The
        seed chooses their poses, and a surface's picture.
        """
        if not subjects:
            return None
        ground = self._ground(subjects[0], hole, seed)
        if ground is not None:
            return self._as_told(ground, SURFACE_STYLE)
        first = self._reference(subjects[0], seed)
        if first is None:
            return None
        window = self._nothing()
        for thing, box in self._things(subjects, hole, seed):
            lay(thing.cells, box, window, self.config.latent_scale)
        return self._as_told(window, first.style)

    def outline(self, subjects: Sequence[Subject], hole: Mask, seed: int) -> Pixels | None:
        """(S,S) in [0,1]: how much of each pixel the things cover that a window is told of, by one
        that stresses their detail; None where it is not told of things."""
        if not subjects or self._reference(subjects[0], seed) is None:
            return None
        if self._ground(subjects[0], hole, seed) is not None:
            return None
        scale = self.config.latent_scale
        window = self._nothing()[:1].expand(scale**2, -1, -1).clone()
        for thing, box in self._things(subjects, hole, seed):
            if thing.outline is not None:
                lay(F.pixel_unshuffle(thing.outline[None], scale), box, window, scale)
        return np.asarray(F.pixel_shuffle(window, scale)[0].numpy(), np.float32)

    def _things(
        self, subjects: Sequence[Subject], hole: Mask, seed: int
    ) -> Iterator[tuple[_Thing, Box]]:
        """What is known of the things, and the box that each lies amid."""
        things = things_of(subjects)
        for place, box in enumerate(places_of(len(things), hole, self.config.token_pixels)):
            k = place % len(things)
            one = things[k]
            reference = self._reference(one, seed + k)
            if reference is not None:
                pose = one.poses[(seed + k) % len(one.poses)]
                variation = Variation(pose, one.colour, one.native, one.second)
                yield self._thing(one, reference, variation, box), box

    def _reference(self, subject: Subject, seed: int) -> Reference | None:
        """The seed chooses a person's tone where the prompt says none; the first is the middle."""
        if not subject.thing:
            return None
        tone = TONES.index(subject.tone) if subject.tone else (seed + MIDDLE) % len(TONES)
        return self.lexicon.reference(subject.thing, subject.style, tone)

    def _thing(
        self, subject: Subject, reference: Reference, variation: Variation, box: Box
    ) -> _Thing:
        side = side_in(box, varied_extents(reference, variation), self.config)
        key = subject.thing, reference.style, reference.tone, variation, side
        if key not in self._kept:
            cells = varied(self.codec, reference, variation, side)
            stressed = emphasised(self.codec, cells) if self.stressed else (cells, None)
            _keep(self._kept, key, _Thing(*stressed))
        return self._kept[key]

    def _ground(self, subject: Subject, hole: Mask, seed: int) -> Tensor | None:
        """(C,h,w): the picture of a surface, its foot at the hole's."""
        if not subject.surface or (subject.thing and not is_large(hole)):
            return None
        colour = None if subject.native else subject.colour
        key = subject.surface, seed, colour
        if key not in self._surfaces:
            latents = self.lexicon.surface(subject.surface, seed)
            if latents is None:
                return None
            if colour is not None:
                latents = _in_colour(self.codec, latents, colour)
            _keep(self._surfaces, key, latents)
        window = self._nothing()
        scale, token = self.config.latent_scale, self.config.token_pixels
        foot = -(-bounding_box(hole).bottom // token) * token // scale
        latents = self._surfaces[key][
            :, -window.shape[1] :, : window.shape[2]
        ]  # a crop's is smaller
        window[:, :foot] = covered(latents)[:, latents.shape[1] - foot :]
        return window

    def picture(self, picture: RGB) -> Told:
        """What a window is told that is to look like this one, (S,S,3), all over."""
        return self._as_told(covered(surface_latents(self.codec, picture)[0]), SURFACE_STYLE)

    def _nothing(self) -> Tensor:
        cells = self.config.side // self.config.latent_scale
        return torch.zeros(self.config.latent_channels + 1, cells, cells)

    def _as_told(self, window: Tensor, style: int) -> Told:
        styles = torch.zeros(1, len(STYLES))
        styles[0, style] = 1
        return Told(window[None], styles)


def _keep(kept: dict[Hashable, Kept], key: Hashable, made: Kept) -> None:
    if len(kept) >= KEPT:
        kept.pop(next(iter(kept)))  # the oldest
    kept[key] = made


def things_of(subjects: Sequence[Subject]) -> list[Subject]:
    """What a hole shows, one for each thing."""
    return [one for one in subjects for _ in range(one.count)][:MAX_THINGS]


def frames_in_shares(
    count: int, hole: Mask, tokens: Mask, token_pixels: int
) -> npt.NDArray[np.float32]:
    """`token_frames` where so many things are in the hole, in their places.

    Each token lies in the place nearest to it, as if that were a hole of its own.
    """
    boxes = places_of(count, hole, token_pixels)
    left, top, right, bottom = (
        np.array([getattr(box, edge) for box in boxes], np.float64)[:, None]
        for edge in ("left", "top", "right", "bottom")
    )
    rows, columns = np.nonzero(tokens)
    x, y = (columns + 0.5) * token_pixels, (rows + 0.5) * token_pixels
    across = np.maximum(np.maximum(left - x, x - right), 0)
    down = np.maximum(np.maximum(top - y, y - bottom), 0)
    nearest = np.hypot(across, down).argmin(axis=0)
    wide, high = (right - left)[nearest, 0], (bottom - top)[nearest, 0]
    x = x - (left + right)[nearest, 0] / 2
    y = y - (top + bottom)[nearest, 0] / 2
    short, side = np.minimum(wide, high), hole.shape[0]
    frames = (x / wide, y / high, x / short, y / short, np.log2(wide / side), np.log2(high / side))
    return np.stack(frames, axis=1).astype(np.float32)


def places_of(count: int, hole: Mask, token_pixels: int) -> list[Box]:
    """Where so many things are to be, in turns: from left to right where each has a blob of the
    hole of its own, else all of them in each blob."""
    blobs = blob_boxes(hole, token_pixels)
    if len(blobs) == count:
        return sorted(blobs, key=lambda box: (box.left, box.top))
    return [box for blob in blobs for box in shared(blob, count)]


def shared(box: Box, count: int) -> list[Box]:
    """A box shared by so many things: rows of boxes as square as may be, the last row centred.

    Where it makes them little smaller, more of them stand side by side.
    """
    sides = [min(box.width / n, box.height / math.ceil(count / n)) for n in range(1, count + 1)]
    columns = max(n for n, side in enumerate(sides, 1) if side * BESIDE >= max(sides))
    rows = math.ceil(count / columns)
    wide, high = box.width / columns, box.height / rows
    boxes = []
    for k in range(count):
        row, column = divmod(k, columns)
        missing = columns * rows - count if row == rows - 1 else 0
        left, top = box.left + (column + missing / 2) * wide, box.top + row * high
        boxes.append(Box(round(left), round(top), round(left + wide), round(top + high)))
    return boxes


def is_large(hole: Mask) -> bool:
    """Whether a hole asks for a surface rather than for a thing."""
    box = bounding_box(hole)
    across = box.width == hole.shape[1] or box.height == hole.shape[0]
    short, long = sorted((box.width, box.height))
    strip = long >= STRIP * short and long >= hole.shape[0] / 2
    return across or strip or float(hole.mean()) >= LARGE


@torch.no_grad()
def _in_colour(codec: LatentCodec, latents: Tensor, colour: Colour) -> Tensor:
    """The same surface in another colour: decoded, recoloured, encoded again."""
    side = latents.shape[-1] * codec.scale
    here = next(codec.parameters())
    shown = codec.decode(latents[None].to(here) + grey(codec, side))[0].float().clamp(-1, 1)
    pixels = np.asarray((shown.cpu().permute(1, 2, 0).numpy() + 1) / 2, np.float32)
    painted = recoloured(pixels, np.ones(pixels.shape[:2], np.float32), colour)
    return surface_latents(codec, np.rint(painted * 255).astype(np.uint8))[0]
