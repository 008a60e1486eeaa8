"""LoRA files as a setting names them: FILE[:WEIGHT], one a line."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lazydiff_core.errors import InputError

MAX_LORA_WEIGHT: Final = 4.0


@dataclass(frozen=True)
class Lora:
    """A file of low-rank changes to a model, and how strongly they count."""

    path: Path
    weight: float = 1.0

    @classmethod
    def parse(cls, text: str) -> Lora:
        """Read FILE[:WEIGHT]; raises InputError for an impossible weight or no file."""
        name, weight = split_weight(text)
        weight = 1.0 if weight is None else weight
        if not name:
            raise InputError("A LoRA needs a file: FILE or FILE:WEIGHT.")
        if not abs(weight) <= MAX_LORA_WEIGHT:
            raise InputError(
                f"The weight of {Path(name).name} must lie between {-MAX_LORA_WEIGHT:g} and "
                f"{MAX_LORA_WEIGHT:g}."
            )
        return cls(Path(name).expanduser().absolute(), weight)

    def __str__(self) -> str:
        return f"{self.path}:{self.weight:g}"


def read_loras(setting: str) -> tuple[Lora, ...]:
    """The LoRAs of a setting; raises InputError."""
    return tuple(Lora.parse(line) for line in setting.splitlines() if line.strip())


def loras_setting(loras: Iterable[Lora]) -> str:
    """The inverse of `read_loras`."""
    return "\n".join(map(str, loras))


def split_weight(text: str) -> tuple[str, float | None]:
    """FILE[:WEIGHT] -> the file's name and the weight, None if there is none."""
    name, _, tail = text.strip().rpartition(":")
    weight = _number(tail)
    return (text.strip(), None) if weight is None or not name else (name, weight)


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else math.inf
