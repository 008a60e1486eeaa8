"""The queue as a state machine, against a model of what the artist was promised."""

from __future__ import annotations

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from app.engine.queue import MOST_TOGETHER, Pending, Queue
from lazydiff_core.contract import RGB, Box, EditRequest

SIDE = 48
PLACES = [(x, y) for y in (0, 12, 24, 36) for x in (0, 6, 24, 36)]  # some touch


def pending(left: int, top: int, canvas: RGB, prompt: str = "", *, soft: bool = False) -> Pending:
    mask = np.zeros((SIDE, SIDE), np.bool_)
    mask[top : top + 8, left : left + 8] = True
    cover = np.where(mask, np.uint8(90), np.uint8(0)) if soft else None
    request = EditRequest(canvas, mask, prompt=prompt, cover=cover)
    box = Box(left, top, left + 8, top + 8)
    return Pending(request, box, Box(0, 0, SIDE, min(SIDE, top + 20)))


def blank() -> RGB:
    return np.full((SIDE, SIDE, 3), 255, np.uint8)


def names(queue: Queue) -> list[str]:
    return [row.request.settings.prompt for row in queue.rows]


def test_masks_come_in_the_order_in_which_they_were_asked_for() -> None:
    canvas = blank()
    queue = Queue()
    for k, name in enumerate("abc"):
        queue = queue.put(pending(16 * k, 0, canvas, name))
    assert names(queue) == ["a", "b", "c"]
    assert names(queue.put(pending(0, 30, canvas, "d"), front=True)) == ["d", "a", "b", "c"]
    assert names(queue.to_front(queue.rows[2].id)) == ["c", "a", "b"]


def test_the_same_mask_again_takes_its_place() -> None:
    canvas = blank()
    queue = Queue().put(pending(0, 0, canvas, "a")).put(pending(16, 0, canvas, "b"))
    assert names(queue.put(pending(0, 0, canvas, "again"))) == ["again", "b"]
    assert names(queue.put(pending(0, 0, canvas, "soft", soft=True))) == ["a", "b", "soft"]


def test_the_same_mask_again_stops_the_running_one_and_comes_next() -> None:
    canvas = blank()
    queue = Queue().put(pending(0, 0, canvas, "a")).put(pending(16, 0, canvas, "b"))
    queue = queue.begun({queue.rows[0].id}).put(pending(0, 0, canvas, "again"))
    assert names(queue) == ["again", "b"]
    assert not queue.running


def test_what_runs_is_not_put_to_the_front_of_what_waits() -> None:
    canvas = blank()
    queue = Queue().put(pending(0, 0, canvas, "a")).put(pending(16, 0, canvas, "b"))
    queue = queue.begun({queue.rows[0].id})
    assert queue.to_front(queue.rows[0].id) is queue
    assert names(queue.put(pending(30, 0, canvas, "c"), front=True)) == ["a", "c", "b"]


def test_touching_masks_do_not_run_together() -> None:
    canvas = blank()
    queue = Queue()
    for place, name in (((0, 0), "a"), ((10, 0), "near a"), ((20, 0), "near that"), ((40, 0), "d")):
        queue = queue.put(pending(*place, canvas, name))
    assert [row.request.settings.prompt for row in queue.next_batch()] == ["a", "d"]
    assert [row.request.settings.prompt for row in queue.next_batch(1)] == ["a"]


def test_a_neighbour_that_lands_is_a_change_in_sight() -> None:
    canvas = blank()
    queue = Queue()
    for place, name in (((0, 0), "done"), ((30, 0), "sees it"), ((30, 30), "sees it too")):
        queue = queue.put(pending(*place, canvas, name))
    now = canvas.copy()
    now[0:8, 0:8] = 7
    queue = queue.begun({queue.rows[0].id}).landed(queue.rows[0].id, now)
    assert [row.changed for row in queue.rows] == [True, True]
    fresh = queue.seen_anew(queue.rows[0].id, now)
    assert [row.changed for row in fresh.rows] == [False, True]
    assert fresh.rows[0].id != queue.rows[0].id, "what the old one might still bring is not its own"
    assert [row.changed for row in queue.compared(canvas).rows] == [False, False], "undone"


def test_a_change_out_of_sight_or_under_the_fill_is_none() -> None:
    canvas = blank()
    queue = Queue().put(pending(20, 0, canvas)).put(pending(0, 0, canvas, soft=True))
    below, under = canvas.copy(), canvas.copy()
    below[40:] = 7
    under[2:6, 22:26] = 7
    assert [row.changed for row in queue.compared(below).rows] == [False, False]
    assert [row.changed for row in queue.compared(under).rows] == [False, True]
    through = canvas.copy()
    through[2:6, 2:6] = 7
    assert [row.changed for row in queue.compared(through).rows] == [True, True], "soft edges"


def test_an_overlapping_mask_sees_what_it_waited_for() -> None:
    canvas = blank()
    queue = Queue().put(pending(0, 0, canvas, "first")).put(pending(4, 4, canvas, "second"))
    queue = queue.begun({queue.rows[0].id})
    assert queue.next_batch() == ()
    now = canvas.copy()
    now[0:8, 0:8] = 7
    queue = queue.landed(queue.rows[0].id, now)
    (row,) = queue.next_batch()
    assert row.request.image is now
    assert not row.changed


class Painting(RuleBasedStateMachine):
    """An artist, an engine and the queue between them."""

    def __init__(self) -> None:
        super().__init__()
        self.canvas = blank()
        self.queue = Queue()
        self.landings = 0

    @rule(place=st.sampled_from(PLACES), front=st.booleans(), soft=st.booleans())
    def ask(self, place: tuple[int, int], front: bool, soft: bool) -> None:
        new = pending(*place, self.canvas, soft=soft)
        self.queue = self.queue.put(new, front=front)
        if front:
            assert self.queue.waiting[0].id == new.id
        assert self.queue.row(new.id) is new

    @precondition(lambda self: self.queue.rows)
    @rule(data=st.data())
    def take_back(self, data: st.DataObject) -> None:
        row = data.draw(st.sampled_from(self.queue.rows))
        self.queue = self.queue.without({row.id})
        assert self.queue.row(row.id) is None

    @precondition(lambda self: self.queue.rows)
    @rule(data=st.data())
    def prefer(self, data: st.DataObject) -> None:
        row = data.draw(st.sampled_from(self.queue.rows))
        self.queue = self.queue.to_front(row.id)
        if not row.running:
            assert self.queue.waiting[0] is row

    @precondition(lambda self: self.queue.rows)
    @rule(data=st.data())
    def look_again(self, data: st.DataObject) -> None:
        row = data.draw(st.sampled_from(self.queue.rows))
        count = len(self.queue.rows)
        self.queue = self.queue.seen_anew(row.id, self.canvas)
        assert len(self.queue.rows) == count
        assert row.id not in self.queue.ids

    @rule(most=st.integers(1, MOST_TOGETHER))
    def run(self, most: int) -> None:
        waiting = self.queue.waiting
        batch = self.queue.next_batch(most)
        assert bool(batch) == (bool(waiting) and not self.queue.running)
        assert len(batch) <= most
        if batch:
            assert batch[0] is waiting[0]
        self.queue = self.queue.begun({row.id for row in batch})

    @precondition(lambda self: self.queue.running)
    @rule(data=st.data())
    def land(self, data: st.DataObject) -> None:
        row = data.draw(st.sampled_from(self.queue.running))
        self.landings += 1
        self.canvas = self.canvas.copy()
        self.canvas[row.request.mask] = self.landings % 200
        touching = {other.id for other in self.queue.waiting if other.touches(row)}
        self.queue = self.queue.landed(row.id, self.canvas)
        assert not touching & self.queue.ids, "they look again"

    @invariant()
    def rows_are_in_order_and_apart(self) -> None:
        rows = self.queue.rows
        states = [row.running for row in rows]
        assert states == sorted(states, reverse=True), "running ones first"
        assert len(self.queue.ids) == len(rows)
        for k, row in enumerate(rows):
            for other in rows[:k]:
                assert not row.fills(other.request.mask, other.request.cover)
                assert not (row.running and other.running and row.touches(other))

    @invariant()
    def the_badge_is_true(self) -> None:
        for row in self.queue.rows:
            visible = row.visible.slices
            counts = np.ones((SIDE, SIDE), np.bool_)
            if row.request.cover is None:
                counts &= ~row.request.mask
            differing = (row.request.image != self.canvas).any(axis=2) & counts
            assert row.changed == differing[visible].any()


TestPainting = Painting.TestCase
TestPainting.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
