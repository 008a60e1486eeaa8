"""A model folder: config.json, safetensors weights, and their SHA-256. Never a pickle.

config.json              {"lazy": {...}, "autoencoder": {...}, "text": "minilm",
                          "sha256": {...}, "concepts": [...],
                          "defaults": {"steps": .., "guidance": ..}}
lazy.safetensors         context encoder and decoder, half precision on disk
autoencoder.safetensors
"""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from lazydiff_core.errors import ModelError
from lazydiff_core.model.autoencoder import Autoencoder, AutoencoderConfig
from lazydiff_core.model.config import LazyConfig
from lazydiff_core.model.lazy import LazyDiffusion
from lazydiff_core.model.text_encoder import file_sha256

WEIGHTS = ("lazy", "autoencoder")

# What building a model from wrong sizes or types raises; RuntimeError is PyTorch's.
_SENSELESS = (ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)


@dataclass(frozen=True)
class Defaults:
    """How a model is sampled unless the request says otherwise."""

    steps: int = 20
    guidance: float = 3.0


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """A loaded model folder, weights in float32 on the CPU."""

    name: str
    lazy: LazyDiffusion
    autoencoder: Autoencoder
    defaults: Defaults
    concepts: tuple[str, ...]


def save_checkpoint(folder: Path, checkpoint: Checkpoint) -> None:
    """Write a model folder; matrices in half precision."""
    folder.mkdir(parents=True, exist_ok=True)
    digests = {}
    for name, module in (("lazy", checkpoint.lazy), ("autoencoder", checkpoint.autoencoder)):
        path = folder / f"{name}.safetensors"
        state = {k: _half(v).contiguous() for k, v in module.state_dict().items()}
        save_file(state, path, metadata={"format": "pt"})
        digests[name] = file_sha256(path)
    config = {
        "lazy": checkpoint.lazy.config.to_dict(),
        "autoencoder": asdict(checkpoint.autoencoder.config),
        "text": "minilm",
        "sha256": digests,
        "defaults": asdict(checkpoint.defaults),
        "concepts": list(checkpoint.concepts),
    }
    (folder / "config.json").write_text(json.dumps(config, indent=1) + "\n", encoding="utf-8")


def _half(value: Tensor) -> Tensor:
    """Matrices in half precision; biases and statistics are small and may exceed its range."""
    return value.half() if value.is_floating_point() and value.ndim > 1 else value


def load_checkpoint(folder: Path) -> Checkpoint:
    """Read and verify a model folder; ModelError says what is wrong with it."""
    config = read_config(folder)
    path = folder / "config.json"
    try:
        lazy = LazyDiffusion(LazyConfig.from_dict(config["lazy"]))
        autoencoder = Autoencoder(AutoencoderConfig.from_dict(config["autoencoder"]))
        defaults = Defaults(**config.get("defaults", {}))
        digests = dict(config["sha256"])
        concepts = tuple(str(concept) for concept in config.get("concepts", ()))
    except ModelError as error:
        raise ModelError(f"{path} does not describe a LazyDiff model: {error}") from error
    except _SENSELESS as error:
        raise ModelError(f"{path} does not describe a LazyDiff model: {error!r}.") from error
    for name, module in zip(WEIGHTS, (lazy, autoencoder), strict=True):
        load_weights(module, folder / f"{name}.safetensors", digests.get(name))
    return Checkpoint(folder.name, lazy.eval(), autoencoder.eval(), defaults, concepts)


def read_config(folder: Path) -> dict[str, Any]:
    """The folder's config.json as a dictionary; ModelError where it is missing or not JSON."""
    path = folder / "config.json"
    if not folder.is_dir():
        raise ModelError(f"There is no model folder {folder}.")
    try:
        config = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ModelError(f"{folder} is not a model folder: it has no config.json.") from error
    except (OSError, ValueError) as error:
        raise ModelError(f"{path} cannot be read: {error}.") from error
    if not isinstance(config, dict):
        raise ModelError(f"{path} does not describe a LazyDiff model.")
    return config


def load_weights(module: nn.Module, path: Path, sha256: str | None) -> None:
    """Load verified weights into a module; ModelError for missing, damaged or foreign files."""
    try:
        if sha256 is not None and file_sha256(path) != sha256:
            raise ModelError(f"{path} is damaged: its checksum differs from config.json's.")
        state = load_file(path)
    except FileNotFoundError as error:
        raise ModelError(f"The model's file {path} is missing.") from error
    except (OSError, SafetensorError) as error:
        raise ModelError(f"{path} is not a readable safetensors file: {error}.") from error
    wanted = module.state_dict()
    wrong = sorted(k for k in wanted if k not in state or state[k].shape != wanted[k].shape)
    if wrong or len(state) != len(wanted):
        named = wrong[0] if wrong else sorted(set(state) - set(wanted))[0]
        raise ModelError(f"{path} holds another architecture than its config says ({named}).")
    module.load_state_dict({k: v.to(wanted[k].dtype) for k, v in state.items()})
    numbers = (v for v in state.values() if v.is_floating_point())
    if not all(math.isfinite(float(v.abs().max())) for v in numbers):
        raise ModelError(f"{path} holds values that are not finite.")


def to_device(checkpoint: Checkpoint, device: torch.device) -> Checkpoint:
    """Move a checkpoint's modules; convolutions use the channels-last layout."""
    checkpoint.lazy.to(device)
    checkpoint.autoencoder.to(device).channels_last()
    return checkpoint
