"""Loading the engine, switching to another one, and letting go of it until it is used again."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from app.engine.jobs import Load, LoadEngine, Release
from app.engine.timetable import Kind, Row
from lazydiff_core.contract import EngineInfo


class EngineLoader(QObject):
    """Knows how the engine is loaded and the properties of the loaded engine."""

    loaded = Signal(object)  # EngineInfo
    measuring = Signal(int, int)  # steps done, of how many: something is found out once of a model
    load_failed = Signal(str)  # there is no engine
    switch_failed = Signal(str)  # another engine failed to load: the current one stays in use
    next_wanted = Signal()  # the current engine has made room for the other one: load it
    released = Signal(object)  # EngineInfo of the engine whose memory was let go of

    def __init__(self, load: LoadEngine, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.load = load  # of the current engine, or of the first one
        self._other: LoadEngine | None = None
        self.info: EngineInfo | None = None
        self.fault = ""  # why there is no engine
        self.is_released = False  # `info` is of an engine that the next use loads again

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
        self.is_released = False

    @property
    def has_engine(self) -> bool:
        return self.info is not None and not self.is_released

    @property
    def _is_on_card(self) -> bool:
        return self.info is not None and not self.info.device.startswith("cpu")

    # --- the client of Generation ----------------------------------------------------------------

    def work(self, row: Row) -> Load | Release | None:
        if row.kind is Kind.RELEASE:
            return Release() if self.has_engine else None
        if self.is_switching and self.has_engine and self._is_on_card:
            return Release()  # first: a card rarely has room for two
        return Load(self._other or self.load)

    def land(self, row: Row, value: EngineInfo | None) -> None:
        if value is None:
            self.is_released = True
            self.released.emit(self.info)
            if row.kind is Kind.LOAD:
                self.next_wanted.emit()
            return
        assert isinstance(row.work, Load)
        self.is_released = False
        self.load, self._other = row.work.load, None
        self.info, self.fault = value, ""
        self.loaded.emit(value)

    def fail(self, row: Row, sentence: str) -> None:
        if self.is_switching:
            self._other = None
            self.switch_failed.emit(sentence)
        else:
            self.begin_anew()
            self.fault = sentence
            self.load_failed.emit(sentence)
