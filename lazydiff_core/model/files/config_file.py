"""JSON files of model folders: one way to read them, each caller with sentences of its own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from lazydiff_core.errors import ModelError


def read_object(path: Path, *, odd: str, absent: str | None = None) -> dict[str, Any]:
    """A JSON object; ModelError saying `absent` where there is no file, `odd` for other JSON."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        if absent is not None and isinstance(error, FileNotFoundError):
            raise ModelError(absent) from error
        raise ModelError(f"{path} cannot be read: {error}.") from error
    if not isinstance(document, dict):
        raise ModelError(odd)
    return document
