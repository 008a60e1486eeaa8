"""What a command answers, and the pictures that it is run on."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Outcome:
    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Outcome]


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
