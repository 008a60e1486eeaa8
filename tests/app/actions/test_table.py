from __future__ import annotations

from collections import Counter
from operator import attrgetter

import pytest
from PySide6.QtGui import QKeySequence

from app.actions import ACTIONS, Action
from lazydiff_core.storage.resources import resource


def test_ids_are_unique() -> None:
    assert max(Counter(row.id for row in ACTIONS).values()) == 1


def test_no_shortcut_means_two_things() -> None:
    keys = Counter(QKeySequence(key).toString() for row in ACTIONS for key in row.keys)
    assert "" not in keys
    assert [key for key, count in keys.items() if count > 1] == []


@pytest.mark.parametrize("row", ACTIONS, ids=attrgetter("id"))
def test_a_row_is_complete(row: Action) -> None:
    assert (row.do is None) != (row.turn is None)
    assert not (row.turn and row.choice)
    if row.choice:
        assert row.id.startswith(f"{row.choice}-")
    if row.icon:
        assert resource(f"icons/{row.icon}.svg").is_file()
