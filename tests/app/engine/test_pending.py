from __future__ import annotations

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.document.commands import replace_mask
from app.document.document import Document
from app.engine import pending
from app.engine.pending import PendingFills
from lazydiff_core.contract import Box, Progress
from lazydiff_core.generation_settings import GenerationSettings
from tests.app.doubles import INFO


def mask(document: Document, box: Box) -> None:
    shape = np.zeros_like(document.mask)
    shape[box.slices] = True
    replace_mask(document, "Paint mask", shape)


def queued(document: Document, *lefts: int) -> PendingFills:
    fills = PendingFills(document)
    for left in lefts:
        mask(document, Box(left, 40, left + 30, 70))
        fills.put(GenerationSettings(f"at {left}"), INFO)
    return fills


def test_what_is_asked_for_is_frozen(document: Document) -> None:
    fills = queued(document, 40)
    (row,) = fills.queue.rows
    mask(document, Box(200, 200, 210, 210))
    assert row.request.mask[45, 45]
    assert not row.request.mask[205, 205]
    assert row.hole.all()


def test_one_picture_is_copied_once(document: Document) -> None:
    first, second = queued(document, 40, 100).queue.rows
    assert np.shares_memory(first.request.image, second.request.image)


def test_the_mask_counts_as_asked_for_while_it_is_pending(document: Document) -> None:
    fills = queued(document, 40)
    assert document.asked
    mask(document, Box(200, 200, 210, 210))
    assert not document.asked
    document.undo_stack.undo()
    assert document.asked
    fills.cancel_all()
    assert not document.asked


def test_another_picture_empties_the_queue(qtbot: QtBot, document: Document) -> None:
    fills = queued(document, 40, 100)
    with qtbot.waitSignal(fills.changed):
        document.replace(np.zeros((64, 64, 3), np.uint8))
    assert not fills.queue.rows


def test_several_run_only_together(document: Document) -> None:
    fills = queued(document, 40, 100, 160)
    assert len(fills.begin(together=False)) == 1
    assert fills.begin(together=True) == ()
    fills.cancel_running()
    assert len(fills.begin(together=True)) == 2


def test_the_pace_of_what_runs_tells_how_long_the_others_wait(
    document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [100.0]
    monkeypatch.setattr(pending.time, "monotonic", lambda: now[0])
    fills = queued(document, 40, 100, 160)
    ids = [row.id for row in fills.queue.rows]
    assert [fills.seconds_left(number) for number in ids] == [None] * 3
    fills.begin(together=False)
    now[0] += 2
    fills.tell(Progress(ids[0], "denoise", 2, 8, 6.0))
    assert [fills.seconds_left(number) for number in ids] == [6.0, 14.0, 22.0]
    now[0] += 8
    fills.land(ids[0])
    assert [fills.seconds_left(number) for number in ids[1:]] == [10.0, 20.0]


def test_news_of_what_was_taken_back_is_dropped(qtbot: QtBot, document: Document) -> None:
    fills = queued(document, 40)
    number = fills.queue.rows[0].id
    fills.cancel(number)
    with qtbot.assertNotEmitted(fills.progressed):
        fills.tell(Progress(number, "denoise", 1, 4))
    assert not fills.news
