"""The queue of fills that have been asked for: which run, which wait, and what each may know of
the others. Plain values, Qt-free; `app.engine.pending` keeps one true to a document.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np

from app.document.edits import holes_touch
from lazydiff_core.contract import RGB, Box, Cover, EditRequest, Mask

MOST_TOGETHER = 4  # more gain little, and the first result would come late


@dataclass(frozen=True, eq=False)
class Pending:
    """A request on its way to the canvas; its mask and prompt are frozen.

    box:     around its hole.
    visible: the part of the canvas that its model may look at.
    running: the engine has it; otherwise it waits.
    changed: what is visible is not what it was when the canvas was taken for it.
    """

    request: EditRequest
    box: Box
    visible: Box
    running: bool = False
    changed: bool = False

    @property
    def id(self) -> int:
        return self.request.id

    @property
    def hole(self) -> Mask:
        """(h, w) bool, what lies in `box`."""
        return self.request.mask[self.box.slices]

    def fills(self, mask: Mask, cover: Cover | None) -> bool:
        """Whether its hole is just this (H, W) mask with this cover; None = hard edges."""
        own = self.request.cover
        return np.array_equal(self.request.mask, mask) and (
            own is cover is None
            or (own is not None and cover is not None and np.array_equal(own, cover))
        )

    def touches(self, other: Pending) -> bool:
        """One fill would show in the other, or in the ring that blending reads around it."""
        return holes_touch(self.box, self.hole, other.box, other.hole)

    def sees_change(self, pixels: RGB) -> bool:
        """Whether the canvas is now another one to it; what its fill hides does not count."""
        if pixels is self.request.image:
            return False
        now, then = pixels[self.visible.slices], self.request.image[self.visible.slices]
        if self.request.cover is not None:  # soft edges let the old pixels through
            return not np.array_equal(now, then)
        differing = (now != then).any(axis=2)
        return bool((differing & ~self.request.mask[self.visible.slices]).any())

    def seen_anew(self, pixels: RGB) -> Pending:
        """The same wish for the canvas as it is now, under a new number; it waits."""
        request = self.request.on(pixels)
        return replace(self, request=request, running=False, changed=False)


@dataclass(frozen=True)
class Queue:
    """Running rows first, then the waiting ones in the order in which they are to run.

    No two rows have the same hole. Rows whose holes touch never run together: the later one waits,
    and sees what the earlier one has become.
    """

    rows: tuple[Pending, ...] = ()

    @property
    def running(self) -> tuple[Pending, ...]:
        return tuple(row for row in self.rows if row.running)

    @property
    def waiting(self) -> tuple[Pending, ...]:
        return tuple(row for row in self.rows if not row.running)

    @property
    def ids(self) -> frozenset[int]:
        return frozenset(row.id for row in self.rows)

    def row(self, number: int) -> Pending | None:
        """The row of this id; None where it is not there any more."""
        return next((row for row in self.rows if row.id == number), None)

    def put(self, new: Pending, *, front: bool = False) -> Queue:
        """Add a waiting row at the end, or in front of all that wait.

        One with the same hole gives way to it, and leaves it its place.
        """
        request = new.request
        twin = next((row for row in self.rows if row.fills(request.mask, request.cover)), None)
        if twin is None:
            waiting = (new, *self.waiting) if front else (*self.waiting, new)
            return Queue((*self.running, *waiting))
        if front or twin.running:
            return self.without({twin.id}).put(new, front=True)
        return self._with(twin.id, new)

    def without(self, ids: Collection[int]) -> Queue:
        """Take rows out."""
        return Queue(tuple(row for row in self.rows if row.id not in ids))

    def to_front(self, number: int) -> Queue:
        """Let a waiting row be the next; nothing for any other."""
        row = self.row(number)
        if row is None or row.running:
            return self
        return self.without({number}).put(row, front=True)

    def seen_anew(self, number: int, pixels: RGB) -> Queue:
        """Take the canvas again for a row. A running one has to begin anew: it is the next."""
        row = self.row(number)
        if row is None:
            return self
        anew = row.seen_anew(pixels)
        if row.running:
            return self.without({number}).put(anew, front=True)
        return self._with(number, anew)

    def landed(self, number: int, pixels: RGB) -> Queue:
        """A row has become a part of (H, W, 3) `pixels`.

        Waiting rows that touch it see it; for the others it may be a change in sight.
        """
        done = self.row(number)
        queue = self.without({number})
        if done is None:
            return queue
        for row in queue.waiting:
            if row.touches(done):
                queue = queue.seen_anew(row.id, pixels)
        return queue.compared(pixels)

    def compared(self, pixels: RGB) -> Queue:
        """The same rows, each knowing whether what it sees is still what it took."""
        rows = tuple(_marked(row, row.sees_change(pixels)) for row in self.rows)
        return self if rows == self.rows else Queue(rows)

    def next_batch(self, most: int = MOST_TOGETHER) -> tuple[Pending, ...]:
        """The rows to run now: none while any runs, else the first and those that may join it."""
        if self.running:
            return ()
        batch: list[Pending] = []
        for place, row in enumerate(self.rows):
            if len(batch) < most and not any(row.touches(ahead) for ahead in self.rows[:place]):
                batch.append(row)
        return tuple(batch)

    def begun(self, ids: Collection[int]) -> Queue:
        """These rows run now."""
        rows = [replace(row, running=True) if row.id in ids else row for row in self.rows]
        return Queue(tuple(sorted(rows, key=lambda row: not row.running)))

    def _with(self, number: int, new: Pending) -> Queue:
        return Queue(tuple(new if row.id == number else row for row in self.rows))


def _marked(row: Pending, changed: bool) -> Pending:
    return row if row.changed == changed else replace(row, changed=changed)
