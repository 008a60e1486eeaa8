"""The timetable as a state machine, against a model of what the artist was promised."""

from __future__ import annotations

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from app.engine.jobs import Job, RunRequest, TimeRun
from app.engine.timetable import FillRow, Kind, Row, Timetable
from lazydiff_core.contract import RGB, Box, EditRequest

SIDE = 48
PLACES = [(x, y) for y in (0, 12, 24, 36) for x in (0, 6, 24, 36)]  # some touch


def pending(left: int, top: int, canvas: RGB, prompt: str = "", *, soft: bool = False) -> FillRow:
    mask = np.zeros((SIDE, SIDE), np.bool_)
    mask[top : top + 8, left : left + 8] = True
    cover = np.where(mask, np.uint8(90), np.uint8(0)) if soft else None
    request = EditRequest(canvas, mask, prompt=prompt, cover=cover)
    box = Box(left, top, left + 8, top + 8)
    return FillRow.of(request, box, Box(0, 0, SIDE, min(SIDE, top + 20)))


def blank() -> RGB:
    return np.full((SIDE, SIDE, 3), 255, np.uint8)


def job(row: FillRow) -> Job:
    return Job(row.id, RunRequest(row.request))


def ids(table: Timetable) -> set[int]:
    return {row.id for row in table.rows}


def names(table: Timetable) -> list[str]:
    return [row.request.settings.prompt for row in table.fills]


def test_masks_come_in_the_order_in_which_they_were_asked_for() -> None:
    canvas = blank()
    table = Timetable()
    for k, name in enumerate("abc"):
        table = table.put_fill(pending(16 * k, 0, canvas, name))
    assert names(table) == ["a", "b", "c"]
    assert names(table.put_fill(pending(0, 30, canvas, "d"), front=True)) == ["d", "a", "b", "c"]
    assert names(table.to_front(table.fills[2].id)) == ["c", "a", "b"]


def test_the_same_mask_again_takes_its_place() -> None:
    canvas = blank()
    table = Timetable().put_fill(pending(0, 0, canvas, "a")).put_fill(pending(16, 0, canvas, "b"))
    assert names(table.put_fill(pending(0, 0, canvas, "again"))) == ["again", "b"]
    assert names(table.put_fill(pending(0, 0, canvas, "soft", soft=True))) == ["a", "b", "soft"]


def test_the_same_mask_again_stops_the_running_one_and_comes_next() -> None:
    canvas = blank()
    table = Timetable().put_fill(pending(0, 0, canvas, "a")).put_fill(pending(16, 0, canvas, "b"))
    table = table.begun(table.fills[0], job(table.fills[0])).put_fill(
        pending(0, 0, canvas, "again")
    )
    assert names(table) == ["again", "b"]
    assert table.running is None


def test_what_runs_is_not_put_to_the_front_of_what_waits() -> None:
    canvas = blank()
    table = Timetable().put_fill(pending(0, 0, canvas, "a")).put_fill(pending(16, 0, canvas, "b"))
    table = table.begun(table.fills[0], job(table.fills[0]))
    assert table.to_front(table.fills[0].id) is table
    assert names(table.put_fill(pending(30, 0, canvas, "c"), front=True)) == ["a", "c", "b"]


def test_one_row_runs_at_a_time_the_most_urgent_first() -> None:
    canvas = blank()
    fill, replay, load = pending(0, 0, canvas), Row(Kind.REPLAY), Row(Kind.LOAD)
    table = Timetable().put(Row(Kind.CALIBRATION)).put_fill(fill).put(replay).put(load)
    assert table.next(has_engine=False) is load
    assert table.without({load.id}).next(has_engine=False) is None
    assert table.next(has_engine=True) is load
    assert table.without({load.id}).next(has_engine=True) is replay
    running = table.begun(fill, job(fill))
    assert running.next(has_engine=True) is None, "somebody waits for what runs"


def test_what_nobody_waits_for_gives_way_and_waits_again() -> None:
    timed = Row(Kind.CALIBRATION)
    table = Timetable().put(timed).begun(timed, Job(timed.id, TimeRun(2)))
    fill = pending(0, 0, blank())
    table = table.put_fill(fill)
    assert table.next(has_engine=True) is fill
    table = table.begun(fill, job(fill))
    assert [(row.kind, row.running) for row in table.rows] == [
        (Kind.CALIBRATION, False),
        (Kind.FILL, True),
    ]
    assert table.row(timed.id) is None, "what the old job still reports is not its own"
    assert table.put(Row(Kind.CONTEXT)).next(has_engine=True) is None


def test_of_other_kinds_the_newest_stays() -> None:
    old, new = Row(Kind.LIVE), Row(Kind.LIVE)
    table = Timetable().put(old).begun(old, Job(old.id, TimeRun(2))).put(new)
    assert table.rows == (new,)


def test_a_neighbour_that_lands_is_a_change_in_sight() -> None:
    canvas = blank()
    table = Timetable()
    for place, name in (((0, 0), "done"), ((30, 0), "sees it"), ((30, 30), "sees it too")):
        table = table.put_fill(pending(*place, canvas, name))
    now = canvas.copy()
    now[0:8, 0:8] = 7
    table = table.begun(table.fills[0], job(table.fills[0])).landed(table.fills[0], now)
    assert [row.changed for row in table.fills] == [True, True]
    fresh = table.on(table.fills[0].id, now)
    assert [row.changed for row in fresh.fills] == [False, True]
    assert fresh.rows[0].id != table.fills[0].id, (
        "what the old one might still bring is not its own"
    )
    assert [row.changed for row in table.compared(canvas).fills] == [False, False], "undone"


def test_a_change_out_of_sight_or_under_the_fill_is_none() -> None:
    canvas = blank()
    table = Timetable().put_fill(pending(20, 0, canvas)).put_fill(pending(0, 0, canvas, soft=True))
    below, under = canvas.copy(), canvas.copy()
    below[40:] = 7
    under[2:6, 22:26] = 7
    assert [row.changed for row in table.compared(below).fills] == [False, False]
    assert [row.changed for row in table.compared(under).fills] == [False, True]
    through = canvas.copy()
    through[2:6, 2:6] = 7
    assert [row.changed for row in table.compared(through).fills] == [True, True], "soft edges"


def test_an_overlapping_mask_sees_what_it_waited_for() -> None:
    canvas = blank()
    table = (
        Timetable()
        .put_fill(pending(0, 0, canvas, "first"))
        .put_fill(pending(4, 4, canvas, "second"))
    )
    table = table.begun(table.fills[0], job(table.fills[0]))
    assert table.next(has_engine=True) is None
    now = canvas.copy()
    now[0:8, 0:8] = 7
    table = table.landed(table.fills[0], now)
    row = table.next(has_engine=True)
    assert isinstance(row, FillRow)
    assert row.request.image is now
    assert not row.changed


class Painting(RuleBasedStateMachine):
    """An artist, an engine and the table between them."""

    def __init__(self) -> None:
        super().__init__()
        self.canvas = blank()
        self.table = Timetable()
        self.landings = 0

    @rule(place=st.sampled_from(PLACES), front=st.booleans(), soft=st.booleans())
    def ask(self, place: tuple[int, int], front: bool, soft: bool) -> None:
        new = pending(*place, self.canvas, soft=soft)
        self.table = self.table.put_fill(new, front=front)
        if front:
            assert self.table.waiting_fills[0].id == new.id
        assert self.table.row(new.id) is new

    @precondition(lambda self: self.table.fills)
    @rule(data=st.data())
    def take_back(self, data: st.DataObject) -> None:
        row = data.draw(st.sampled_from(self.table.fills))
        self.table = self.table.without({row.id})
        assert self.table.row(row.id) is None

    @precondition(lambda self: self.table.fills)
    @rule(data=st.data())
    def prefer(self, data: st.DataObject) -> None:
        row = data.draw(st.sampled_from(self.table.fills))
        self.table = self.table.to_front(row.id)
        if not row.running:
            assert self.table.waiting_fills[0] is row

    @precondition(lambda self: self.table.fills)
    @rule(data=st.data())
    def look_again(self, data: st.DataObject) -> None:
        row = data.draw(st.sampled_from(self.table.fills))
        count = len(self.table.fills)
        self.table = self.table.on(row.id, self.canvas)
        assert len(self.table.fills) == count
        assert row.id not in ids(self.table)

    @precondition(lambda self: self.table.rows)
    @rule()
    def run(self) -> None:
        waiting = self.table.waiting_fills
        row = self.table.next(has_engine=True)
        if self.table.running is not None:
            assert row is None
        elif row is not None:
            assert row is waiting[0]
            self.table = self.table.begun(row, job(waiting[0]))

    @precondition(lambda self: self.table.running)
    @rule()
    def land(self) -> None:
        row = self.table.fills[0]
        self.landings += 1
        self.canvas = self.canvas.copy()
        self.canvas[row.request.mask] = self.landings % 200
        touching = {other.id for other in self.table.waiting_fills if other.touches(row)}
        self.table = self.table.landed(row, self.canvas)
        assert not touching & ids(self.table), "they look again"

    @invariant()
    def rows_are_in_order_and_apart(self) -> None:
        rows = self.table.fills
        states = [row.running for row in rows]
        assert states == sorted(states, reverse=True), "the running one first"
        assert sum(states) <= 1
        assert len(ids(self.table)) == len(rows)
        for k, row in enumerate(rows):
            for other in rows[:k]:
                assert not row.fills(other.request.mask, other.request.cover)

    @invariant()
    def the_badge_is_true(self) -> None:
        for row in self.table.fills:
            sight = row.visible.slices
            counts = np.ones((SIDE, SIDE), np.bool_)
            if row.request.cover is None:
                counts &= ~row.request.mask
            differing = (row.request.image != self.canvas).any(axis=2) & counts
            assert row.changed == differing[sight].any()


TestPainting = Painting.TestCase
TestPainting.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
