"""Reads JSON files of model folders; the caller words the errors."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from lazydiff_core.errors import ModelError


def read_object(path: Path, *, odd: str, absent: str | None = None) -> dict[str, Any]:
    """Read a JSON object.

    Raises ModelError with the message `absent` if the file is missing, `odd` if it holds any other
    JSON, and a general message if it cannot be read.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        if absent is not None and isinstance(error, FileNotFoundError):
            raise ModelError(absent) from error
        raise ModelError(f"{path} cannot be read: {error}.") from error
    if not isinstance(document, dict):
        raise ModelError(odd)
    return document
