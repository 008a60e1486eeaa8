"""Which hue, saturation and brightness a layer is to have."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from app.document.colour_shift import ColourShift
from app.ui.dial import Dial
from app.ui.live_dialog import LiveDialog
from app.ui.translation import translate


class ColourShiftDialog(LiveDialog):
    """Three dials, whose effect is seen at once."""

    def __init__(self, show: Callable[[ColourShift], None], parent: QWidget | None = None) -> None:
        super().__init__(translate("ColourShiftDialog", "Hue, saturation, brightness"), parent)
        self.hue = _dial(self.tr("Hue"), 180, self.tr("Degrees around the color circle"))
        self.saturation = _dial(self.tr("Saturation"), 100, self.tr("Percent; -100 leaves grays"))
        self.brightness = _dial(
            self.tr("Brightness"), 100, self.tr("Percent; -100 is black, 100 is white")
        )
        self.lay_out(
            {
                self.tr("Hue"): self.hue,
                self.tr("Saturation"): self.saturation,
                self.tr("Brightness"): self.brightness,
            }
        )
        self.changed.connect(lambda: show(self.chosen()))

    def chosen(self) -> ColourShift:
        dials = (self.hue, self.saturation, self.brightness)
        return ColourShift(*(round(dial.value) for dial in dials))


def _dial(name: str, most: int, tip: str) -> Dial:
    dial = Dial(name, -most, most)
    dial.setToolTip(tip)
    return dial
