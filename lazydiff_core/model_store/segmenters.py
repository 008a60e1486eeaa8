"""Models that find objects (SAM), among those that the user has registered."""

from __future__ import annotations

import json
from pathlib import Path

from lazydiff_core.model_store.registry import default_registry

_KINDS = ("sam",)  # of `model_type` in a folder's config.json


def segmenter_folder() -> Path | None:
    """The folder of the first registered segmenter, by name; None = none."""
    return next((model.path for model in default_registry().models() if is_one(model.path)), None)


def is_one(folder: Path) -> bool:
    """Whether a folder declares a segmenter."""
    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(config, dict) and config.get("model_type") in _KINDS
