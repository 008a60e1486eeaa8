"""Which backend a model is made for, as its folder declares it; read without torch."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from lazydiff_core.model.files.config import ARCHITECTURES
from lazydiff_core.model_store.locate import locate_model

# Class in a pipeline's model_index.json -> backend; other pipelines are made lazy as they are.
PIPELINES: Final[dict[str, str]] = {
    "StableDiffusionXLInpaintPipeline": "sdxl_inpaint",
    "StableDiffusionXLPipeline": "sdxl_inpaint",
    "StableDiffusionInpaintPipeline": "sd2_crop",
    "StableDiffusionPipeline": "sd2_crop",
}


def own_backend(model: str) -> str:
    """The backend of "fake", "fake:...", "bundled", a folder or a hub id; ModelError for none.

    A folder that declares nothing is left to `lazydiffusion`, which says what is wrong with it.
    """
    if model == "fake" or model.startswith("fake:"):
        return "fake"
    folder = locate_model(model)
    index = _entries(folder / "model_index.json")
    if index is not None:
        return PIPELINES.get(str(index.get("_class_name")), "cached_dit")
    sizes = (_entries(folder / "config.json") or {}).get("lazy")
    declared = sizes.get("architecture") if isinstance(sizes, dict) else None
    return declared if declared in ARCHITECTURES else "lazydiffusion"


def _entries(path: Path) -> dict[str, Any] | None:
    """A JSON object's entries; empty where it is none, None where there is no file."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError):
        return {}
    return document if isinstance(document, dict) else {}
