"""The line at the bottom: what is shown, what generates, how the last fill went; messages."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QUndoStack
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStatusBar, QToolButton, QWidget

from app.panels.fill.progress import seconds
from app.ui.messages import Messages
from app.ui.sentences import in_words
from app.ui.widgets import configure
from lazydiff_core.contract import CONTENT_AWARE, EditResult, EngineInfo

_HEIGHT = 32  # points: what a message with a button needs


class StatusLine(QStatusBar):
    """Canvas at the left, the last fill in the middle, model and device at the right.

    A message takes the place of the first two for as long as it is there: nothing moves for it, and
    it covers nothing of the picture. What was said of a fill goes once `steps` go back before it.
    """

    check_asked = Signal()

    def __init__(
        self, messages: Messages, steps: QUndoStack, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._steps, self._step = steps, 0  # the step that the last fill has become
        steps.indexChanged.connect(self._on_step)
        self.setSizeGripEnabled(False)
        self._usual = QWidget()
        row = QHBoxLayout(self._usual)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        self._size = self._add(self.tr("Canvas size"))
        self._fill = self._add(self.tr("Last fill"), stretch=1)
        self._context = self._add(self.tr("Whether the context of the mask is at hand"))
        self._outside = configure(
            QToolButton(),
            style="status",
            name=self.tr("Pixels changed outside the mask"),
            tip=self.tr(
                "Counted after every fill: pixels outside the mask that differ from before.\n"
                "A click checks the whole picture against how it was opened."
            ),
        )
        self._outside.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._outside.clicked.connect(self.check_asked)
        self._outside.hide()
        row.addWidget(self._outside)
        self.addWidget(self._usual, 1)
        self.addWidget(messages, 1)
        messages.shown.connect(self._usual.setHidden)
        self.engine = configure(
            QToolButton(),
            style="quiet",
            name=self.tr("Model and device"),
            tip=self.tr("Model and device"),
        )
        self.network = configure(QToolButton(), style="quiet", name=self.tr("Offline switch"))
        self.network.setCheckable(True)
        self.network.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.show_network(False)
        self.addPermanentWidget(self.network)
        self.addPermanentWidget(self.engine)
        self.setMinimumHeight(_HEIGHT)

    def show_network(self, offline: bool) -> None:
        """Whether nothing may go over a network."""
        self.network.setChecked(offline)
        self.network.setText(self.tr("Offline") if offline else self.tr("Online"))
        now = (
            self.tr("Nothing goes over a network.")
            if offline
            else self.tr("A network is used for what you ask of it: models, another machine.")
        )
        self.network.setToolTip("\n".join((now, self.tr("Click to switch."))))

    def show_size(self, size: QSize) -> None:
        self._size.setText(self.tr("{} x {} px").format(size.width(), size.height()))
        self._forget_result()

    def show_engine(self, text: str) -> None:
        self.engine.setText(f"{text} ▾")

    def show_measuring(self, done: int, total: int) -> None:
        """A model finds out once, by a few fills, what it may keep."""
        share = round(100 * done / max(total, 1))
        self.show_engine(self.tr("Measuring the new model, once: {} %").format(share))

    def show_engine_info(self, info: EngineInfo) -> None:
        self.show_engine(f"{info.model} · {info.device}")
        tip = self.tr("Backend: {}").format(info.backend)
        what = self.tr("Model and device: click to choose others.")
        self.engine.setToolTip("\n".join(filter(None, (what, tip, in_words(info.notice)))))

    def show_released(self, info: EngineInfo) -> None:
        """The model of `info` holds no memory, and is loaded once it is used."""
        self.show_engine(self.tr("{} · at rest").format(info.model))

    def show_context(self, ready: bool) -> None:
        """The encoder has looked at the mask already, or has not."""
        self._context.setText(self.tr("context ready") if ready else "")

    def show_result(self, result: EditResult) -> None:
        """Timing and cost of a fill, the latest step, and that nothing else was touched."""
        self._step = self._steps.index()
        took = seconds(result.seconds["total"])
        if result.backend == CONTENT_AWARE:
            line = [self.tr("Removed in {}").format(took), result.model]
        else:
            tokens = self.tr("{} of {} tokens").format(result.tokens.hole, result.tokens.canvas)
            steps = self.tr("{} steps").format(result.steps)
            line = [self.tr("Filled in {}").format(took), tokens, steps]
        if result.context_reused:
            line.append(self.tr("context reused"))
        self._fill.setText(" · ".join(line))
        spent = [f"{stage}: {seconds(time)}" for stage, time in result.seconds.items()]
        self._fill.setToolTip("\n".join(filter(None, (*spent, in_words(result.notice)))))
        changed = result.pixels_changed_outside_mask
        self._outside.setText(self.tr("{} pixels changed outside the mask").format(changed))
        self._outside.show()

    def _on_step(self, index: int) -> None:
        if index < self._step:
            self._forget_result()

    def _forget_result(self) -> None:
        self._step = 0
        self._fill.clear()
        self._fill.setToolTip(self._fill.accessibleName())
        self._outside.hide()

    def _add(self, name: str, *, stretch: int = 0) -> QLabel:
        label = configure(QLabel(), name=name, tip=name)
        row = self._usual.layout()
        assert isinstance(row, QHBoxLayout)
        row.addWidget(label, stretch)
        return label
