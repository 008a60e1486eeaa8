"""The colours of sketch and paint: the one in use, the one behind it, swatches."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from app.document.brush_colours import MAX_RECENT, SWATCHES, BrushColours, RGBColour
from app.ui.icons import set_icon
from app.ui.translation import translate
from app.ui.widgets import configure

_IN_A_ROW = 8
_SWATCH = 26
_WELL = 34


class ColourButton(QToolButton):
    """A square of one colour; the hue must be seen as it is, so the theme does not touch it."""

    def __init__(self, side: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._colour: RGBColour = (0, 0, 0)
        self.setFixedSize(QSize(side, side))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    @property
    def colour(self) -> RGBColour:
        return self._colour

    def show_colour(self, colour: RGBColour) -> None:
        self._colour = colour
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        role = QPalette.ColorRole.Accent if self._is_pointed_at() else QPalette.ColorRole.Mid
        painter.setPen(QPen(self.palette().color(role), 2 if self._is_pointed_at() else 1))
        painter.setBrush(QColor(*self._colour))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5), 4, 4)
        painter.end()

    def _is_pointed_at(self) -> bool:
        return self.underMouse() or self.hasFocus()


class Colours(QWidget):
    """Two wells, swap and default, and a grid of swatches with the latest colours below."""

    chooser_wanted = Signal()
    swap_wanted = Signal()
    reset_wanted = Signal()

    def __init__(self, colours: BrushColours, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._colours = colours
        self.well = configure(
            ColourButton(_WELL),
            name=self.tr("Color"),
            tip=self.tr("The color of sketch and paint: click to choose another."),
        )
        self.other = configure(
            ColourButton(_WELL - 8),
            name=self.tr("Other color"),
            tip=self.tr("The other color: click to use it."),
        )
        self.swap = _small("swap", self.tr("Swap colors"))
        self.reset = configure(
            QToolButton(),
            name=self.tr("Black and white"),
            tip=self.tr("Black and white"),
        )
        set_icon(self.reset, "black-white")
        self.swatches = [ColourButton(_SWATCH) for _ in SWATCHES]
        self.recent = [ColourButton(_SWATCH) for _ in range(MAX_RECENT)]
        self._lay_out()
        self._connect()
        self._show()

    def _lay_out(self) -> None:
        wells = QHBoxLayout()
        wells.setSpacing(6)
        for widget in (self.well, self.other, self.swap, self.reset):
            wells.addWidget(widget)
        self.tools = wells
        wells.addStretch(1)
        grid = QGridLayout()
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(4)
        for number, button in enumerate([*self.swatches, *self.recent]):
            grid.addWidget(button, number // _IN_A_ROW, number % _IN_A_ROW)
        grid.setColumnStretch(_IN_A_ROW, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(wells)
        column.addLayout(grid)

    def _connect(self) -> None:
        colours = self._colours
        colours.changed.connect(self._show)
        self.well.clicked.connect(self.chooser_wanted)
        self.other.clicked.connect(self.swap_wanted)
        self.swap.clicked.connect(self.swap_wanted)
        self.reset.clicked.connect(self.reset_wanted)
        for button in (*self.swatches, *self.recent):
            button.clicked.connect(partial(self._use, button))
        for button, colour in zip(self.swatches, SWATCHES, strict=True):
            _name(button, colour)
        for button in self.recent:
            configure(button, name=self.tr("Recent color"), tip=self.tr("Nothing painted yet"))

    def _use(self, button: ColourButton, _checked: bool = False) -> None:
        self._colours.use(button.colour)

    def _show(self) -> None:
        self.well.show_colour(self._colours.colour)
        self.other.show_colour(self._colours.other)
        latest = self._colours.recent
        for number, button in enumerate(self.recent):
            button.setVisible(number < len(latest))
            if number < len(latest):
                _name(button, latest[number])


def _name(button: ColourButton, colour: RGBColour) -> None:
    button.show_colour(colour)
    words = QColor(*colour).name()
    configure(button, name=translate("Colours", "Color {}").format(words), tip=words)


def _small(icon: str, text: str) -> QToolButton:
    button = configure(QToolButton(), name=text, tip=text)
    button.setIconSize(QSize(18, 18))
    set_icon(button, icon)
    return button
