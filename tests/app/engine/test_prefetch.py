from __future__ import annotations

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.document.document import Document
from app.engine.jobs import EncodeContext, Job
from app.engine.prefetch import ContextPrefetcher
from app.engine.timetable import Kind, Row
from lazydiff_core.contract import Box
from tests.app.document.driving import square


@pytest.fixture
def prefetcher(qapp: object, document: Document) -> ContextPrefetcher:
    made = ContextPrefetcher(document)
    made.native_side = 512
    return made


def encoded(prefetcher: ContextPrefetcher) -> EncodeContext:
    work = prefetcher.work(Row(Kind.CONTEXT))
    assert work is not None
    return work


def test_the_mask_at_rest_is_encoded(
    qtbot: QtBot, document: Document, prefetcher: ContextPrefetcher
) -> None:
    with qtbot.waitSignal(prefetcher.wanted):
        square(document, Box(10, 10, 30, 30))
    work = encoded(prefetcher)
    assert np.count_nonzero(work.mask) == 20 * 20
    assert work.scope == "auto"


def test_another_scope_is_encoded_too(
    qtbot: QtBot, document: Document, prefetcher: ContextPrefetcher
) -> None:
    square(document, Box(10, 10, 30, 30))
    with qtbot.waitSignal(prefetcher.wanted):
        prefetcher.set_scope("whole")
    assert encoded(prefetcher).scope == "whole"


def test_a_newer_mask_makes_a_context_obsolete(
    qtbot: QtBot, document: Document, prefetcher: ContextPrefetcher
) -> None:
    square(document, Box(10, 10, 30, 30))
    first = encoded(prefetcher)
    with qtbot.waitSignal(prefetcher.obsolete):
        square(document, Box(30, 30, 50, 50))
    prefetcher.land(Row(Kind.CONTEXT, -1, Job(-1, first)), None)
    assert not prefetcher.ready
    prefetcher.land(Row(Kind.CONTEXT, -2, Job(-2, encoded(prefetcher))), None)
    assert prefetcher.ready


@pytest.mark.parametrize("reason", ["no mask", "filled"])
def test_nothing_is_encoded_in_vain(
    document: Document, prefetcher: ContextPrefetcher, reason: str
) -> None:
    if reason != "no mask":
        square(document, Box(10, 10, 30, 30))
        assert prefetcher.work(Row(Kind.CONTEXT)) is not None
    document.filled = reason == "filled"
    assert prefetcher.work(Row(Kind.CONTEXT)) is None
