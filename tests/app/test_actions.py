from __future__ import annotations

from collections import Counter
from operator import attrgetter

import pytest
from PySide6.QtGui import QKeySequence

from app.actions import ACTIONS, CAN_FILL, REASONS, Action
from app.window import MainWindow
from lazydiff_core.storage.resources import resource


def test_names_are_unique() -> None:
    assert max(Counter(row.name for row in ACTIONS).values()) == 1


def test_no_shortcut_means_two_things() -> None:
    keys = Counter(QKeySequence(key).toString() for row in ACTIONS for key in row.shortcuts)
    assert "" not in keys
    assert [key for key, count in keys.items() if count > 1] == []


@pytest.mark.parametrize("row", ACTIONS, ids=attrgetter("name"))
def test_a_row_is_complete(row: Action) -> None:
    assert set(row.needs) <= set(REASONS)
    assert set(CAN_FILL) <= set(REASONS)
    if row.icon:
        assert resource(f"icons/{row.icon}.svg").is_file()


def test_every_slot_is_there(window: MainWindow) -> None:
    for row in ACTIONS:
        assert callable(attrgetter(row.slot)(window)), row.name
