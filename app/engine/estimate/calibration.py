"""Learns the cost of fills on this machine, from real fills and from calibration runs."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from app.engine.estimate.cost_model import Curve, Ledger, Run
from app.engine.generation import Generation
from app.engine.jobs import TimeRun
from app.engine.timetable import Kind, Row
from app.system.settings import SettingsStore
from lazydiff_core.contract import EditResult, EngineInfo

_log = logging.getLogger(__name__)

# Side of the hole in tokens, and whether memory is counted. The first run only warms up.
_PLAN = ((2, False), (2, False), (8, False), (16, False), (2, True), (8, True))
_REST_MS = 1500  # pause between two runs


class CostCalibration(QObject):
    """The cost curve of the loaded model, and the calibration runs that start it.

    The runs happen once per model and device, one by one, while the machine is idle; more urgent
    work replaces a run within one denoising step.
    """

    changed = Signal()

    def __init__(
        self, settings: SettingsStore, generation: Generation, is_idle: Callable[[], bool]
    ) -> None:
        """is_idle: tells whether nothing waits for the engine or is likely to soon."""
        super().__init__(generation)
        self._settings, self._generation, self._is_idle = settings, generation, is_idle
        self._ledger = Ledger(settings.value.costs)
        self._info: EngineInfo | None = None
        self._plan: list[tuple[int, bool]] = []
        self.curve: Curve | None = None
        self._rest = QTimer(self)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._next)
        generation.serve(Kind.CALIBRATION, self)

    @property
    def count(self) -> int:
        """The number of runs behind the curve."""
        return 0 if self._info is None else len(self._ledger.runs(self._info))

    def use(self, info: EngineInfo) -> None:
        """Switch to a newly loaded engine."""
        self._generation.drop(Kind.CALIBRATION)
        self._info = info
        self._draw()
        self._plan = [] if self.curve is not None else list(_PLAN)
        if self._plan:
            self._rest.start()

    def learn(self, result: EditResult) -> None:
        """Add the run of a finished fill."""
        if self._info is not None:
            self._ledger.add(self._info, Run.of(result))
            self._draw()

    def stop(self) -> None:
        """Stop calibrating, as the window closes, and save what was learned."""
        self._rest.stop()
        self._generation.drop(Kind.CALIBRATION)
        self._remember()

    def _remember(self) -> None:
        self._settings.update(costs=self._ledger.written())

    def _next(self) -> None:
        if self._is_idle() and not self._generation.state.table.has(Kind.CALIBRATION):
            self._generation.ask(Kind.CALIBRATION)

    def _draw(self) -> None:
        self.curve = None if self._info is None else Curve.of(self._ledger.runs(self._info))
        self.changed.emit()

    # --- the client of Generation ----------------------------------------------------------------

    def work(self, row: Row) -> TimeRun | None:
        return TimeRun(*self._plan[0]) if self._plan and self._is_idle() else None

    def land(self, row: Row, value: EditResult) -> None:
        if len(self._plan) < len(_PLAN):
            self.learn(value)
        self._done()

    def fail(self, row: Row, sentence: str) -> None:
        """Go on with the next run, as the artist did not ask for the failed one."""
        _log.warning("What runs cost could not be measured: %s", sentence)
        self._done()

    def _done(self) -> None:
        self._plan.pop(0)
        if not self._plan:
            self._rest.stop()
            self._remember()


def machine_is_quiet() -> bool:
    """Whether the load is below the number of processors; True where the load is unknown."""
    if not hasattr(os, "getloadavg"):
        return True
    return os.getloadavg()[0] <= (os.cpu_count() or 1)
