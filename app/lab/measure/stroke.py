"""The latency of a brush stroke: from a pointer event to its pixels being painted.

`python -m app.lab.measure.stroke` paints strokes on the canvas of the real app, in its own event
loop, and prints the milliseconds as JSON. The engine is not started, so nothing else computes.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPointF, Qt, QTimer
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from app.document.document import Document
from app.document.layer_commands import set_opacity
from app.engine.worker import engine_loader
from app.lab.measure.figures import layered, summary
from app.system.settings import SettingsStore
from app.ui import theme
from app.window import MainWindow

TOOLS = ("brush", "sketch", "paint", "smudge", "clone")
_EVERY_MS = 8  # as a tablet with 125 reports a second
_STROKE, _REST = 100, 45  # reports with the pen down, then up: as long as contexts wait
_CHANGES = 60  # of a layer's opacity
_DONE = QEvent.Type(QEvent.registerEventType())
_NO_BUTTON, _LEFT = Qt.MouseButton.NoButton, Qt.MouseButton.LeftButton


class Stroker(QObject):
    """Sends the pointer events of strokes and records when they have been painted."""

    def __init__(self, window: MainWindow, strokes: int) -> None:
        super().__init__(window)
        self._view = window.view
        self._events = self._hand(strokes)
        self._pending: list[tuple[float, float]] = []
        self._asked = False
        self.wall: list[float] = []
        self.cpu: list[float] = []
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._send)
        self._view.installEventFilter(self)

    def start(self) -> None:
        self._timer.start(_EVERY_MS)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Handle the start of a paint event: post an event that arrives after its end."""
        if event.type() == QEvent.Type.Paint and self._pending and not self._asked:
            self._asked = True
            soon = Qt.EventPriority.HighEventPriority.value
            QCoreApplication.postEvent(self, QEvent(_DONE), soon)
        return False

    def customEvent(self, event: QEvent) -> None:  # noqa: N802
        """Handle the end of a paint event."""
        self._asked = False
        now = time.perf_counter(), time.thread_time()
        for sent in self._pending:
            self.wall.append(1000 * (now[0] - sent[0]))
            self.cpu.append(1000 * (now[1] - sent[1]))
        self._pending.clear()

    def _send(self) -> None:
        event = next(self._events, None)
        if event is None:
            self._timer.stop()
            self._view.removeEventFilter(self)
            QTimer.singleShot(50, QCoreApplication.exit)
            return
        self._pending.append((time.perf_counter(), time.thread_time()))
        QCoreApplication.postEvent(self._view, event)

    def _hand(self, strokes: int) -> Iterator[QMouseEvent]:
        for stroke in range(strokes):
            for report in range(_STROKE + _REST):
                down = report < _STROKE
                kind = QEvent.Type.MouseMove
                if report in (0, _STROKE):
                    kind = QEvent.Type.MouseButtonPress if down else QEvent.Type.MouseButtonRelease
                yield self._event(kind, (stroke * 7 + report) / 90, down)

    def _event(self, kind: QEvent.Type, turn: float, down: bool) -> QMouseEvent:
        """A mouse event on a curve that crosses the view in all directions."""
        across, around = self._view.middle, 0.42
        place = across + QPointF(
            self._view.width() * around * math.sin(2 * math.pi * turn),
            self._view.height() * around * math.sin(3 * math.pi * turn + 0.4),
        )
        button = _NO_BUTTON if kind == QEvent.Type.MouseMove else _LEFT
        held = _LEFT if down else _NO_BUTTON
        no_key = Qt.KeyboardModifier.NoModifier
        return QMouseEvent(kind, place, self._view.mapToGlobal(place), button, held, no_key)


def measure(
    canvas: int, brush: int, strokes: int, tool: str = "brush", layers: int = 0
) -> dict[str, float]:
    """p50, p99 and maximum of the milliseconds from event to paint, and of the CPU time in them.

    The CPU time does not depend on the load of other programs. tool: the name of one that paints.
    With layers, also of changing the opacity of one.
    """
    with tempfile.TemporaryDirectory() as folder:
        settings = SettingsStore(Path(folder) / "window.json")
        window = MainWindow(engine_loader("fake", None, None), settings)
        window.document.restore(layered(canvas, layers))
        window.view.set_tool(tool)
        window.view.set_brush_size(brush)
        window.view.stamp.source = QPointF(canvas / 2, canvas / 2)  # of the clone stamp
        window.resize(1280, 820)
        window.show()
        stroker = Stroker(window, strokes)
        QTimer.singleShot(500, stroker.start)
        QApplication.exec()
        opacity = _opacity_changes(window.document)
        window.document.undo_stack.setClean()
        window.close()
    figures = summary("", stroker.wall) | summary("cpu_", stroker.cpu)
    return figures | (summary("opacity_cpu_", opacity) if layers else {})


def _opacity_changes(document: Document) -> list[float]:
    """The milliseconds of computing, each change of a layer's opacity."""
    found = []
    for number in range(_CHANGES if document.edits else 0):
        edit = document.edits[number * 7 % len(document.edits)]
        start = time.thread_time()
        set_opacity(document, edit.id, 0.2 + number / (2 * _CHANGES))
        found.append(1000 * (time.thread_time() - start))
    return found


def main(argv: Sequence[str] | None = None) -> int:
    """Print one JSON document; returns the exit code."""
    parser = argparse.ArgumentParser(description="Milliseconds from pointer event to paint.")
    parser.add_argument("--canvas", type=int, default=2048, help="side in pixels")
    parser.add_argument("--brush", type=int, default=48, help="diameter in pixels")
    parser.add_argument("--strokes", type=int, default=10)
    parser.add_argument("--tool", choices=TOOLS, default="brush")
    parser.add_argument("--layers", type=int, default=0, help="of 300 pixels, scattered")
    wanted = parser.parse_args(argv)
    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(application, QApplication)
    application.setStyle("fusion")
    theme.apply("light")
    found = measure(wanted.canvas, wanted.brush, wanted.strokes, wanted.tool, wanted.layers)
    print(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
