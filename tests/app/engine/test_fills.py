"""Masks that were asked for: frozen, counted as asked for, gone with their picture."""

from __future__ import annotations

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.document.document import Document
from app.engine import pace
from app.engine.jobs import Stopped
from lazydiff_core.contract import Box, Progress
from tests.app.engine.driving import mask_only, queued


def test_what_is_asked_for_is_frozen(document: Document) -> None:
    generation, _ = queued(document, 40)
    (row,) = generation.state.table.fills
    mask_only(document, Box(200, 200, 210, 210))
    assert row.request.mask[45, 45]
    assert not row.request.mask[205, 205]
    assert row.hole.all()


def test_one_picture_is_copied_once(document: Document) -> None:
    generation, _ = queued(document, 40, 100)
    first, second = generation.state.table.fills
    assert np.shares_memory(first.request.image, second.request.image)


def test_the_mask_counts_as_asked_for_while_it_is_pending(document: Document) -> None:
    generation, _ = queued(document, 40)
    assert document.asked
    mask_only(document, Box(200, 200, 210, 210))
    assert not document.asked
    document.undo_stack.undo()
    assert document.asked
    generation.cancel_all()
    assert not document.asked


def test_another_picture_empties_the_queue(qtbot: QtBot, document: Document) -> None:
    generation, thread = queued(document, 40, 100)
    with qtbot.waitSignal(generation.state_changed):
        document.replace(np.zeros((64, 64, 3), np.uint8))
    assert not generation.state.table.fills
    assert thread.taken[-1].cancelled.is_set()


def test_the_next_fill_begins_when_one_is_taken_back(document: Document) -> None:
    generation, thread = queued(document, 40, 100)
    first, second = generation.state.table.fills
    assert [job.id for job in thread.taken[1:]] == [first.id]
    generation.cancel()
    assert thread.taken[1].cancelled.is_set()
    assert [job.id for job in thread.taken[1:]] == [first.id, second.id]
    generation.cancel_fill(second.id)
    assert not generation.is_running


def test_the_pace_of_what_runs_tells_how_long_the_others_wait(
    document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [100.0]
    monkeypatch.setattr(pace.time, "monotonic", lambda: now[0])
    generation, thread = queued(document, 40, 100, 160)
    ids = [row.id for row in generation.state.table.fills]
    assert [generation.seconds_left(number) for number in ids] == [None] * 3
    now[0] += 2
    thread.tell_step(2, 8, 6.0)
    assert [generation.seconds_left(number) for number in ids] == [6.0, 14.0, 22.0]
    now[0] += 8
    thread.finish()
    assert [generation.seconds_left(number) for number in ids[1:]] == [None, 10.0]


def test_news_of_what_was_taken_back_is_dropped(qtbot: QtBot, document: Document) -> None:
    generation, thread = queued(document, 40)
    (row,) = generation.state.table.fills
    generation.cancel_fill(row.id)
    with qtbot.assertNotEmitted(generation.progressed):
        thread.tell(Progress(row.id, "denoise", 1, 4))
    with qtbot.assertNotEmitted(generation.state_changed):
        thread.tell(Stopped())
    assert generation.news_of(row.id) is None
