"""LazyDiff's core: regional generation at a cost set by the mask. No Qt; torch on demand."""

from lazydiff_core.contract import EditRequest, EditResult, EngineInfo, Progress
from lazydiff_core.engine import Engine

__all__ = ["EditRequest", "EditResult", "Engine", "EngineInfo", "Progress"]
