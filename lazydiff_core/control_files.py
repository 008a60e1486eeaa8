"""A control network and its picture, as a setting names them.

Two lines: FILE[:STRENGTH], and the picture's file. Without the second, the sketch is the picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lazydiff_core.errors import InputError
from lazydiff_core.lora_files import split_weight

MAX_CONTROL_STRENGTH: Final = 2.0
USUAL_CONTROL_STRENGTH: Final = 0.75  # as in diffusers' pipelines
SKETCH: Final = "sketch"  # in place of a picture's file, on the command line


@dataclass(frozen=True)
class Control:
    """A control network's file, how strongly it counts, and its picture; None = the sketch."""

    path: Path
    strength: float = USUAL_CONTROL_STRENGTH
    picture: Path | None = None

    @classmethod
    def parse(cls, network: str, picture: str = "") -> Control:
        """Read FILE[:STRENGTH] and a picture's file; raises InputError."""
        name, strength = split_weight(network)
        if not name:
            raise InputError("A control picture needs a control network: FILE or FILE:STRENGTH.")
        strength = USUAL_CONTROL_STRENGTH if strength is None else strength
        if not 0 <= strength <= MAX_CONTROL_STRENGTH:
            raise InputError(
                f"The strength of {Path(name).name} must lie between 0 and "
                f"{MAX_CONTROL_STRENGTH:g}."
            )
        shown = picture.strip()
        return cls(_file(name), strength, _file(shown) if shown else None)

    def __str__(self) -> str:
        network = f"{self.path}:{self.strength:g}"
        return network if self.picture is None else f"{network}\n{self.picture}"


def read_control(setting: str) -> Control | None:
    """The control of a setting, None of an empty one; raises InputError."""
    lines = [line for line in setting.splitlines() if line.strip()]
    if len(lines) > 2:
        raise InputError("A control is a network's file and, in a second line, a picture's.")
    return Control.parse(*lines) if lines else None


def follows_sketch(setting: str) -> bool:
    """Whether the sketch is what is to be followed."""
    control = read_control(setting)
    return control is not None and control.picture is None


def _file(name: str) -> Path:
    return Path(name).expanduser().absolute()
