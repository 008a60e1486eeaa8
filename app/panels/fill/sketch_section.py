"""Colours to sketch with, and how far a fill leaves the sketch behind."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QImage, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from app.document.brush_colours import BrushColours
from app.document.document import Document
from app.panels.fill.colour_swatches import Colours
from app.panels.fill.setting_dial import setting_dial
from app.panels.fill.sketch_preview import noised_start
from app.ui.widgets import configure, labelled
from lazydiff_core.contract import RGB

USUAL_STRENGTH = 0.7
_PREVIEW = 72
_REST_MS = 120
_SKETCHING = {"sketch", "sketch-eraser", "picker"}


class SketchPanel(QWidget):
    """The sketch is a guide of its own: it is painted beside the mask, and counts within it."""

    wanted = Signal()  # a tool that sketches has been taken up

    def __init__(
        self, document: Document, colours: BrushColours, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._document = document
        self.colours = Colours(colours)
        self.strength = setting_dial("strength", self.tr("Strength"))
        self.strength.setToolTip(
            self.tr("0 keeps the sketch as it is, 1 ignores it: how much noise is laid over it.")
        )
        self.strength.set_value(USUAL_STRENGTH)
        self._picture = configure(
            QLabel(),
            name=self.tr("What the fill starts from"),
            tip=self.tr("The sketch under the noise that generation begins with."),
        )
        self._words = configure(QLabel(), style="dim")
        self._words.setWordWrap(True)
        self._words.setAlignment(Qt.AlignmentFlag.AlignVCenter)
        self._buttons = QHBoxLayout()
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._lay_out()
        self._connect(document)
        self._explain()

    def follow_tool(self, name: str) -> None:
        """Be there for the tools that sketch."""
        if name in _SKETCHING:
            self.wanted.emit()

    def _lay_out(self) -> None:
        explained = QHBoxLayout()
        explained.setSpacing(10)
        explained.addWidget(self._picture)
        explained.addWidget(self._words, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.colours)
        column.addLayout(labelled({self.tr("Strength"): self.strength}))
        column.addLayout(explained)
        column.addStretch(1)

    def _connect(self, document: Document) -> None:
        self._rest.timeout.connect(self._explain)
        self.strength.changed.connect(self._explain)
        for signal in (document.sketch_changed, document.mask_changed, document.reshaped):
            signal.connect(self._wait)

    def add_buttons(self, *actions: QAction) -> None:
        """Commands on the sketch as a whole, at the right of the colours."""
        for action in actions:
            button = configure(QToolButton(), name=action.text().rstrip("…"))
            button.setDefaultAction(action)
            button.setIconSize(QSize(18, 18))
            self.colours.tools.addWidget(button)

    @property
    def explanation(self) -> str:
        return self._words.text()

    def _wait(self) -> None:
        """Strokes come in bursts; the explanation can wait until the pen rests."""
        self._rest.start()

    def _explain(self) -> None:
        """Show what a fill would start from now, and say what that means."""
        document, guide, strength = self._document, self._document.sketch, self.strength.value
        if guide is None or not document.has_sketch:
            self._picture.hide()
            self._words.setText(
                self.tr(
                    "Paint with the sketch brush: within the mask, a fill starts from its colors."
                )
            )
            return
        picture, counts = noised_start(
            document.pixels, document.mask, guide, strength, 2 * _PREVIEW
        )
        self._picture.setPixmap(_pixmap(picture))
        self._picture.setVisible(counts)
        self._words.setText(self._meaning(strength) if counts else self._missing())

    def _missing(self) -> str:
        if self._document.has_mask:
            return self.tr("None of the sketch lies in the mask, so it is ignored.")
        return self.tr("Now brush the mask over it: only what lies in the mask counts.")

    def _meaning(self, strength: float) -> str:
        if strength >= 1:
            return self.tr("Ignores the sketch (100%)")
        said = (
            (0.3, self.tr("Keeps colors and shapes ({}%)")),
            (0.6, self.tr("Keeps the colors, changes the shapes ({}%)")),
            (0.85, self.tr("Keeps the colors, invents the shapes ({}%)")),
        )
        faint = self.tr("Keeps only a hint of the colors ({}%)")
        words = next((words for most, words in said if strength <= most), faint)
        return words.format(round(100 * strength))


def _pixmap(pixels: RGB) -> QPixmap:
    height, width, _ = pixels.shape
    image = QImage(pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888)
    smooth = Qt.TransformationMode.SmoothTransformation
    return QPixmap.fromImage(
        image.scaled(_PREVIEW, _PREVIEW, Qt.AspectRatioMode.KeepAspectRatio, smooth)
    )
