"""Learns what fills cost on this machine, from those that are made and from short rehearsals."""

from __future__ import annotations

import os
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.engine.estimate.cost_model import Curve, Ledger, Run
from app.engine.worker import Rehearsal
from app.system.settings import SettingsStore
from lazydiff_core.contract import EditResult, EngineInfo

# Sides of holes in tokens, and whether memory is counted. The first run warms up: not counted.
_PLAN = ((2, False), (2, False), (8, False), (16, False), (2, True), (8, True))
_REST_MS = 1500  # so long after the last one the next may begin


class Pricing(QObject):
    """The curve of the loaded model, and the rehearsals that begin one.

    Rehearsals are made once for a model on a device, one by one, while the machine has nothing
    else to do; whoever submits a request calls `give_way`, which ends them within a step.
    """

    changed = Signal()
    rehearsal = Signal(object)  # Rehearsal, to be made

    def __init__(
        self,
        settings: SettingsStore,
        is_idle: Callable[[], bool],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._settings, self._is_idle = settings, is_idle
        self._ledger = Ledger(settings.value.costs)
        self._info: EngineInfo | None = None
        self._plan: list[tuple[int, bool]] = []
        self._asked: Rehearsal | None = None
        self.curve: Curve | None = None
        self._rest = QTimer(self)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._next)

    @property
    def count(self) -> int:
        """How many runs the curve comes from."""
        return 0 if self._info is None else len(self._ledger.runs(self._info))

    def use(self, info: EngineInfo) -> None:
        """Another engine has been loaded."""
        self.give_way()
        self._info = info
        self._draw()
        self._plan = [] if self.curve is not None else list(_PLAN)
        if self._plan:
            self._rest.start()

    def learn(self, result: EditResult) -> None:
        """A fill has been made."""
        if self._info is not None:
            self._ledger.add(self._info, Run.of(result))
            self._draw()

    def give_way(self) -> None:
        """Something more urgent has come: the rehearsal is made again later."""
        if self._asked is not None:
            self._asked.superseded.set()
            self._asked = None

    def stop(self) -> None:
        """The window is closing: keep what was learned for the next start."""
        self._rest.stop()
        self.give_way()
        self._remember()

    def _remember(self) -> None:
        self._settings.update(costs=self._ledger.written())

    @Slot(object, object)
    def on_rehearsed(self, asked: Rehearsal, result: EditResult) -> None:
        if asked is not self._asked:
            return
        self._asked = None
        if len(self._plan) < len(_PLAN):
            self.learn(result)
        self._plan.pop(0)
        if not self._plan:
            self._rest.stop()
            self._remember()

    def _next(self) -> None:
        if self._asked is None and self._is_idle():
            across, counting = self._plan[0]
            self._asked = Rehearsal(across, counting)
            self.rehearsal.emit(self._asked)

    def _draw(self) -> None:
        self.curve = None if self._info is None else Curve.of(self._ledger.runs(self._info))
        self.changed.emit()


def machine_is_quiet() -> bool:
    """No more is going on than the processors can do; unknown systems count as quiet."""
    if not hasattr(os, "getloadavg"):
        return True
    return os.getloadavg()[0] <= (os.cpu_count() or 1)
