"""What widgets show of the generation: one frozen value."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.engine.timetable import ON_CANVAS, Kind, Timetable
from lazydiff_core.contract import EngineInfo


@dataclass(frozen=True)
class GenerationState:
    """All that widgets show of it, beside how far a fill has come.

    info:          the engine; None = none is loaded.
    fault:         why there is no engine; "" = it is being loaded, or there.
    table:         what runs and what waits.
    silent:        the engine has work to do and says nothing: it may hang.
    context_ready: a fill of the mask as it is skips the encoder.
    replaying:     which edit of how many is run again; None = none.
    """

    info: EngineInfo | None = None
    fault: str = ""
    table: Timetable = field(default_factory=Timetable)
    silent: bool = False
    context_ready: bool = False
    replaying: tuple[int, int] | None = None

    @property
    def is_running(self) -> bool:
        """A fill or a replay runs."""
        return self.table.runs(*ON_CANVAS)

    @property
    def is_switching(self) -> bool:
        """Another engine is being loaded, or is to be."""
        return self.info is not None and self.table.has(Kind.LOAD)
