"""The backend that a model's folder declares; read without torch."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from lazydiff_core.contract import CONTENT_AWARE
from lazydiff_core.model.files.config import ARCHITECTURES
from lazydiff_core.model_store.locate import locate_model
from lazydiff_core.model_store.pipelines import BACKEND_OF
from lazydiff_core.model_store.single_files import recognise


def own_backend(model: str) -> str:
    """The backend for "fake", "fake:...", "content_aware", an .onnx file, a folder or a hub id.

    A folder that declares no backend gets `lazydiffusion`, which reports what is wrong with it.
    Raises ModelError if the model does not exist.
    """
    if model == "fake" or model.startswith("fake:"):
        return "fake"
    if model == CONTENT_AWARE or model.lower().endswith(".onnx"):
        return CONTENT_AWARE
    folder = locate_model(model)
    if folder.is_file():
        return BACKEND_OF[recognise(folder).kinds[0]]
    index = _entries(folder / "model_index.json")
    if index is not None:
        return BACKEND_OF.get(str(index.get("_class_name")), "cached_dit")
    sizes = (_entries(folder / "config.json") or {}).get("lazy")
    declared = sizes.get("architecture") if isinstance(sizes, dict) else None
    return declared if declared in ARCHITECTURES else "lazydiffusion"


def _entries(path: Path) -> dict[str, Any] | None:
    """The entries of a JSON object; {} if the file holds anything else, None if it is missing."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError):
        return {}
    return document if isinstance(document, dict) else {}
