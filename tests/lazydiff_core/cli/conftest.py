"""A way to run `lazydiff` in this process, and pictures to run it on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from lazydiff_core.cli import engine_arguments, main
from tests.lazydiff_core.cli.driving import Outcome, Pictures, Run


@pytest.fixture
def lazydiff(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs the command line with these arguments, whatever language the system is set to."""
    monkeypatch.setattr(engine_arguments, "system_language", lambda: "")

    def run(*arguments: object) -> Outcome:
        capsys.readouterr()
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as stop:
            code = int(stop.code or 0)
        return Outcome(code, *capsys.readouterr())

    return run


@pytest.fixture
def pictures(tmp_path: Path) -> Pictures:
    ys, xs = np.mgrid[0:64, 0:96].astype(np.uint8)
    Image.fromarray(np.stack((xs, ys, xs + ys), -1)).save(tmp_path / "in.png")
    mask = np.zeros((64, 96), np.uint8)
    mask[20:44, 30:60] = 255
    Image.fromarray(mask).save(tmp_path / "mask.png")
    return Pictures(tmp_path, tmp_path / "in.png", tmp_path / "mask.png", tmp_path / "out.png")
