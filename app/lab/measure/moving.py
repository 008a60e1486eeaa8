"""What it takes to drag a layer: from each move of the pointer to its picture being painted.

`python -m app.lab.measure.moving` drags one of many layers by the transform tool in the real app
and prints milliseconds as JSON: of each move, and of letting go, when the picture is composed.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.engine.worker import engine_loader
from app.lab.measure.figures import layered, summary
from app.system.settings import SettingsStore
from app.ui import theme
from app.window import MainWindow

_MOVES = 90  # of one drag
_LEFT = Qt.MouseButton.LeftButton
_NO_KEY = Qt.KeyboardModifier.NoModifier


def measure(canvas: int, layers: int, drags: int) -> dict[str, float]:
    """p50, p99 and maximum of a move and of a drop, with the time spent computing in them."""
    with tempfile.TemporaryDirectory() as folder:
        settings = SettingsStore(Path(folder) / "window.json")
        window = MainWindow(engine_loader("fake", None, None), settings)
        window.document.restore(layered(canvas, layers))
        window.resize(1280, 820)
        window.show()
        window.variant_browser.select(window.document.edits[layers // 2].id)
        window.transform.transform()
        QApplication.processEvents()
        moves: list[tuple[float, float]] = []
        drops: list[tuple[float, float]] = []
        for _ in range(drags):
            _drag(window, moves, drops)
        window.document.undo_stack.setClean()
        window.close()
    figures: dict[str, float] = {}
    for name, times in (("move_", moves), ("drop_", drops)):
        wall, cpu = np.array(times).T
        figures |= summary(name, wall.tolist()) | summary(f"{name}cpu_", cpu.tolist())
    return figures


def _drag(
    window: MainWindow, moves: list[tuple[float, float]], drops: list[tuple[float, float]]
) -> None:
    """Once around, a little further than before."""
    view = window.view
    placement = view.placing.placement
    start = view.transform.to_view(QPointF(placement.x, placement.y)).toPoint()
    middle = view.middle.toPoint()
    QTest.mousePress(view, _LEFT, _NO_KEY, start)
    place = start
    for number in range(1, _MOVES + 1):
        turn = 2 * math.pi * number / _MOVES
        around = QPoint(round(200 * math.sin(turn)), round(150 * math.sin(2 * turn)))
        place = start + (middle - start) * number / _MOVES + around
        began = time.perf_counter(), time.thread_time()
        QTest.mouseMove(view, place)
        QApplication.processEvents()
        moves.append(_since(began))
    began = time.perf_counter(), time.thread_time()
    QTest.mouseRelease(view, _LEFT, _NO_KEY, place)
    QApplication.processEvents()
    drops.append(_since(began))


def _since(began: tuple[float, float]) -> tuple[float, float]:
    """Milliseconds of the clock, and of computing on this thread."""
    return 1000 * (time.perf_counter() - began[0]), 1000 * (time.thread_time() - began[1])


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--canvas", type=int, default=2048)
    parser.add_argument("--layers", type=int, default=60)
    parser.add_argument("--drags", type=int, default=5)
    args = parser.parse_args()
    application = QApplication(sys.argv[:1])
    application.setStyle("fusion")
    theme.apply("light")
    print(json.dumps(measure(args.canvas, args.layers, args.drags)))


if __name__ == "__main__":
    main()
