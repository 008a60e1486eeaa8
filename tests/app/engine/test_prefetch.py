from __future__ import annotations

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.document.document import Document
from app.engine.prefetch import Foresight
from lazydiff_core.contract import Box
from tests.app.document.test_commands import square


@pytest.fixture
def foresight(qapp: object, document: Document) -> Foresight:
    made = Foresight(document)
    made.enabled = True
    return made


def test_the_mask_at_rest_is_looked_at(
    qtbot: QtBot, document: Document, foresight: Foresight
) -> None:
    with qtbot.waitSignal(foresight.wanted) as wanted:
        square(document, Box(10, 10, 30, 30))
    assert np.count_nonzero(wanted.args[0].mask) == 20 * 20
    assert wanted.args[0].scope == "auto"


def test_another_scope_is_looked_at_too(
    qtbot: QtBot, document: Document, foresight: Foresight
) -> None:
    square(document, Box(10, 10, 30, 30))
    with qtbot.waitSignal(foresight.wanted) as wanted:
        foresight.set_scope("whole")
    assert wanted.args[0].scope == "whole"


def test_newer_wishes_supersede_older_ones(
    qtbot: QtBot, document: Document, foresight: Foresight
) -> None:
    with qtbot.waitSignal(foresight.wanted) as wanted:
        square(document, Box(10, 10, 30, 30))
    foresight.prepare()
    assert wanted.args[0].superseded.is_set()


@pytest.mark.parametrize("reason", ["disabled", "no mask", "filled"])
def test_nothing_is_looked_at_in_vain(
    qtbot: QtBot, document: Document, foresight: Foresight, reason: str
) -> None:
    if reason != "no mask":
        square(document, Box(10, 10, 30, 30))
    foresight.enabled = reason != "disabled"
    document.filled = reason == "filled"
    with qtbot.assertNotEmitted(foresight.wanted):
        foresight.prepare()
