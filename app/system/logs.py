"""The program's log files, kept on this computer only.

lazydiff.log   events, at most 1 MiB, and three older files
crash.log      the stacks of all threads after a crash below Python
"""

from __future__ import annotations

import faulthandler
import logging
import sys
import threading
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TextIO

from platformdirs import user_state_path

_log = logging.getLogger(__name__)
_NAME, _CRASH_NAME = "lazydiff.log", "crash.log"
_MAX_BYTES, _OLDER = 2**20, 3
_crash_file: TextIO | None = None  # faulthandler needs it open while the program runs


def usual_logs() -> Path:
    """The default folder of this user's logs."""
    return user_state_path("lazydiff", appauthor=False) / "logs"


def start_logs(folder: Path) -> None:
    """Log to standard error and, if `folder` is writable, to files in it."""
    plain = "%(levelname)s %(name)s: %(message)s"
    logging.basicConfig(level=logging.INFO, format=plain, force=True)
    threading.excepthook = _report_thread
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = RotatingFileHandler(
            folder / _NAME, maxBytes=_MAX_BYTES, backupCount=_OLDER, encoding="utf-8"
        )
        _watch_crashes(folder / _CRASH_NAME)
    except OSError as error:
        _log.warning("No log files: %s", error.strerror)
        return
    file.setFormatter(logging.Formatter(f"%(asctime)s {plain}"))
    logging.getLogger().addHandler(file)


def stop_logs() -> None:
    """Stop logging to the files and close them."""
    global _crash_file
    root = logging.getLogger()
    for handler in [row for row in root.handlers if isinstance(row, RotatingFileHandler)]:
        root.removeHandler(handler)
        handler.close()
    if _crash_file is not None:
        faulthandler.disable()
        _crash_file.close()
        _crash_file = None


def latest(folder: Path, lines: int) -> str:
    """The last lines of both files; "" if there are none."""
    parts = []
    for name in (_NAME, _CRASH_NAME):
        try:
            text = (folder / name).read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue
        if text.strip():
            parts.append(f"{name}:\n" + "\n".join(text.splitlines()[-lines:]))
    return "\n\n".join(parts)


def _watch_crashes(path: Path) -> None:
    global _crash_file
    large = path.exists() and path.stat().st_size > _MAX_BYTES
    _crash_file = path.open("w" if large else "a", encoding="utf-8")
    faulthandler.enable(_crash_file, all_threads=True)


def _report_thread(fault: threading.ExceptHookArgs) -> None:
    """Log and report an exception on a background thread like any other."""
    if fault.exc_value is not None:
        sys.excepthook(fault.exc_type, fault.exc_value, fault.exc_traceback)
