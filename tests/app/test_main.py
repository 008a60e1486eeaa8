from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.__main__ import BAD_START, main

ROOT = Path(__file__).parents[2]

WITHOUT_TORCH = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from app.__main__ import main

heavy = {"torch", "transformers", "diffusers"}

def look():
    window = next(found for found in QApplication.topLevelWidgets() if found.windowTitle())
    assert window.isVisible()
    window.generation.loader.loaded.connect(finish)
    assert not heavy & set(sys.modules), heavy & set(sys.modules)

def finish():
    assert not heavy & set(sys.modules), heavy & set(sys.modules)
    print("torch-free")
    QTimer.singleShot(0, QApplication.closeAllWindows)

application = QApplication(["test"])
QTimer.singleShot(0, look)
sys.exit(main(["--model", "fake"]))
"""


def run(script: str, tmp_path: Path, **changed: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {
        "QT_QPA_PLATFORM": "offscreen",
        **{f"XDG_{kind}_HOME": str(tmp_path) for kind in ("CONFIG", "STATE", "DATA")},
        "PYTHONPATH": str(ROOT),
    }
    return subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env=environment | changed,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


def test_the_window_opens_and_closes_without_torch(tmp_path: Path) -> None:
    done = run(WITHOUT_TORCH, tmp_path)
    assert done.returncode == 0, done.stderr
    assert "torch-free" in done.stdout
    assert "QThread" not in done.stderr
    assert "Traceback" not in done.stderr


def test_no_screen_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setattr("app.__main__.what_is_missing", lambda: "There is no screen.")
    assert main([]) == BAD_START
    assert capsys.readouterr().err == "There is no screen.\n"


def test_help_names_the_options(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["--help"])
    assert left.value.code == 0
    assert "--model" in capsys.readouterr().out
