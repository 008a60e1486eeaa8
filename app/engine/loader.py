"""Loading the engine and switching to another one."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from app.engine.jobs import Load, LoadEngine
from app.engine.timetable import Row
from lazydiff_core.contract import EngineInfo


class EngineLoader(QObject):
    """Knows how the engine is loaded and the properties of the loaded engine."""

    loaded = Signal(object)  # EngineInfo
    load_failed = Signal(str)  # there is no engine
    switch_failed = Signal(str)  # another engine failed to load: the current engine stays

    def __init__(self, load: LoadEngine, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.load = load  # of the current engine, or of the first one
        self._other: LoadEngine | None = None
        self.info: EngineInfo | None = None
        self.fault = ""  # why there is no engine

    @property
    def is_switching(self) -> bool:
        return self._other is not None

    def switch(self, load: LoadEngine) -> None:
        """Ask for another engine."""
        self._other = load

    def stay(self) -> None:
        """Withdraw the request for another engine."""
        self._other = None

    def begin_anew(self) -> None:
        """Load the same engine again, after the current one was lost."""
        self.info, self.fault, self._other = None, "", None

    # --- the client of Generation ----------------------------------------------------------------

    def work(self, row: Row) -> Load:
        return Load(self._other or self.load)

    def land(self, row: Row, value: EngineInfo) -> None:
        assert isinstance(row.work, Load)
        self.load, self._other = row.work.load, None
        self.info, self.fault = value, ""
        self.loaded.emit(value)

    def fail(self, row: Row, sentence: str) -> None:
        if self.is_switching:
            self._other = None
            self.switch_failed.emit(sentence)
        else:
            self.fault = sentence
            self.load_failed.emit(sentence)
