"""The engine's running and waiting work, in order: one frozen value, Qt-free.

Every kind of work is a row: loading an engine, a check of LoRAs, a step of a replay, a thing to be
lifted, a fill, a live fill, a context, a calibration run, a look at public models, letting go of
the engine. One row runs at a time. A transition returns a new timetable; `app.engine.generation`
cancels the rows that have left it, and compares it with the document.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from enum import IntEnum
from itertools import count

import numpy as np

from app.document.edits import Edit, beneath, holes_touch
from app.engine.jobs import Job, Work
from lazydiff_core.contract import Box, Cover, EditRequest, Mask, Pixels, is_removal

_ids = count(-1, -1)  # negative, since the ids of requests are positive


class Kind(IntEnum):
    """The kind of a row, most urgent first (ADR 25)."""

    LOAD = 0
    LORAS = 1
    REPLAY = 2
    LIFT = 3
    FILL = 4
    LIVE = 5
    CONTEXT = 6
    CALIBRATION = 7
    MODELS = 8
    RELEASE = 9

    @property
    def gives_way(self) -> bool:
        """Whether more urgent rows interrupt it while it runs, since nobody waits for it."""
        return Kind.LIVE <= self < Kind.RELEASE

    @property
    def wakes(self) -> bool:
        """Whether a released engine is loaded again for it, since it serves the artist's hand."""
        return Kind.LOAD < self < Kind.CALIBRATION


ON_CANVAS = (Kind.REPLAY, Kind.LIFT, Kind.FILL)  # the artist waits for these


@dataclass(frozen=True, eq=False)
class Row:
    """One piece of work. It runs if it has a job, otherwise it waits."""

    kind: Kind
    id: int = field(default_factory=lambda: next(_ids))
    job: Job | None = None

    @property
    def running(self) -> bool:
        return self.job is not None

    @property
    def needs_engine(self) -> bool:
        """Whether a loaded model must run it."""
        return self.kind not in (Kind.LOAD, Kind.MODELS, Kind.RELEASE)

    @property
    def work(self) -> Work:
        """What a running row does."""
        assert self.job is not None
        return self.job.work

    def anew(self) -> Row:
        """The same work, waiting, with a new id."""
        return replace(self, id=next(_ids), job=None)


@dataclass(frozen=True, eq=False)
class FillRow(Row):
    """A queued or running fill; its mask and settings are frozen.

    request: has the same id as the row.
    box:     the box around its hole.
    visible: the part of the canvas that the model may see.
    again:   the edit that this row tries again, on the canvas beneath it; None = a first fill.
    changed: the visible canvas has changed since the request was made.
    name:    of the edit that it becomes; "" = none.
    """

    kind: Kind = field(default=Kind.FILL, init=False)
    request: EditRequest = field(kw_only=True)
    box: Box = field(kw_only=True)
    visible: Box = field(kw_only=True)
    again: Edit | None = field(default=None, kw_only=True)
    changed: bool = field(default=False, kw_only=True)
    name: str = field(default="", kw_only=True)

    @classmethod
    def of(cls, request: EditRequest, box: Box, visible: Box, again: Edit | None = None) -> FillRow:
        return cls(id=request.id, request=request, box=box, visible=visible, again=again)

    @property
    def hole(self) -> Mask:
        """(h, w) bool: the hole, in `box`."""
        return self.request.mask[self.box.slices]

    @property
    def needs_engine(self) -> bool:
        return not is_removal(self.request.settings)

    def fills(self, mask: Mask, cover: Cover | None) -> bool:
        """Whether its hole is exactly this (H, W) mask with this cover; None = hard edges."""
        own = self.request.cover
        return np.array_equal(self.request.mask, mask) and (
            own is cover is None
            or (own is not None and cover is not None and np.array_equal(own, cover))
        )

    def touches(self, other: FillRow) -> bool:
        """Whether one fill shows in the other, or in the ring that blending reads around it."""
        return holes_touch(self.box, self.hole, other.box, other.hole)

    def sees_change(self, pixels: Pixels) -> bool:
        """Whether the visible canvas differs from its own, outside what its fill hides."""
        if pixels is self.request.image:
            return False
        now, then = pixels[self.visible.slices], self.request.image[self.visible.slices]
        soft = self.request.cover is not None  # such edges let the old pixels through
        if self.again is None and (soft or self.request.settings.edit):
            return not np.array_equal(now, then)
        differing = (now != then).any(axis=2)
        return bool((differing & ~self.request.mask[self.visible.slices]).any())

    def marked(self, changed: bool) -> FillRow:
        return self if self.changed == changed else replace(self, changed=changed)

    def on(self, pixels: Pixels) -> FillRow:
        """The same fill on the canvas `pixels`, waiting, with a new id."""
        request = self.request.on(pixels if self.again is None else beneath(self.again, pixels))
        return replace(self, id=request.id, request=request, job=None, changed=False)


@dataclass(frozen=True)
class Timetable:
    """All rows; rows of one kind are in the order in which they will run.

    No two fills have the same hole; every other kind has at most one row.
    """

    rows: tuple[Row, ...] = ()

    @property
    def running(self) -> Row | None:
        return next((row for row in self.rows if row.running), None)

    @property
    def fills(self) -> tuple[FillRow, ...]:
        """The queue: the running fill first, then the waiting ones."""
        fills = [row for row in self.rows if isinstance(row, FillRow)]
        return tuple(sorted(fills, key=lambda row: not row.running))

    @property
    def waiting_fills(self) -> tuple[FillRow, ...]:
        return tuple(row for row in self.fills if not row.running)

    def row(self, number: int) -> Row | None:
        """The row with this id; None if it has left the timetable."""
        return next((row for row in self.rows if row.id == number), None)

    def fill(self, number: int) -> FillRow | None:
        """The fill with this id; None if it has left the timetable."""
        row = self.row(number)
        return row if isinstance(row, FillRow) else None

    def has(self, *kinds: Kind) -> bool:
        return any(row.kind in kinds for row in self.rows)

    def wakes(self) -> bool:
        """Whether a released engine is to be loaded again."""
        return any(row.needs_engine and row.kind.wakes for row in self.rows)

    def runs(self, *kinds: Kind) -> bool:
        return any(row.running and row.kind in kinds for row in self.rows)

    # --- requests --------------------------------------------------------------------------------

    def put(self, new: Row) -> Timetable:
        """Add a waiting row, replacing one of its kind. For fills use `put_fill`."""
        return Timetable((*self.without_kinds(new.kind).rows, new))

    def put_fill(self, new: FillRow, *, front: bool = False) -> Timetable:
        """Add a fill at the end of the queue, or in front of all waiting fills.

        It replaces a fill with the same hole, at the same place in the queue.
        """
        request = new.request
        twin = next((row for row in self.fills if row.fills(request.mask, request.cover)), None)
        if twin is None:
            return Timetable((new, *self.rows) if front else (*self.rows, new))
        if front or twin.running:
            return self.without({twin.id}).put_fill(new, front=True)
        return self._with(twin, new)

    def without(self, ids: Collection[int]) -> Timetable:
        """The timetable without these rows."""
        return Timetable(tuple(row for row in self.rows if row.id not in ids))

    def without_kinds(self, *kinds: Kind) -> Timetable:
        return Timetable(tuple(row for row in self.rows if row.kind not in kinds))

    def to_front(self, number: int) -> Timetable:
        """Make a waiting fill the next one; no change for any other row."""
        row = self.fill(number)
        if row is None or row.running:
            return self
        return self.without({number}).put_fill(row, front=True)

    # --- changes of the canvas -------------------------------------------------------------------

    def on(self, number: int, pixels: Pixels) -> Timetable:
        """Give a fill the canvas `pixels`. A running fill starts over as the next one."""
        row = self.fill(number)
        if row is None:
            return self
        if row.running:
            return self.without({number}).put_fill(row.on(pixels), front=True)
        return self._with(row, row.on(pixels))

    def landed(self, done: FillRow, pixels: Pixels) -> Timetable:
        """The timetable after a fill has become part of (H, W, 3) uint8 `pixels`.

        Waiting fills that touch it take the new canvas; others may be marked as changed.
        """
        table = self.without({done.id})
        for row in table.waiting_fills:
            if row.touches(done):
                table = table.on(row.id, pixels)
        return table.compared(pixels)

    def compared(self, pixels: Pixels) -> Timetable:
        """The same rows, with `changed` of each fill updated for (H, W, 3) uint8 `pixels`."""
        rows = tuple(
            row.marked(row.sees_change(pixels)) if isinstance(row, FillRow) else row
            for row in self.rows
        )
        return Timetable(rows)

    # --- running ---------------------------------------------------------------------------------

    def next(self, *, has_engine: bool) -> Row | None:
        """The row to start now: the most urgent, unless a row at least as urgent runs; else None.

        Without an engine, only a row that loads one, or needs none, can start.
        """
        waiting = [
            row for row in self.rows if not row.running and (has_engine or not row.needs_engine)
        ]
        first = min(waiting, key=lambda row: row.kind, default=None)
        running = self.running
        if first is None or running is None:
            return first
        return first if running.kind.gives_way and first.kind < running.kind else None

    def begun(self, row: Row, job: Job) -> Timetable:
        """The timetable with `row` running as `job`; the row that ran before waits again."""
        running = self.running
        table = self if running is None else self._with(running, running.anew())
        return table._with(row, replace(row, job=job))

    def _with(self, old: Row, new: Row) -> Timetable:
        return Timetable(tuple(new if row is old else row for row in self.rows))
