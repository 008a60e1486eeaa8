"""The tokens that a fill of the mask would compute, estimated while the artist brushes."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from app.document.document import Document
from lazydiff_core.contract import EngineInfo, Mask, Scope, Tokens
from lazydiff_core.geometry.box import EMPTY, Box, Edges, bounds_of
from lazydiff_core.geometry.mask_blocks import MaskBlocks
from lazydiff_core.geometry.pieces import pieces_of
from lazydiff_core.geometry.tokens import blend_ring, border_reach, computed_tokens
from lazydiff_core.geometry.window import choose_window

_EVERY_MS = 60


@dataclass(frozen=True, eq=False)
class TokenEstimate:
    """The tokens of a fill, exactly as the engine will choose them (ADR 0019).

    grid:       (n, n) bool, True = computed.
    first, end: (n,) first and end pixel of each column of tokens on the canvas, relative to
                `left`; the same for rows, relative to `top`.
    further:    the same for the other pieces of a hole that is filled piece by piece.
    """

    grid: Mask
    left: int
    top: int
    first: Edges
    end: Edges
    further: tuple[TokenEstimate, ...] = ()

    def is_aligned(self, other: TokenEstimate) -> bool:
        """Whether both estimates have the same token grid on the canvas."""
        same_place = (self.left, self.top) == (other.left, other.top)
        single = not (self.further or other.further)
        return single and same_place and np.array_equal(self.end, other.end)

    def box_around(self, tokens: Mask) -> Box:
        """The box of canvas pixels around (n, n) bool tokens; may exceed the canvas."""
        found = bounds_of(tokens)
        if found.is_empty:
            return EMPTY
        left, top = int(self.first[found.left]), int(self.first[found.top])
        right, bottom = int(self.end[found.right - 1]), int(self.end[found.bottom - 1])
        return Box(left, top, right, bottom).shift(self.left, self.top)

    @property
    def ring(self) -> float:
        """The depth of the blend ring in canvas pixels."""
        return blend_ring(int(self.end[-1]) / self.end.size)

    @property
    def tokens(self) -> Tokens:
        grids = [each.grid for each in (self, *self.further)]
        return Tokens(sum(grid.size for grid in grids), sum(int(grid.sum()) for grid in grids))


def _meets(first: Edges, end: Edges, length: int) -> Mask:
    """(n,) bool: the rows or columns of tokens that overlap the canvas."""
    return (first < length) & (end > 0)


def estimated(
    mask: Mask, info: EngineInfo, scope: Scope, blocks: MaskBlocks | None = None
) -> TokenEstimate:
    """The tokens of a fill of an (H, W) mask, which has some pixels. blocks: of it, if known."""
    blocks = blocks or MaskBlocks(mask)
    hole, side, token = blocks.bounds(), info.native_side, info.token_pixels
    pieces = pieces_of(mask, hole, side, token, info.framing, scope)
    if len(pieces) == 1:
        return _of_piece(hole, mask.shape, info, scope, blocks, Box.of(mask.shape))
    found = []
    for number, piece in enumerate(pieces):
        seen = choose_window(piece, mask.shape, side, info.framing, scope).box
        area = seen.intersection(Box.of(mask.shape))
        left = mask[area.slices].copy()
        for done in pieces[:number]:
            if done.overlaps(area):
                left[done.intersection(area).relative_to(area).slices] = False
        found.append(_of_piece(piece, mask.shape, info, scope, MaskBlocks(left), area))
    return replace(found[0], further=tuple(found[1:]))


def _of_piece(
    piece: Box,
    size: tuple[int, int],
    info: EngineInfo,
    scope: Scope,
    blocks: MaskBlocks,
    area: Box,
) -> TokenEstimate:
    """blocks: of what is left of the hole, from the corner of `area` of the canvas on."""
    window = choose_window(piece, size, info.native_side, info.framing, scope)
    reach = border_reach(info.token_pixels, window.scale, info.computed)
    first, end = window.spans(info.token_pixels)
    near, far = window.spans(info.token_pixels, reach)
    left, top = window.box.left, window.box.top
    x, y = left - area.left, top - area.top
    holes = blocks.any_in(y + near, y + far, x + near, x + far)
    holes &= _meets(top + first, top + end, size[0])[:, None]
    holes &= _meets(left + first, left + end, size[1])
    return TokenEstimate(computed_tokens(holes, info.computed), left, top, first, end)


class TokenEstimator(QObject):
    """Updates the estimate shortly after each change of the mask, at a limited rate."""

    changed = Signal(object)  # TokenEstimate; None without a mask or a model

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._blocks = MaskBlocks(document.mask)
        self._info: EngineInfo | None = None
        self._scope: Scope = "auto"
        self.estimate: TokenEstimate | None = None
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_EVERY_MS)
        self._soon.timeout.connect(self.update)
        document.region_changed.connect(self._on_region)
        document.reshaped.connect(self._start_over)

    def use(self, info: EngineInfo) -> None:
        """Use this model from now on."""
        self._info = info
        self.update()

    def set_scope(self, scope: Scope) -> None:
        """Set how much of the canvas the next fill sees."""
        self._scope = scope
        self.update()

    def update(self) -> None:
        """Estimate the tokens of the current mask."""
        self._soon.stop()
        self.estimate = self._found()
        self.changed.emit(self.estimate)

    def _found(self) -> TokenEstimate | None:
        if self._info is None or self._blocks.bounds().is_empty:
            return None
        return estimated(self._document.mask, self._info, self._scope, self._blocks)

    def _on_region(self, box: Box) -> None:
        self._blocks.refresh(box)
        if not self._soon.isActive():
            self._soon.start()

    def _start_over(self) -> None:
        self._blocks.show(self._document.mask)
        self.update()
