"""How far a fill has come, and how the last one went."""

from __future__ import annotations

from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QLabel, QProgressBar, QSizePolicy, QVBoxLayout, QWidget

from app.ui.widgets import advance, configure
from lazydiff_core.contract import Progress

_LINES = 2


class ProgressPanel(QWidget):
    """A bar and two lines below it; both keep their place while there is nothing to show."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._bar = configure(QProgressBar(), name=self.tr("Progress"))
        self._bar.setTextVisible(False)
        kept = self._bar.sizePolicy()
        kept.setRetainSizeWhenHidden(True)
        self._bar.setSizePolicy(kept)
        self._line = configure(QLabel(), style="news")
        self._line.setWordWrap(True)
        self._line.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._line.setFixedHeight(_LINES * self._line.fontMetrics().lineSpacing() + 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(5)
        column.addWidget(self._bar)
        column.addWidget(self._line)
        self.rest("")

    @property
    def text(self) -> str:
        return self._line.text()

    def wait(self, text: str) -> None:
        """Something is going on whose end cannot be foreseen."""
        self._bar.setRange(0, 0)
        self._bar.show()
        self._line.setText(text)

    def show_progress(self, news: Progress) -> None:
        stages = {
            "text": self.tr("Reading the prompt"),
            "context": self.tr("Looking at the canvas"),
            "decode": self.tr("Decoding"),
            "blend": self.tr("Blending"),
        }
        if news.stage != "denoise" or not news.steps:
            self.wait(stages.get(news.stage, self.tr("Generating")))
            return
        advance(self._bar, news.step, news.steps)
        self._bar.show()
        line = self.tr("Step {} of {}").format(news.step, news.steps)
        if news.seconds_left is not None:
            line += self.tr(" · {} left").format(seconds(news.seconds_left))
        self._line.setText(line)

    def rest(self, text: str) -> None:
        """Nothing is going on."""
        self._bar.hide()
        self._bar.setRange(0, 1)
        self._line.setText(text)


def seconds(value: float) -> str:
    """A duration as people say it."""
    if value < 60:
        return f"{QLocale().toString(value, 'f', 1 if value < 10 else 0)} s"
    return f"{int(value) // 60} min {int(value) % 60:02d} s"
