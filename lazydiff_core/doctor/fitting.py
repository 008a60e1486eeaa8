"""Which models fit this machine, by the size of their weights."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lazydiff_core.model_store.locate import locate_model
from lazydiff_core.model_store.registry import BUNDLED, default_registry

if TYPE_CHECKING:
    import torch

# Beside the weights: activations, the runtime's own share.
_ROOM = 1.0


@dataclass(frozen=True)
class Fit:
    """Whether a model fits. plan: how. gb: weights at the place where they are needed."""

    id: str
    fits: bool
    plan: str
    gb: float

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def models_here(device: torch.device) -> list[Fit]:
    """The bundled model and those that were added."""
    added = [(model.name, model.path) for model in default_registry().models() if model.is_there]
    return [fit(name, path, device) for name, path in [(BUNDLED, locate_model(BUNDLED)), *added]]


def fit(name: str, folder: Path, device: torch.device) -> Fit:
    """Of a model's folder."""
    from lazydiff_core.backends.cached_dit.cache_plan import SHARE, free_memory

    whole, text = _gb(folder), _gb(folder / "text_encoder")
    budget = free_memory(device)
    if device.type != "cuda":
        free = budget.device / SHARE / 1e9
        return Fit(name, whole + _ROOM < free, "in main memory", round(whole, 2))
    card, host = budget.device / SHARE / 1e9, budget.host / SHARE / 1e9
    plan = "on the card, its text encoder layer by layer" if text else "on the card"
    fits = whole - text + _ROOM < card and text + _ROOM < host
    return Fit(name, fits, plan, round(whole - text, 2))


def _gb(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*.safetensors")) / 1e9
