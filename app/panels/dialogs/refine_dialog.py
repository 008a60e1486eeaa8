"""How the border of the mask is to change."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QCheckBox, QWidget

from app.document.mask_shapes import MAX_PIXELS, Refinement
from app.ui.dial import Dial
from app.ui.live_dialog import LiveDialog
from app.ui.translation import translate
from app.ui.widgets import configure

_SLIDER = 50


class RefineDialog(LiveDialog):
    """Follow the edges of the picture, smooth, grow or shrink, feather."""

    def __init__(self, show: Callable[[Refinement], None], parent: QWidget | None = None) -> None:
        super().__init__(translate("RefineDialog", "Refine edge"), parent)
        self.snap = configure(
            QCheckBox(self.tr("Follow edges")),
            name=self.tr("Follow edges"),
            tip=self.tr("Move the border to edges of the picture that are near to it"),
        )
        self.smooth = _dial(self.tr("Smooth"), 0, self.tr("Round corners and drop specks"))
        self.grow = _dial(self.tr("Grow"), -MAX_PIXELS, self.tr("Below 0 the mask shrinks"))
        self.feather = _dial(self.tr("Feather"), 0, self.tr("Let the border fade out"))
        self.lay_out(
            {
                self.tr("Smooth"): self.smooth,
                self.tr("Grow"): self.grow,
                self.tr("Feather"): self.feather,
            },
            self.snap,
        )
        self.snap.toggled.connect(self.wait)
        self.changed.connect(lambda: show(self.chosen()))

    def chosen(self) -> Refinement:
        pixels = (round(dial.value) for dial in (self.smooth, self.grow, self.feather))
        return Refinement(self.snap.isChecked(), *pixels)


def _dial(name: str, low: int, tip: str) -> Dial:
    dial = Dial(name, low, MAX_PIXELS, slider_low=-_SLIDER if low else 0, slider_high=_SLIDER)
    dial.setToolTip(tip)
    return dial
