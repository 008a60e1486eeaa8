"""Layers as things: lifted from their ground, moved, scaled, turned, mirrored."""

from __future__ import annotations

from functools import partial
from uuid import UUID

import numpy as np
from PySide6.QtCore import QObject, QPointF, Qt
from PySide6.QtGui import QImage

from app.canvas.handles import Guides
from app.canvas.placing import Held
from app.canvas.pyramid import screen_pixels
from app.canvas.view import CanvasView
from app.controllers.reblend import Reblend
from app.document.commands import change_edit
from app.document.cutouts import cutout_of, has_thing, is_cut_out, placed
from app.document.edit_stack import EditStack
from app.document.edits import Edit
from app.document.variants import VariantBrowser
from app.engine.estimate.calibration import CostCalibration
from app.engine.generation import Generation
from app.engine.lifts import Lifts
from app.system.background import in_background
from app.ui.messages import Messages
from lazydiff_core.contract import RGBA
from lazydiff_core.geometry.placement import Placement
from lazydiff_core.geometry.resample import resize_straight

_TOOL = "transform"
_SEEN = 32  # of 255: where a thing covers less, a click goes through it
_PREVIEW = 1600  # pixels: a larger thing is previewed reduced to this
_AT_ONCE = 1_000_000  # pixels that are sampled while the hand waits


class TransformController(QObject):
    """Gives the transform tool the layer to hold, and puts layers where it drops them.

    All that happens to a layer from when it is taken up until it is let go is one undo step.
    """

    def __init__(
        self,
        view: CanvasView,
        generation: Generation,
        browser: VariantBrowser,
        calibration: CostCalibration,
        messages: Messages,
    ) -> None:
        super().__init__(view)
        self._view, self._placing, self._document = view, view.placing, view.document
        self._generation, self._browser, self._messages = generation, browser, messages
        self.lifts = Lifts(self._document, generation)
        self.reblend = Reblend(self._document, generation, browser, calibration)
        self._edit: Edit | None = None
        self._step: object = object()  # what happens to one layer merges by it
        self._pushed = -1  # the history's index after the last of these steps
        # What was dropped before it is lifted, and from where to where.
        self._wish: tuple[UUID, Placement, Placement] | None = None
        self._as_a_whole: set[UUID] = set()  # what cannot be lifted moves with its ground
        placing = self._placing
        placing.picked.connect(self._pick)
        placing.clicked.connect(self._pick_above)
        placing.lifted.connect(self._show_without)
        placing.settled.connect(self._on_settled)
        placing.dropped.connect(self._drop)
        placing.cut_out_wanted.connect(self._lift_held)
        placing.finished.connect(partial(self._hold, None))
        placing.given_up.connect(self._give_up)
        view.tool_changed.connect(self._on_tool)
        browser.changed.connect(self._on_browser)
        self._document.edits_changed.connect(self._follow)
        self._document.reshaped.connect(self._follow)
        self.lifts.lifted.connect(browser.select)
        self.lifts.failed.connect(self._on_not_lifted)
        self.lifts.told.connect(messages.news)
        # Queued: layers are changed only after all have heard of the lift.
        for signal in (generation.state_changed, view.pointing.changed):
            signal.connect(self._grant, Qt.ConnectionType.QueuedConnection)

    # --- commands --------------------------------------------------------------------------------

    def transform(self) -> None:
        """Take up the layer that is browsed, or the topmost."""
        self._view.set_tool(_TOOL)
        self._view.setFocus()

    def lift(self) -> None:
        """Part the browsed layer's thing from its ground."""
        edit = self._browser.edit
        if edit is not None:
            self.lifts.ask(edit.id)

    def flip(self, *, upside_down: bool = False) -> None:
        """Mirror the browsed layer, left to right or top to bottom."""
        self.transform()
        held = self._placing.held
        if held is not None:
            self._placing.put(self._placing.placement.mirrored(upside_down=upside_down))

    def blend_rim(self) -> None:
        """Generate the rim of the browsed layer again, to fit where it lies now."""
        self.reblend.run()

    # --- what is held ----------------------------------------------------------------------------

    def _on_tool(self, name: str) -> None:
        self.reblend.watch(name == _TOOL)
        edit = self._candidate() if name == _TOOL else None
        if edit is None or self._browser.edit is edit:
            self._hold(edit)
        else:
            self._browser.select(edit.id)  # so that all see which is held

    def _on_browser(self) -> None:
        edit = self._browser.edit
        is_other = self._edit is None or edit is None or edit.id != self._edit.id
        if self._view.tool.name == _TOOL and edit is not None and edit.shows and is_other:
            self._hold(edit)

    def _candidate(self) -> Edit | None:
        edit = self._browser.edit
        if edit is not None and edit.shows:
            return edit
        return next((edit for edit in reversed(self._document.edits) if edit.shows), None)

    def _hold(self, edit: Edit | None) -> None:
        """Take up a layer, or let go of the one that is held."""
        self._step, self._pushed = object(), -1
        if edit is not None and self.lifts.awaited:  # what a lift that lands takes up is its own
            self._wish = None
        self._show(edit)

    def _follow(self) -> None:
        """The layers have changed: hold the same one as it is now."""
        if self._edit is None:
            return
        edit = next((e for e in self._document.edits if e.id == self._edit.id), None)
        if edit is not self._edit:
            self._show(edit if edit is not None and edit.shows else None)

    def _show(self, edit: Edit | None) -> None:
        self._edit = edit
        self._view.layers.clear_without()
        self._placing.hold(None if edit is None else self._held(edit))

    def _held(self, edit: Edit) -> Held:
        others = (
            other.box
            for other in self._document.edits
            if other.id != edit.id and other.shows and is_cut_out(other)
        )
        guides = Guides.of(self._document.box, others)
        if has_thing(edit) and edit.id not in self._as_a_whole:
            return Held(QImage(), edit.box.shape, Placement.on(edit.box), guides)
        cutout = cutout_of(edit)
        height, width = cutout.pixels.shape[:2]
        return Held(_image(cutout.pixels), (height, width), cutout.placement, guides)

    def _pick(self, point: QPointF) -> None:
        """Take up the topmost thing at a canvas point; let go where there is none."""
        edit = self._topmost(point)
        if edit is None or self._browser.edit is edit:
            self._hold(edit)
        else:
            self._browser.select(edit.id)

    def _pick_above(self, point: QPointF) -> None:
        """Take up the topmost thing at a canvas point if it lies over what is held."""
        held, edit = self._edit, self._topmost(point)
        if held is not None and edit is not None:
            below, above = self._index(held), self._index(edit)
            if below is not None and above is not None and above > below:
                self._browser.select(edit.id)

    def _topmost(self, point: QPointF) -> Edit | None:
        """The topmost thing at a canvas point, but a lifted one before the rim that covers it."""
        x, y = int(np.floor(point.x())), int(np.floor(point.y()))
        found = [edit for edit in reversed(self._document.edits) if _is_at(edit, x, y)]
        found.sort(key=lambda edit: edit.recipe is None or not is_cut_out(edit))  # stable
        return next(iter(found), None)

    # --- moving it -------------------------------------------------------------------------------

    def _show_without(self) -> None:
        edit = self._edit
        index = None if edit is None else self._index(edit)
        if edit is None or index is None:
            return
        stack = EditStack.under(self._document.pixels, self._document.edits, edit.box)
        self._view.layers.show_without(edit.box, stack.without(index).pixels())

    def _on_settled(self) -> None:
        self._wish = None
        self._view.layers.clear_without()

    def _drop(self, placement: Placement) -> None:
        edit, held = self._edit, self._placing.held
        if edit is None or held is None or self._index(edit) is None:
            return
        if not held.is_cut_out:
            self._wish = (edit.id, held.placement, placement)
            if self.lifts.awaited != edit.id:
                self._placing.put_back()
            return
        self._wish = None
        self._place(edit, placement)

    def _place(self, edit: Edit, placement: Placement) -> None:
        sample = partial(placed, edit, placement, self._document.box)
        box = placement.bounds(cutout_of(edit).pixels.shape).intersection(self._document.box)
        size = max(box.width * box.height, cutout_of(edit).pixels.size // 4)
        new = sample() if size <= _AT_ONCE else in_background(sample)
        if new is None:
            self._placing.put_back()
            self._messages.news(self.tr("There it would lie beyond the canvas."))
            return
        is_held = self._edit is edit
        step = self._step if is_held else None
        change_edit(self._document, self.tr("Transform"), new, step=step)
        if is_held:
            self._pushed = self._document.undo_stack.index()

    def _give_up(self) -> None:
        """Undo what has been done to the layer since it was taken up, and let go of it."""
        self._wish = None
        stack = self._document.undo_stack
        if stack.index() == self._pushed and stack.undoText() == self.tr("Transform"):
            stack.undo()
        self._hold(None)

    # --- lifting it ------------------------------------------------------------------------------

    def _lift_held(self) -> None:
        if self._edit is None or self.lifts.is_waiting:
            return
        if self._generation.info is None:
            self._messages.news(self.tr("The layer can be lifted once a model is loaded."))
            return
        self.lifts.ask(self._edit.id)

    def _grant(self) -> None:
        """Put what has been lifted where it was dropped before; put it back if it is not lifted."""
        if self._wish is None or self.lifts.awaited or self._view.is_busy:
            return
        (wanted, was, now), self._wish = self._wish, None
        edit = next((e for e in self._document.edits if e.id == wanted), None)
        if edit is not None and edit.shows and is_cut_out(edit):
            self._place(edit, cutout_of(edit).placement.followed(was, now))
        elif self._edit is edit:
            self._placing.put_back()

    def _on_not_lifted(self, edit_id: UUID) -> None:
        self._as_a_whole.add(edit_id)
        self._wish = None
        if self._edit is not None and self._edit.id == edit_id:
            self._show(self._edit)

    def _index(self, edit: Edit) -> int | None:
        places = (k for k, other in enumerate(self._document.edits) if other is edit)
        return next(places, None)


def _is_at(edit: Edit, x: int, y: int) -> bool:
    """Whether a canvas pixel shows the edit's thing; a ground without a prompt is no thing."""
    box, variant = edit.box, edit.variant
    inside = box.left <= x < box.right and box.top <= y < box.bottom
    if not edit.shows or variant is None or not inside:
        return False
    if variant.matte is None and edit.recipe is not None and not edit.recipe.settings.prompt:
        return False
    own = y - box.top, x - box.left
    return bool(edit.mask[own] and (variant.matte is None or variant.matte[own] >= _SEEN))


def _image(pixels: RGBA) -> QImage:
    """What the preview draws of a straight-alpha (h, w, 4) picture."""
    height, width = pixels.shape[:2]
    scale = min(1.0, _PREVIEW / max(height, width))
    if scale < 1:
        size = max(1, round(height * scale)), max(1, round(width * scale))
        pixels = resize_straight(pixels, size)
    shown = np.ascontiguousarray(screen_pixels(pixels))
    high, wide = shown.shape[:2]
    kind = QImage.Format.Format_ARGB32_Premultiplied
    return QImage(shown.data, wide, high, 4 * wide, kind).copy()
