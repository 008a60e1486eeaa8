from __future__ import annotations

from app.actions import REASONS
from app.conditions import holding
from app.window import MainWindow


def test_conditions_follow_the_work(window: MainWindow) -> None:
    def now() -> frozenset[str]:
        return holding(window.document, window.session)

    assert now() == {"engine", "working engine"}
    window.editing.select_all()
    assert now() == {"engine", "working engine", "mask", "undo"}
    window.editing.undo()
    assert now() == {"engine", "working engine", "redo"}
    assert now() <= set(REASONS)
