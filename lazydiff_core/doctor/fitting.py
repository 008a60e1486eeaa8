"""Which models fit this machine: by the load planner where a model has one, else by its weights."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lazydiff_core.errors import LazyDiffError, OutOfMemoryError
from lazydiff_core.model_store.locate import locate_model
from lazydiff_core.model_store.registry import BUNDLED, default_registry

if TYPE_CHECKING:
    import torch

    from lazydiff_core.backends.fitting import Needs

# GB beside the weights: activations, the runtime's own share.
_ROOM = 1.0
_ALONE = "on the device"


@dataclass(frozen=True)
class ModelFit:
    """Whether a model fits. plan: how. gb: what it takes of the device, its weights at least."""

    id: str
    fits: bool
    plan: str
    gb: float

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def models_here(device: torch.device) -> list[ModelFit]:
    """The bundled model and those that were added."""
    added = [(model.name, model.path) for model in default_registry().models() if model.is_there]
    return [fit(name, path, device) for name, path in [(BUNDLED, locate_model(BUNDLED)), *added]]


def fit(name: str, folder: Path, device: torch.device) -> ModelFit:
    """Of a model's folder."""
    from lazydiff_core.backends.cached_dit.needs import planned_needs
    from lazydiff_core.backends.cached_dit.pipeline_reader import open_folder

    try:
        needs = planned_needs(open_folder(folder))
        if needs is not None:
            return _planned(name, needs, device)
    except OutOfMemoryError as error:
        return ModelFit(name, False, str(error), round(_gb(folder), 2))
    except (LazyDiffError, OSError, KeyError, ValueError) as error:
        return ModelFit(name, False, f"cannot be read: {error}", round(_gb(folder), 2))
    return _weighed(name, folder, device)


def _planned(name: str, needs: Needs, device: torch.device) -> ModelFit:
    """As the loader will place it; OutOfMemoryError where no plan fits."""
    from lazydiff_core.backends.fitting import choose_fit
    from lazydiff_core.model.files.devices import free_bytes, free_main_bytes, half_of

    dtype = half_of(device, wide=True)
    found = choose_fit(needs, dtype, device, free_bytes(device), name, free_main_bytes())
    return ModelFit(name, True, found.notice or _ALONE, round(found.peak / 1e9, 2))


def _weighed(name: str, folder: Path, device: torch.device) -> ModelFit:
    """By the size of its files; a text encoder visits NVIDIA's and AMD's cards layer by layer."""
    from lazydiff_core.model.files.devices import free_bytes, free_main_bytes

    whole, text = _gb(folder), _gb(folder / "text_encoder")
    visits = text if device.type == "cuda" else 0.0
    there, here = free_bytes(device) / 1e9, free_main_bytes() / 1e9
    fits = whole - visits + _ROOM < there and visits + _ROOM < here
    plan = f"{_ALONE}, its text encoder layer by layer" if visits else _ALONE
    return ModelFit(name, fits, plan, round(whole - visits, 2))


def _gb(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*.safetensors")) / 1e9
