"""Reads small JSON files of models, where what is damaged is as good as missing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def object_in(path: Path) -> dict[str, Any]:
    """The JSON object in a file; empty if there is none."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
