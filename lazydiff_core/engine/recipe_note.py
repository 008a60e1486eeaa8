"""The note on a fill that a plain picture can carry."""

from __future__ import annotations

from dataclasses import asdict

from lazydiff_core.contract import EditRequest, EditResult, EngineInfo
from lazydiff_core.images.recipe_notes import note_of

_MOST_BYTES = 60_000


def recipe_note(request: EditRequest, result: EditResult, info: EngineInfo) -> str:
    """Settings with all defaults filled in, and what made the fill; see `images.recipe_notes`."""
    box = result.box
    recipe = asdict(info.resolve(request.settings)) | {
        "backend": result.backend,
        "device": result.device,
        "model": result.model,
        "model_hash": info.model_hash,
        "colour_space": "sRGB",  # of the pixels that models see
    }
    sides = [box.left, box.top, box.right, box.bottom]
    return note_of([{"box": sides, "recipe": recipe}], _MOST_BYTES)
