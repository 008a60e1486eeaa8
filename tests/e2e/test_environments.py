"""The program where users really run it: odd names, languages, scales, folders, clocks."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

ROOT = Path(__file__).parents[2]
NAMES = {
    "spaces": "my  picture ",
    "CJK": "蘑菇と森",
    "emoji": "🍄 🎨",
    "NFD": unicodedata.normalize("NFD", "Gebäude é"),
    "marks": "50% #1 & 'so' \"on\"; $HOME",
}
_OURS = ("XDG_", "LC_", "LANG", "HOME", "QT_")


def session(
    home: Path,
    target: Path,
    *picture: Path,
    model: str = "fake",
    env: Mapping[str, str] | None = None,
    prefix: Sequence[str] = (),
) -> dict[str, Any]:
    """Start the program, fill, save as `target`, close; returns what its window showed."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(_OURS)}
    usual = {"HOME": str(home), "QT_QPA_PLATFORM": "offscreen", "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [
            *prefix,
            sys.executable,
            "-m",
            "tests.e2e.session",
            model,
            str(target),
            *map(str, picture),
        ],
        cwd=ROOT,
        env={**kept, **usual, **(env or {})},
        capture_output=True,
        timeout=280,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    told: dict[str, Any] = json.loads(done.stdout.decode().splitlines()[-1])
    return told


def picture_at(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    noise = np.random.default_rng(0).integers(0, 256, (120, 150, 3), np.uint8)
    Image.fromarray(noise).save(path)
    return path


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_names_and_folders_of_every_kind(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    picture, target = picture_at(folder / f"{name}.png"), folder / f"{name} 2.lazydiff"
    told = session(tmp_path / f"home {name}", target, picture)
    assert (told["saved"], told["edits"], told["modified"]) == (True, 1, False), told
    assert told["title"] == target.name
    assert target.read_bytes().startswith(b"SQLite format 3\0")


@pytest.mark.slow
@pytest.mark.parametrize("language", ["C", "de_DE.UTF-8", "tr_TR.UTF-8"])
def test_languages_change_no_number_and_no_name(tmp_path: Path, language: str) -> None:
    target = tmp_path / "ILLUSTRATION İı.PNG"
    told = session(tmp_path, target, env={"LC_ALL": language, "LANG": language})
    assert told["saved"], told
    with Image.open(target) as image:
        assert image.format == "PNG"
    (settings,) = tmp_path.glob(".config/lazydiff/window.json")
    assert str(target) in json.loads(settings.read_text(encoding="utf-8"))["recent_files"]


@pytest.mark.slow
@pytest.mark.parametrize("scale", ["1", "1.5", "2"])
def test_screens_of_every_scale(tmp_path: Path, scale: str) -> None:
    told = session(tmp_path, tmp_path / "a.lazydiff", env={"QT_SCALE_FACTOR": scale})
    assert told["saved"]
    assert told["ratio"] == float(scale)


@pytest.mark.slow
def test_without_a_home_the_picture_is_saved_all_the_same(tmp_path: Path) -> None:
    nowhere = {"HOME": "/nonexistent/home"}
    told = session(tmp_path, tmp_path / "a.lazydiff", env=nowhere)
    assert (told["saved"], told["edits"]) == (True, 1)


@pytest.mark.slow
@pytest.mark.model
def test_a_session_with_the_bundled_model_asks_no_other_computer(tmp_path: Path) -> None:
    told = session(tmp_path, tmp_path / "a.lazydiff", model="bundled")
    assert (told["saved"], told["edits"]) == (True, 1)


@pytest.mark.slow
def test_without_any_network_at_all(tmp_path: Path) -> None:
    unshare = shutil.which("unshare")
    alone = [str(unshare), "--net", "--map-root-user"]
    if unshare is None or subprocess.run([*alone, "true"], capture_output=True).returncode:
        pytest.skip("this system lets nobody run a program without a network")
    told = session(tmp_path, tmp_path / "a.lazydiff", prefix=alone)
    assert told["saved"]


@pytest.mark.slow
def test_a_read_only_folder_keeps_its_file_and_the_picture_stays_unsaved() -> None:
    setpriv = shutil.which("setpriv")
    nobody = [str(setpriv), "--reuid=65534", "--regid=65534", "--clear-groups"]
    if os.geteuid() == 0 and setpriv is None:
        pytest.skip("root may write anywhere, and there is no setpriv to be another")
    if os.geteuid() == 0:
        readable = [*nobody, sys.executable, "-c", "import app.window"]
        if subprocess.run(readable, cwd=ROOT, capture_output=True).returncode:
            pytest.skip("the program lies where only root may read it")
    root = Path(tempfile.mkdtemp())  # pytest's own is not for others
    root.chmod(0o755)
    folder, home = root / "pictures", root / "home"
    picture = picture_at(folder / "a.png")
    target = folder / "b.lazydiff"
    target.write_bytes(b"what was there")
    home.mkdir()
    home.chmod(0o777)
    folder.chmod(0o555)
    try:
        told = session(home, target, picture, prefix=nobody if os.geteuid() == 0 else [])
        left = {path.name: path.stat().st_size for path in folder.iterdir()}
    finally:
        folder.chmod(0o755)
        shutil.rmtree(root)
    assert (told["saved"], told["modified"], told["edits"]) == (False, True, 1)
    assert "b.lazydiff" in told["message"]
    assert left.keys() == {"a.png", "b.lazydiff"}
    assert left["b.lazydiff"] == len(b"what was there")


CLOCK = """
import itertools, runpy, sys, time
ticks = itertools.count()
real = time.time
time.time = lambda: real() - 3600 * next(ticks)  # an hour back each time it is looked at
runpy.run_module("tests.e2e.session", run_name="__main__", alter_sys=False)
"""


@pytest.mark.slow
def test_a_clock_that_runs_backwards(tmp_path: Path) -> None:
    target = tmp_path / "a.lazydiff"
    environment = {**os.environ, "HOME": str(tmp_path), "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-c", CLOCK, "fake", str(target)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, timeout=280)
    assert done.returncode == 0, done.stderr.decode()
    told = json.loads(done.stdout.decode().splitlines()[-1])
    assert (told["saved"], told["edits"]) == (True, 1)
