from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from app.document.document import Document
from app.engine.generation import Generation
from app.panels.fill.queue_panel import QueuePanel
from tests.app.engine.driving import StillThread, queued

WIDTH = 280
LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def queue(document: Document) -> tuple[Generation, StillThread]:
    return queued(document, 40, 100, 160)


@pytest.fixture
def generation(queue: tuple[Generation, StillThread]) -> Generation:
    return queue[0]


@pytest.fixture
def thread(queue: tuple[Generation, StillThread]) -> StillThread:
    return queue[1]


@pytest.fixture
def panel(qtbot: QtBot, generation: Generation) -> QueuePanel:
    made = QueuePanel(generation)
    qtbot.addWidget(made)
    made.resize(WIDTH, 300)
    made.show()
    return made


def test_it_says_when_nothing_is_pending(
    qtbot: QtBot, generation: Generation, panel: QueuePanel
) -> None:
    assert panel.clear.isEnabled()
    with qtbot.waitSignal(panel.counted) as counted:
        generation.cancel_fills()
    assert counted.args == [0]
    assert not panel.rows
    assert "queue is empty" in panel.summary.text()
    assert not panel.clear.isEnabled()


def test_rows_say_how_far_they_are(
    generation: Generation, thread: StillThread, panel: QueuePanel
) -> None:
    first, second, third = (panel.rows[row.id] for row in generation.state.table.fills)
    assert first.state.text() == "Filling"
    assert second.state.text() == "Waiting"
    thread.tell_step(3, 8, 5.0)
    assert (first.bar.value(), first.bar.maximum()) == (3, 8)
    assert first.state.text() == "Filling · 5.0 s"
    assert second.state.text().startswith("Waiting · ")
    assert panel.summary.text().startswith("3 masks · about ")
    assert [row.first.isVisible() for row in (first, second, third)] == [False, False, True]


def test_the_order_on_the_screen_is_that_of_the_queue(
    generation: Generation, panel: QueuePanel
) -> None:
    last = generation.state.table.fills[2].id
    panel.rows[last].first.click()
    panel.layout().activate()
    tops = [panel.rows[row.id].geometry().top() for row in generation.state.table.fills]
    assert tops == sorted(tops)
    assert generation.state.table.fills[1].id == last


def test_a_click_on_a_row_shows_its_place(
    qtbot: QtBot, generation: Generation, panel: QueuePanel
) -> None:
    number = generation.state.table.fills[1].id
    with qtbot.waitSignal(panel.shown) as shown:
        QTest.mouseClick(panel.rows[number], LEFT, NONE, QPoint(120, 4))
    assert shown.args == [number]


def test_every_control_has_a_name(panel: QueuePanel) -> None:
    buttons = panel.findChildren(QToolButton)
    assert len(buttons) >= len(panel.rows) > 0
    assert all(button.accessibleName() for button in buttons)


def test_long_prompts_do_not_widen_the_panel(panel: QueuePanel) -> None:
    assert panel.minimumSizeHint().width() <= WIDTH
