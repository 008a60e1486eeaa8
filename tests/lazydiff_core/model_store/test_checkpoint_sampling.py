"""What checkpoints say of how they are sampled: by marks, by metadata, by a weight."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lazydiff_core.errors import ModelError
from lazydiff_core.model_store.checkpoint_sampling import (
    Sampling,
    sampling_of,
    scheduler_config,
)
from lazydiff_core.model_store.safetensors_header import read_header

V = Sampling("v_prediction")
SD2_TELLS = "model.diffusion_model.output_blocks.11.1.transformer_blocks.0.norm1.bias"


def sampling(
    folder: Path,
    tensors: dict[str, list[float]] | None = None,
    metadata: dict[str, str] | None = None,
    width: int = 2048,
    channels: int = 4,
    dtype: str = "F32",
) -> Sampling:
    rows: dict[str, Any] = {"__metadata__": metadata or {}}
    data = b""
    for name, values in ({"some": [0.0]} | (tensors or {})).items():
        first, data = len(data), data + stored(values, dtype)
        rows[name] = {"dtype": dtype, "shape": [len(values)], "data_offsets": [first, len(data)]}
    header, path = json.dumps(rows).encode(), folder / "a.safetensors"
    path.write_bytes(len(header).to_bytes(8, "little") + header + data)
    return sampling_of(read_header(path), width, channels)


def stored(values: list[float], dtype: str) -> bytes:
    if dtype == "BF16":
        return (np.array(values, np.float32).view(np.uint32) >> 16).astype(np.uint16).tobytes()
    return np.array(values, {"F32": "<f4", "F16": "<f2"}[dtype]).tobytes()


@pytest.mark.parametrize(
    ("metadata", "expected"),
    [
        ({}, Sampling()),
        ({"modelspec.prediction_type": "v"}, V),
        ({"modelspec.prediction_type": "v_prediction"}, V),
        ({"modelspec.prediction_type": "epsilon"}, Sampling()),
        ({"modelspec.predict_key": "v"}, V),
        ({"modelspec.architecture": "stable-diffusion-v2-768-v"}, V),
        ({"modelspec.architecture": "stable-diffusion-xl-v1-base"}, Sampling()),
    ],
)
def test_metadata(tmp_path: Path, metadata: dict[str, str], expected: Sampling) -> None:
    assert sampling(tmp_path, metadata=metadata) == expected


@pytest.mark.parametrize("dtype", ["F32", "F16", "BF16"])
def test_a_weight_of_version_2_tells(tmp_path: Path, dtype: str) -> None:
    wide, narrow = ([-size, size, -size, size] for size in (0.12, 0.05))
    assert sampling(tmp_path, {SD2_TELLS: wide}, width=1024, dtype=dtype) == V
    assert sampling(tmp_path, {SD2_TELLS: narrow}, width=1024, dtype=dtype) == Sampling()
    assert sampling(tmp_path, {SD2_TELLS: wide}, width=768) == Sampling()
    assert sampling(tmp_path, {SD2_TELLS: wide}, width=1024, channels=9) == Sampling()


def test_levels_of_noise_without_steps(tmp_path: Path) -> None:
    most = {"edm_vpred.sigma_max": [80.0]}
    assert sampling(tmp_path, most) == Sampling("v_prediction", sigmas=(0.002, 80.0))
    odd = {"edm_vpred.sigma_max": [1.0, 2.0]}
    assert sampling(tmp_path, odd) == Sampling("v_prediction", sigmas=(0.002, 120.0))


def test_latents_of_its_own_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="has latents of its own"):
        sampling(tmp_path, {"edm_mean": [0.0] * 4})


def test_pure_noise_takes_a_scheduler_that_knows_it() -> None:
    lent: dict[str, Any] = {"_class_name": "PNDMScheduler", "beta_end": 0.012}
    zero = Sampling("v_prediction", zero_snr=True)
    assert scheduler_config(lent, zero, False)["_class_name"] == "EulerDiscreteScheduler"
    assert scheduler_config(lent, zero, True)["_class_name"] == "PNDMScheduler"
    assert scheduler_config(lent, V, False) == lent | {
        "prediction_type": "v_prediction", "rescale_betas_zero_snr": False,
    }  # fmt: skip
