"""LazyDiff's core: regional generation at a cost set by the mask. No Qt; torch on demand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lazydiff_core.contract import EditRequest, EditResult, EngineInfo, Progress
from lazydiff_core.generation_settings import GenerationSettings

if TYPE_CHECKING:
    from lazydiff_core.engine.engine import Engine

__all__ = ["EditRequest", "EditResult", "Engine", "EngineInfo", "GenerationSettings", "Progress"]


def __getattr__(name: str) -> Any:
    """Import the engine on first access: it brings scipy and OpenCV with it."""
    if name == "Engine":
        from lazydiff_core.engine.engine import Engine

        return Engine
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
