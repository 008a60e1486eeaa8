"""Bank mode: keys of the visible tokens, computed by themselves, once for each kept timestep.

Hole tokens are left out, so nothing of the old content can leak, and no prompt or seed takes part:
a bank serves all of them. A timestep that is missing is made when a run comes to it, so a result
never depends on how far the bank had got.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from lazydiff_core.backends.cached_dit.budget import Plan
from lazydiff_core.backends.cached_dit.canvas import Canvas
from lazydiff_core.backends.cached_dit.family import Family, Text
from lazydiff_core.backends.cached_dit.moments import Moment, Recall, Record
from lazydiff_core.backends.cached_dit.schedule import Schedule
from lazydiff_core.device_faults import is_out_of_memory


class BankError(Exception):
    """Memory ended although the bank had been budgeted; what it held is let go."""


class Bank:
    """Moments of one canvas for one schedule; `text` is what the visible tokens are told."""

    def __init__(
        self, family: Family, canvas: Canvas, schedule: Schedule, plan: Plan, text: Text
    ) -> None:
        self.family, self.canvas, self.schedule = family, canvas, schedule
        self.plan, self.text = plan, text
        self.moments: dict[int, Moment] = {}

    @property
    def bytes(self) -> int:
        return sum(moment.bytes for moment in self.moments.values())

    def fill(self, stop: Callable[[], bool]) -> None:
        """Make what is missing, earliest first; `stop` is asked before each. Raises BankError."""
        for step in range(0, len(self.schedule), self.plan.stride):
            if stop():
                return
            self.at(step)

    def at(self, step: int) -> Moment:
        """The moment that serves a step. Raises BankError."""
        kept = step - step % self.plan.stride
        if kept not in self.moments and not self._make(kept):
            self.moments.clear()  # here, where the failed allocation's frames are gone
            if self.canvas.tokens.is_cuda:
                torch.cuda.empty_cache()
            raise BankError
        return self.moments[kept]

    def _make(self, step: int) -> bool:
        record = Record(self.plan.storage, len(self.canvas.visible_N))
        x = self.canvas.visible_at(step, self.schedule.rates[step])
        try:
            t, places = self.schedule.times[step], self.canvas.visible_N
            self.family.predict(self.canvas.told(x, places), places, t, self.text, record)
        except RuntimeError as error:
            if not is_out_of_memory(error):
                raise
            return False
        self.moments[step] = record.moment
        return True

    def predict(self, step: int, x_BNP: Tensor, text: Text) -> Tensor:
        """A prediction for hole tokens (B,N,P). Raises BankError."""
        moment = self.at(step)
        t, places = self.schedule.times[step], self.canvas.hole_N
        told = self.canvas.told(x_BNP, places)
        return self.family.predict(told, places, t, text, Recall(moment))
