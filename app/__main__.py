"""Start the window: `python -m app [image]`."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from app.system.libraries import what_is_missing
from app.system.logs import start_logs, stop_logs, usual_logs

if TYPE_CHECKING:
    from app.window import MainWindow

BAD_START = 2
# Of what comes by the clipboard: the largest picture, 100 million pixels, with 16 bits a channel.
_MAX_IMAGE_MIB = 800
Watch: TypeAlias = "Callable[[MainWindow], object]"


def main(argv: Sequence[str] | None = None, watch: Watch | None = None) -> int:
    """Run the window until it is closed; returns the exit code: 0, or 2 if it cannot open.

    `watch` is handed the window once it shows: how measurements get at it.
    """
    wanted = _parse(sys.argv[1:] if argv is None else argv)
    start_logs(usual_logs())
    try:
        missing = what_is_missing()
        if missing:
            print(missing, file=sys.stderr)
            return BAD_START
        return _run(wanted, watch)
    finally:
        stop_logs()


def _parse(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="lazydiff", description="Paint by masks and prompts.")
    parser.add_argument("image", nargs="?", type=Path, help="a picture to open")
    parser.add_argument(
        "--model", help="bundled, a name, a folder, or a hub id; by default the last one chosen"
    )
    parser.add_argument("--backend", help="another way to generate than the model's own")
    parser.add_argument("--device", help="cpu, cuda or mps; by default the last one chosen")
    return parser.parse_args(argv)


def _run(wanted: argparse.Namespace, watch: Watch | None) -> int:
    # Qt only now: what it needs of the system has been checked, and --help is quick.
    from PySide6.QtCore import Qt
    from PySide6.QtGui import QImageReader
    from PySide6.QtWidgets import QApplication

    from app.engine.worker import engine_loader
    from app.system.garbage import Collector
    from app.system.settings import SettingsStore, usual_journals, usual_path
    from app.ui import theme, translation
    from app.ui.messages import report_faults_to
    from app.window import MainWindow
    from lazydiff_core.device_faults import give_device_memory_back

    # Every place the pointer was belongs to the stroke, also those a busy machine hears of late.
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_CompressHighFrequencyEvents, False)
    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(application, QApplication)
    application.setApplicationName("LazyDiff")
    application.setDesktopFileName("lazydiff")
    application.setStyle("fusion")
    QImageReader.setAllocationLimit(_MAX_IMAGE_MIB)
    settings = SettingsStore(usual_path())
    translation.install(application, settings.value.language)
    theme.apply(settings.value.theme)
    model, device = settings.value.model, settings.value.device
    if wanted.model or wanted.backend or wanted.device:  # one asked for goes with its own device
        model, device = wanted.model or model, wanted.device or ""
    load = engine_loader(model, wanted.backend, device or None)
    window = MainWindow(load, settings, journals=usual_journals())
    window.model_choice.begun_with(model, device)
    collector = Collector(window)
    collector.wait()
    window.generation.loader.loaded.connect(collector.settle)
    window.generation.loader.load_failed.connect(collector.settle)
    window.generation.loader.released.connect(collector.settle)
    window.generation.loader.released.connect(lambda _: give_device_memory_back())
    report_faults_to(window.messages)
    ended: list[bool] = []
    window.closed.connect(ended.append)
    window.show()
    window.start()
    if wanted.image is not None:
        window.files.open_path(wanted.image)
    if watch is not None:
        watch(window)
    code = application.exec()
    if ended != [True]:
        # The thread is deep in a library call that knows no cancelling: nothing is left to save,
        # and destroying a running thread would abort.
        logging.shutdown()
        os._exit(code)
    return code


if __name__ == "__main__":
    sys.exit(main())
