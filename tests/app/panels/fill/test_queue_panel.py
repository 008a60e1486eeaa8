from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from app.document.document import Document
from app.engine.pending import PendingFills
from app.panels.fill.fill_panel import WIDTH
from app.panels.fill.queue_panel import QueuePanel
from lazydiff_core.contract import Progress
from tests.app.engine.test_pending import queued

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def fills(document: Document) -> PendingFills:
    made = queued(document, 40, 100, 160)
    made.begin(together=False)
    return made


@pytest.fixture
def panel(qtbot: QtBot, fills: PendingFills) -> QueuePanel:
    made = QueuePanel(fills)
    qtbot.addWidget(made)
    made.resize(WIDTH - 32, 300)
    made.show()
    return made


def test_it_is_hidden_when_nothing_is_pending(fills: PendingFills, panel: QueuePanel) -> None:
    assert panel.isVisible()
    fills.cancel_all()
    assert not panel.isVisible()
    assert not panel.rows


def test_rows_say_how_far_they_are(fills: PendingFills, panel: QueuePanel) -> None:
    first, second, third = (panel.rows[row.id] for row in fills.queue.rows)
    assert first.state.text() == "Filling"
    assert second.state.text() == "Waiting"
    fills.tell(Progress(fills.queue.rows[0].id, "denoise", 3, 8, 5.0))
    assert (first.bar.value(), first.bar.maximum()) == (3, 8)
    assert first.state.text() == "Filling · 5.0 s"
    assert second.state.text().startswith("Waiting · ")
    assert panel.summary.text().startswith("3 masks · about ")
    assert [row.first.isVisible() for row in (first, second, third)] == [False, False, True]


def test_the_order_on_the_screen_is_that_of_the_queue(
    fills: PendingFills, panel: QueuePanel
) -> None:
    last = fills.queue.rows[2].id
    panel.rows[last].first.click()
    panel.layout().activate()
    tops = [panel.rows[row.id].geometry().top() for row in fills.queue.rows]
    assert tops == sorted(tops)
    assert fills.queue.rows[1].id == last


def test_a_click_on_a_row_shows_its_place(
    qtbot: QtBot, fills: PendingFills, panel: QueuePanel
) -> None:
    number = fills.queue.rows[1].id
    with qtbot.waitSignal(panel.shown) as shown:
        QTest.mouseClick(panel.rows[number], LEFT, NONE, QPoint(120, 4))
    assert shown.args == [number]


def test_every_control_has_a_name(panel: QueuePanel) -> None:
    assert all(button.accessibleName() for button in panel.findChildren(QToolButton))


def test_long_prompts_do_not_widen_the_panel(panel: QueuePanel) -> None:
    assert panel.minimumSizeHint().width() <= WIDTH - 32
