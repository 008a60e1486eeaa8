"""Reads weights that are stored in 8 bits with scales, as in ComfyUI's files."""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors import safe_open
from torch import Tensor

from lazydiff_core.errors import ModelError
from lazydiff_core.model_store.weight_names import SCALES, is_of_scaling

_EIGHT_BITS = (torch.float8_e4m3fn, torch.float8_e5m2, torch.int8)


def read_scaled(path: Path, dtype: torch.dtype) -> dict[str, Tensor]:
    """Name -> weight, in full precision where it was in 8 bits: value times its layer's scale.

    A scale is one number, or one for each row of a weight. What a file says of the rounding of
    inputs is left out: nothing here rounds them.

    Raises ModelError for weights of another packing, and what safetensors raises.
    """
    weights: dict[str, Tensor] = {}
    scales: dict[str, Tensor] = {}
    with safe_open(path, framework="pt") as file:
        for name in file.keys():  # noqa: SIM118
            end = next((end for end in SCALES if name.endswith(end)), None)
            if end is not None:
                scales[f"{name.removesuffix(end)}.weight"] = file.get_tensor(name)
            elif not is_of_scaling(name):
                weights[name] = file.get_tensor(name)
    for name, scale in scales.items():
        weights[name] = _unscaled(path, name, weights.get(name), scale, dtype)
    return weights


def _unscaled(
    path: Path, name: str, weight: Tensor | None, scale: Tensor, dtype: torch.dtype
) -> Tensor:
    if weight is None or weight.dtype not in _EIGHT_BITS or scale.numel() not in (1, len(weight)):
        raise ModelError(
            f"{path.name} packs {name} in a way that cannot be read: take the file in bfloat16, in "
            "scaled 8 bits, or as GGUF."
        )
    scale = scale.float().reshape(-1, *[1] * (weight.ndim - 1))
    return (weight.float() * scale).to(dtype)
