"""The model's input for a request: the window around the hole, with the hole blank."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from lazydiff_core.backends.protocols import ModelInput
from lazydiff_core.contract import RGB, Box, EditRequest, EngineInfo, Mask, Pixels, Scope
from lazydiff_core.engine.control_pictures import ControlPicture
from lazydiff_core.engine.transparency import SOLID, WHITE, ground_for
from lazydiff_core.geometry.box import bounding_box
from lazydiff_core.geometry.pieces import pieces_of
from lazydiff_core.geometry.pixels import alpha_of, cover_of, over_grey, painted_over
from lazydiff_core.geometry.resample import cut, cut_mask, fill_from_nearest
from lazydiff_core.geometry.tokens import border_reach, with_border
from lazydiff_core.geometry.window import Window, choose_window

BLANK = 127  # value of blank hole pixels: the middle of the range
BLEND_MARGIN = 4  # canvas pixels around the hole that the blender looks at
_RESAMPLED = 3  # window pixels on either side of what is scaled that count, and their rounding


@dataclass(frozen=True, eq=False)
class ModelCrop:
    """A hole prepared for the model.

    box:    the hole's bounding box on the canvas.
    window: the square of the canvas that the model looks at.
    input:  pixels and mask in the window.
    ground: the grey, 0..255, that transparent pixels of the canvas are seen over.
    key:    hash of the input; equal inputs of different canvases have the same key.
    """

    box: Box
    window: Window
    input: ModelInput
    key: bytes
    ground: int = WHITE


def pieces_for_model(mask: Mask, scope: Scope, info: EngineInfo) -> list[Box]:
    """The parts of an (H,W) hole to fill in turn, nearly always one; EmptyMaskError without any."""
    hole = bounding_box(mask)
    return pieces_of(mask, hole, info.native_side, info.token_pixels, info.framing, scope)


def crop_for_model(
    image: Pixels,
    mask: Mask,
    scope: Scope,
    info: EngineInfo,
    piece: Box | None = None,
    *,
    edit: bool = False,
    references: tuple[RGB, ...] = (),
    control: ControlPicture | None = None,
) -> ModelCrop:
    """The crop of an (H,W,3 or 4) canvas for an (H,W) hole; EmptyMaskError without any.

    piece: the part of the hole that is filled now; what of the hole lies beside it is blank, too.
    edit:  let the model see what the mask covers.
    references: as in ModelInput.
    control: what of a picture is to be followed.
    """
    box = bounding_box(mask) if piece is None else piece
    window = choose_window(box, mask.shape, info.native_side, info.framing, scope)
    seen = window.box.clip(Box.of(mask.shape)).slices
    ground = ground_for(image[seen], mask[seen])
    model_input = _with_border(input_of(image, mask, window, ground), window, mask, info)
    model_input = replace(
        model_input,
        inside=_inside(image, mask, window),
        before=_before(image, window, ground) if edit else None,
        references=references,
        control=None if control is None else control.within(window),
        margin=_margin(window.scale),
    )
    return ModelCrop(box, window, model_input, _key(model_input), ground)


def _margin(scale: float) -> int:
    """Window pixels around the hole that are looked at, so many of them a canvas pixel."""
    return BLEND_MARGIN if scale == 1 else math.ceil(BLEND_MARGIN * scale) + _RESAMPLED


def _key(model_input: ModelInput) -> bytes:
    key = hashlib.blake2b(digest_size=16)
    key.update(model_input.image.tobytes())
    key.update(np.packbits(model_input.mask).tobytes() + repr(model_input.margin).encode())
    if model_input.inside is not None:
        key.update(np.packbits(model_input.inside).tobytes())
    before = () if model_input.before is None else (model_input.before,)
    for picture in (*before, *model_input.references):
        key.update(repr((len(before), picture.shape)).encode() + picture.tobytes())
    control = model_input.control
    if control is not None:
        key.update(repr((control.key, control.strength)).encode() + control.picture.tobytes())
    return key.digest()


def _before(image: Pixels, window: Window, ground: int) -> RGB:
    """(S,S,3) uint8: the window as it is, the hole's pixels included."""
    area = window.box.clip(Box.of(image.shape))
    return cut(
        over_grey(image[area.slices], ground), Window(window.box.relative_to(area), window.side)
    )


def input_of(image: Pixels, mask: Mask, window: Window, ground: int = WHITE) -> ModelInput:
    """The pixels and mask of a window, with the hole blank."""
    hole = cut_mask(mask, window)
    seen = cut(*_blanked(image, mask, window, ground))
    seen[hole] = BLANK
    return ModelInput(seen, hole)


def _with_border(seen: ModelInput, window: Window, mask: Mask, info: EngineInfo) -> ModelInput:
    """What the model looks at, the hole as wide as the blender needs it."""
    reach = border_reach(info.token_pixels, window.scale, info.computed)
    canvas = cut_mask(np.ones_like(mask), window)
    hole = with_border(seen.mask, canvas, info.token_pixels, reach)
    image = seen.image.copy()
    image[hole] = BLANK
    return ModelInput(image, hole)


def _inside(image: Pixels, mask: Mask, window: Window) -> Mask | None:
    """(S,S) bool, False where the window shows no picture (ModelInput.inside)."""
    area = window.box.clip(Box.of(mask.shape))
    part, moved = image[area.slices], Window(window.box.relative_to(area), window.side)
    inside = cut_mask(np.ones(area.shape, np.bool_), moved)
    alpha = alpha_of(part)
    if alpha is not None:
        inside &= ~cut_mask((alpha < SOLID) & ~mask[area.slices], moved)
    return None if inside.all() else inside


def _blanked(image: Pixels, mask: Mask, window: Window, ground: int) -> tuple[RGB, Window]:
    """A copy of the canvas under the window without the hole's pixels, and the window on that copy.

    Enlarging mixes neighbouring pixels, and beyond the canvas its edge is repeated. Neither old
    pixels nor blank grey may leak that way, so the hole takes the colours of its nearest visible
    pixels in these cases.
    """
    area = window.box.clip(Box.of(mask.shape))
    part, hole = over_grey(image[area.slices], ground).copy(), mask[area.slices]
    part[hole] = BLANK
    if window.scale > 1 or area != window.box:
        part = fill_from_nearest(part, hole)
    return part, Window(window.box.relative_to(area), window.side)


def cut_sketch(
    request: EditRequest, window: Window, ground: int = WHITE
) -> npt.NDArray[np.float32] | None:
    """What generation starts from, as the model sees it; None where no sketch is to be used.

    (S,S,4) float32 in [0,1]: colours, and the hole as their cover. What the sketch leaves bare of
    the hole shows the picture beneath: a start from grey would leave mud around every stroke.
    """
    if request.sketch is None or request.settings.strength >= 1:
        return None
    area = window.box.clip(Box.of(request.mask.shape))
    sketch, hole = request.sketch[area.slices], request.mask[area.slices]
    if not (sketch[..., 3] * hole).any():
        return None
    start = painted_over(over_grey(request.image[area.slices], ground), sketch)
    # Scaled as colour x cover: what lies outside the mask must not colour the rim.
    cover = np.repeat(cover_of(hole)[..., None], 3, axis=2)
    moved = Window(window.box.relative_to(area), window.side)
    paint, cover = cut(np.where(cover > 0, start, np.uint8(0)), moved), cut(cover, moved)
    colour = np.minimum(paint / np.maximum(cover, 1).astype(np.float32), np.float32(1))
    return np.concatenate([colour, cover[..., :1] / np.float32(255)], axis=2)
