from __future__ import annotations

import logging
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.system import logs
from app.system.logs import latest, start_logs, stop_logs

CRASH = """
import ctypes, sys
from pathlib import Path
from app.system.logs import start_logs
start_logs(Path(sys.argv[1]))
ctypes.string_at(0)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    root, hook = logging.getLogger(), threading.excepthook
    handlers, level = root.handlers[:], root.level
    yield tmp_path / "logs"
    stop_logs()
    root.handlers[:], threading.excepthook = handlers, hook
    root.setLevel(level)


def test_what_is_logged_is_in_the_file(folder: Path) -> None:
    start_logs(folder)
    logging.getLogger("app.test").warning("The disk is slow")
    assert "WARNING app.test: The disk is slow" in (folder / "lazydiff.log").read_text()
    assert "The disk is slow" in latest(folder, 5)


def test_the_log_does_not_grow_for_ever(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "_MAX_BYTES", 2000)
    start_logs(folder)
    for number in range(400):
        logging.getLogger("app.test").info("Line %d", number)
    files = sorted(path.name for path in folder.glob("lazydiff.log*"))
    assert files == ["lazydiff.log", "lazydiff.log.1", "lazydiff.log.2", "lazydiff.log.3"]
    assert sum(path.stat().st_size for path in folder.glob("lazydiff.log*")) <= 4 * 2000
    assert "Line 399" in latest(folder, 1)


def test_a_folder_that_cannot_be_made_costs_the_files_only(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder.write_text("a file is in the way")
    start_logs(folder)
    logging.getLogger("app.test").warning("Still told")
    assert "Still told" in capsys.readouterr().err
    assert latest(folder, 5) == ""


def test_a_fault_on_any_thread_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    start_logs(folder)
    told: list[BaseException] = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, error, trace: told.append(error))

    def fail() -> None:
        raise ZeroDivisionError("on a thread")

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    assert [str(error) for error in told] == ["on a thread"]


def test_a_crash_below_python_leaves_where_it_was(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", CRASH, str(tmp_path)], capture_output=True)
    assert done.returncode < 0
    assert "Segmentation fault" in (tmp_path / "crash.log").read_text()
