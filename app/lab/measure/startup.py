"""The time from the start of the process to the first picture of the window.

`python -m app.lab.measure.startup EPOCH` takes the start time of the process, in seconds since
1970, and prints JSON once the window has painted for the first time.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtWidgets import QApplication

from app.engine.worker import engine_loader
from app.system.settings import SettingsStore
from app.ui import theme
from app.window import MainWindow


class FirstPaint(QObject):
    """Ends the program after the first paint of the canvas."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            QCoreApplication.postEvent(self, QEvent(QEvent.Type.User))
        return False

    def customEvent(self, event: QEvent) -> None:  # noqa: N802
        """Handle the first event after the first paint."""
        QCoreApplication.exit()


def main(argv: Sequence[str] | None = None) -> int:
    """Print one JSON document; returns the exit code."""
    started = float((sys.argv[1:] if argv is None else argv)[0])
    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(application, QApplication)
    application.setStyle("fusion")
    with tempfile.TemporaryDirectory() as folder:
        theme.apply("system")
        settings = SettingsStore(Path(folder) / "window.json")
        window = MainWindow(engine_loader("bundled", None, None), settings)
        first = FirstPaint(window)
        window.view.installEventFilter(first)
        window.show()
        application.exec()
        taken = time.time() - started
        print(json.dumps({"window_ms": 1000 * taken, "torch_imported": "torch" in sys.modules}))
        window.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
