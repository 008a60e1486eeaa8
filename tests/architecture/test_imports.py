"""Who may know whom, and what must stay quick to import."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
HEAVY = {"torch", "transformers", "diffusers", "accelerate"}
LIGHT = (
    "lazydiff_core",
    "lazydiff_core.blending",
    "lazydiff_core.cli",
    "lazydiff_core.cli.command_table",
    "lazydiff_core.contract",
    "lazydiff_core.engine.engine",
    "lazydiff_core.errors",
    "lazydiff_core.storage.safe_files",
    "lazydiff_core.images.reading",
    "lazydiff_core.images.writing",
    "lazydiff_core.geometry.resample",
    "lazydiff_core.storage.resources",
    "lazydiff_core.evaluation.study",
)


def _loaded_by(*modules: str) -> set[str]:
    """Top-level packages in memory after importing these modules in a fresh process."""
    code = f"import sys, {', '.join(modules)}; print(*{{m.split('.')[0] for m in sys.modules}})"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


def test_light_modules_do_not_load_torch_or_qt() -> None:
    assert not _loaded_by(*LIGHT) & (HEAVY | {"PySide6"})


def test_the_window_does_not_load_torch() -> None:
    loaded = _loaded_by("app.__main__", "app.window")

    assert "PySide6" in loaded
    assert not loaded & HEAVY


def test_the_contracts_hold() -> None:
    linter = Path(sys.executable).with_name("lint-imports")

    done = subprocess.run(
        [linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr
