"""Writes safetensors files, completely or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from safetensors import SafetensorError
from safetensors.torch import save_file
from torch import Tensor

from lazydiff_core.storage.safe_files import replacing


def write_tensors(
    path: Path, tensors: Mapping[str, Tensor], metadata: dict[str, str] | None = None
) -> None:
    """Write a safetensors file, completely or not at all; raises TargetError."""
    with replacing(path) as staged:
        mode = staged.stat().st_mode
        try:
            save_file({k: v.contiguous() for k, v in tensors.items()}, staged, metadata=metadata)
        except SafetensorError as error:  # raised when the disk is full
            raise OSError(str(error)) from error
        staged.chmod(mode)  # safetensors makes the file private to the user
