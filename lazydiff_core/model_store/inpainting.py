"""Inpainting networks as single ONNX files, kept in the user's data folder."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from lazydiff_core.model_store.registry import default_registry

# Part of a file's name -> kind of network, the better one first.
KINDS: Final = ("lama", "migan")


def inpainting_folder() -> Path:
    """Where the files are looked for."""
    return default_registry().folder / "inpainting"


def kind_of(file: Path) -> str | None:
    """The kind of network that a file is named for; None if it names none."""
    return next((kind for kind in KINDS if kind in file.stem.lower()), None)


def inpainting_file() -> Path | None:
    """The file of the best network that is there, the first by name of several; None = none."""
    files = sorted(inpainting_folder().glob("*.onnx"))
    kinds = [(KINDS.index(kind), file) for file in files if (kind := kind_of(file)) is not None]
    return min(kinds)[1] if kinds else None
