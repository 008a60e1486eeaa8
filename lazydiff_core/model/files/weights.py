"""Reads and writes weights as safetensors, in one file or in shards with an index.

Pickles (.bin, .pt, .ckpt) are never read, because loading one can run any code.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

from lazydiff_core.errors import ModelError, TargetError
from lazydiff_core.model_store.needed_files import PICKLES
from lazydiff_core.model_store.weight_names import DIFFUSERS_STEM as DIFFUSERS_STEM
from lazydiff_core.model_store.weight_names import VARIANTS
from lazydiff_core.storage.safe_files import file_sha256

SHARD_BYTES = 5_000_000_000


def check_digests(folder: Path, digests: Mapping[str, str]) -> None:
    """Check files against their SHA-256; ModelError for the first that differs or is missing."""
    for name, expected in digests.items():
        path = folder / name
        try:
            damaged = file_sha256(path) != expected
        except FileNotFoundError as error:
            raise ModelError(f"The model's file {path} is missing.") from error
        except OSError as error:
            raise ModelError(f"{path} cannot be read: {error}.") from error
        if damaged:
            raise ModelError(f"{path} is damaged: its checksum differs from config.json's.")


def variant_of(folder: Path, stem: str) -> str:
    """The variant of the weights in a folder that is read: "" for the plain one, if it is there."""
    for variant in VARIANTS:
        if any((folder / name).is_file() for name in _names(stem, variant)):
            return variant
    return ""


def weight_files(folder: Path, stem: str) -> list[Path]:
    """`stem`.safetensors in a folder, or the shards that its index names; else its half precision.

    Raises ModelError if they are missing or there are only pickles.
    """
    index, single = (folder / name for name in _names(stem, variant_of(folder, stem)))
    if index.is_file():
        files = [folder / name for name in sorted(set(_weight_map(index).values()))]
    elif single.is_file():
        files = [single]
    else:
        raise ModelError(_why_none(folder, single))
    for path in files:
        if not path.is_file():
            raise ModelError(f"The model's file {path} is missing; {index.name} names it.")
    return files


def _names(stem: str, variant: str) -> tuple[str, str]:
    """Names of an index of shards, and of a single file."""
    infix = f".{variant}" if variant else ""
    return f"{stem}.safetensors.index{infix}.json", f"{stem}{infix}.safetensors"


def check_files(folder: Path, stem: str) -> None:
    """Raise ModelError for weights that are missing, truncated or not all of what is listed.

    Only the files' headers are read.
    """
    held: set[str] = set()
    for path in weight_files(folder, stem):
        try:
            with safe_open(path, "pt") as file:
                held |= set(file.keys())
        except (OSError, SafetensorError) as error:
            raise unreadable(path) from error
    _check_listed(folder, stem, held)


def _weight_map(index: Path) -> dict[str, str]:
    """Name of each tensor -> name of its file."""
    try:
        names = dict(json.loads(index.read_text(encoding="utf-8"))["weight_map"])
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise ModelError(f"{index} is not an index of weights: {error!r}.") from error
    if not names or not all(isinstance(n, str) and n == Path(n).name for n in names.values()):
        raise ModelError(f"{index} is not an index of weights: it must name files beside it.")
    return names


def _why_none(folder: Path, single: Path) -> str:
    if not folder.is_dir():
        return f"There is no folder {folder}."
    pickles = sorted(p.name for p in folder.iterdir() if p.suffix in PICKLES)
    if pickles:
        return (
            f"{folder} has its weights only as a pickle ({pickles[0]}), which can run any code "
            "and is never loaded: get them as safetensors."
        )
    return f"The model's file {single} is missing."


def read_state(folder: Path, stem: str) -> dict[str, Tensor]:
    """All tensors of a folder; ModelError for missing, truncated or inconsistent files."""
    state: dict[str, Tensor] = {}
    for path in weight_files(folder, stem):
        state |= _read(path)
    _check_listed(folder, stem, set(state))
    return state


def _check_listed(folder: Path, stem: str, held: set[str]) -> None:
    """Raise ModelError if the index of shards lists a tensor that no file holds."""
    index = folder / _names(stem, variant_of(folder, stem))[0]
    lost = sorted(set(_weight_map(index)) - held) if index.is_file() else []
    if lost:
        raise ModelError(f"{folder} is incomplete: none of its files holds {lost[0]}.")


def _read(path: Path) -> dict[str, Tensor]:
    try:
        return load_file(path)
    except FileNotFoundError as error:
        raise ModelError(f"The model's file {path} is missing.") from error
    except (OSError, SafetensorError) as error:
        raise unreadable(path) from error


def unreadable(path: Path) -> ModelError:
    """The error for a file that the library of safetensors refuses."""
    if path.is_dir():
        return ModelError(f"{path} is a folder: name a safetensors file in it.")
    return ModelError(
        f"{path} is not a readable safetensors file: if it is damaged or cut off, get it again."
    )


def load_weights(module: nn.Module, path: Path, sha256: str | None) -> None:
    """Load weights into a module after checking their SHA-256, if given.

    Raises ModelError for a file that is missing, damaged or of another architecture.
    """
    if sha256 is not None:
        check_digests(path.parent, {path.name: sha256})
    fit_state(module, _read(path), path)


def fit_state(module: nn.Module, state: Mapping[str, Tensor], source: Path) -> None:
    """Copy exactly these tensors into a module, in its own dtype; ModelError if they do not fit."""
    wanted = module.state_dict()
    wrong = sorted(k for k in wanted if k not in state or state[k].shape != wanted[k].shape)
    if wrong or len(state) != len(wanted):
        named = wrong[0] if wrong else sorted(set(state) - set(wanted))[0]
        raise ModelError(f"{source} holds another architecture than its config says ({named}).")
    module.load_state_dict(dict(state))
    check_finite(state, source)


class SkipRandomInit(TorchFunctionMode):
    """Skips the random initialisation of new layers whose weights are about to be read.

    This saves most of the time it takes to build the paper-scale model.
    """

    # The functions that PyTorch's layers initialise themselves with.
    RANDOM = (nn.init.kaiming_uniform_, nn.init.uniform_, nn.init.normal_)

    def __torch_function__(
        self, func: Any, types: Any, args: Any = (), kwargs: Mapping[str, Any] | None = None
    ) -> Any:
        given = dict(kwargs or {})
        if func in self.RANDOM:
            return given.get("tensor", args[0] if args else None)
        return func(*args, **given)


def check_finite(state: Mapping[str, Tensor], source: Path) -> None:
    """Raise ModelError if a tensor holds NaN or infinity."""
    numbers = (v for v in state.values() if v.is_floating_point() and v.numel())
    if not all(math.isfinite(float(v.abs().max())) for v in numbers):
        raise ModelError(f"{source} holds values that are not finite.")


def save_sharded(
    folder: Path, state: Mapping[str, Tensor], stem: str = "model", shard_bytes: int = SHARD_BYTES
) -> None:
    """Write `stem`.safetensors, or shards of at most `shard_bytes` with an index.

    Raises TargetError.
    """
    from huggingface_hub import save_torch_state_dict

    try:
        folder.mkdir(parents=True, exist_ok=True)
        save_torch_state_dict(
            dict(state),
            folder,
            filename_pattern=f"{stem}{{suffix}}.safetensors",
            max_shard_size=shard_bytes,
        )
    except (OSError, SafetensorError) as error:
        raise TargetError(f"The weights cannot be written to {folder}: {error}.") from error
