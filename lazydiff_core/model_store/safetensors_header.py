"""What a safetensors file holds, by its header alone, and its smallest tensors; without torch."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from lazydiff_core.errors import ModelError

_MOST_BYTES: Final = 2**27
_FLOATS: Final = {"F64": "<f8", "F32": "<f4", "F16": "<f2"}

Shapes: TypeAlias = dict[str, tuple[int, ...]]


@dataclass(frozen=True, eq=False)
class Header:
    """shapes: of each tensor, by its name. metadata: what its maker says of it."""

    path: Path
    shapes: Shapes
    metadata: Mapping[str, str]
    _rows: Mapping[str, Any]
    _start: int

    def numbers(self, name: str) -> npt.NDArray[np.float64]:
        """The values of a small tensor; empty if there is none, or of another kind."""
        row = self._rows.get(name)
        if row is None or row.get("dtype") not in (*_FLOATS, "BF16"):
            return np.empty(0)
        first, behind = row["data_offsets"]
        with self.path.open("rb") as file:
            file.seek(self._start + first)
            data = file.read(behind - first)
        if row["dtype"] == "BF16":  # the upper half of a float32
            return (np.frombuffer(data, "<u2").astype("<u4") << 16).view("<f4").astype(np.float64)
        return np.frombuffer(data, _FLOATS[row["dtype"]]).astype(np.float64)


def read_header(path: Path) -> Header:
    """Raises ModelError for a file that is not of this kind."""
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        try:
            rows: dict[str, Any] = json.loads(file.read(min(length, _MOST_BYTES)))
            metadata = rows.pop("__metadata__", {})
            shapes = {name: tuple(row["shape"]) for name, row in rows.items()}
            return Header(path, shapes, dict(metadata), rows, 8 + length)
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            raise ModelError(
                f"{path} is not a readable safetensors file: if it is damaged or cut off, get it "
                "again."
            ) from error
