"""A way to run `lazydiff` in this process, and pictures to run it on."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from lazydiff_core.cli import main


@dataclass(frozen=True)
class Outcome:
    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Outcome]


@pytest.fixture
def lazydiff(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the command line with these arguments."""

    def run(*arguments: object) -> Outcome:
        capsys.readouterr()
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as stop:
            code = int(stop.code or 0)
        return Outcome(code, *capsys.readouterr())

    return run


@dataclass(frozen=True)
class Pictures:
    """A picture of 96x64 pixels, a mask for it, and the arguments that fill it."""

    folder: Path
    image: Path
    mask: Path
    out: Path

    @property
    def fill(self) -> list[object]:
        paths = [self.image, "--mask", self.mask, "--out", self.out]
        return ["fill", *paths, "--prompt", "a red mushroom", "--model", "fake"]


@pytest.fixture
def pictures(tmp_path: Path) -> Pictures:
    ys, xs = np.mgrid[0:64, 0:96].astype(np.uint8)
    Image.fromarray(np.stack((xs, ys, xs + ys), -1)).save(tmp_path / "in.png")
    mask = np.zeros((64, 96), np.uint8)
    mask[20:44, 30:60] = 255
    Image.fromarray(mask).save(tmp_path / "mask.png")
    return Pictures(tmp_path, tmp_path / "in.png", tmp_path / "mask.png", tmp_path / "out.png")
