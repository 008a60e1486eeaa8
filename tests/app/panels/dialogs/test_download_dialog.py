"""The dialog against a hub of our own on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.panels.dialogs.download_dialog import DownloadDialog
from app.window import MainWindow
from lazydiff_core.model_store.hub_offer import look_up
from tests.app.doubles import PATIENCE_MS
from tests.lazydiff_core.model_store.doubles import MODEL, FakeHub, serving

WEIGHTS = bytes(range(256)) * 4000


@pytest.fixture
def hub() -> Iterator[FakeHub]:
    with serving(FakeHub({"config.json": b"{}", "lazy.safetensors": WEIGHTS})) as made:
        yield made


@pytest.fixture
def dialog(qtbot: QtBot, window: MainWindow, hub: FakeHub) -> Iterator[DownloadDialog]:
    made = DownloadDialog(window.model_choice, None, partial(look_up, endpoint=hub.address))
    qtbot.addWidget(made)
    made.show()
    yield made
    made.stop()


def go_on(qtbot: QtBot, dialog: DownloadDialog, until: str) -> None:
    dialog.act.click()
    qtbot.waitUntil(lambda: dialog.act.isEnabled(), timeout=PATIENCE_MS)
    assert dialog.act.text() == until


def look(qtbot: QtBot, dialog: DownloadDialog, name: str = MODEL) -> None:
    QTest.keyClicks(dialog.name, name)
    go_on(qtbot, dialog, "Download")


def test_what_it_takes_is_shown_before_anything_comes(
    qtbot: QtBot, dialog: DownloadDialog, hub: FakeHub
) -> None:
    look(qtbot, dialog)
    for word in ("1.0 MB in 2 files", "apache-2.0", "artist--tiny", "Free there", "You may sell"):
        assert word in dialog.note.text()
    assert hub.asked == []


def test_a_model_is_downloaded_and_offered(
    qtbot: QtBot, dialog: DownloadDialog, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    used: list[str] = []
    monkeypatch.setattr(window.model_choice, "use", used.append)
    look(qtbot, dialog)
    go_on(qtbot, dialog, "Use it")
    assert [model.name for model in window.model_choice.listed()] == ["artist--tiny"]
    dialog.act.click()
    assert used == ["artist--tiny"]
    assert not dialog.isVisible()


def test_it_can_be_stopped_and_gone_on_with(
    qtbot: QtBot, dialog: DownloadDialog, window: MainWindow, hub: FakeHub
) -> None:
    look(qtbot, dialog)
    hub.gate.clear()
    dialog.act.click()
    assert not dialog.act.isEnabled()
    assert dialog.leave.text() == "Stop"
    qtbot.waitUntil(lambda: dialog.bar.value() > 300, timeout=PATIENCE_MS)
    dialog.leave.click()
    assert dialog.act.text() == "Continue", "at once, whatever the network does"
    hub.gate.set()
    assert window.model_choice.listed() == ()
    thread_ended = dialog._choice.registry.downloads
    assert thread_ended.exists()
    go_on(qtbot, dialog, "Use it")


def test_a_name_that_is_unknown_can_be_mended(qtbot: QtBot, dialog: DownloadDialog) -> None:
    QTest.keyClicks(dialog.name, "artist/other")
    go_on(qtbot, dialog, "Try again")
    assert "artist/other" in dialog.note.text()
    dialog.name.selectAll()
    QTest.keyClicks(dialog.name, MODEL)
    assert dialog.act.text() == "Look it up"
    go_on(qtbot, dialog, "Download")


def test_an_empty_name_asks_nobody(dialog: DownloadDialog, hub: FakeHub) -> None:
    dialog.act.click()
    assert dialog.act.isEnabled()
    assert dialog.act.text() == "Look it up"


def test_escape_closes_and_stops(qtbot: QtBot, dialog: DownloadDialog, hub: FakeHub) -> None:
    look(qtbot, dialog)
    hub.gate.clear()
    dialog.act.click()
    transfer = dialog._transfer
    assert transfer is not None
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    assert transfer.given_up.is_set()


def test_models_worth_having_are_looked_up_by_one_click(
    qtbot: QtBot, dialog: DownloadDialog, hub: FakeHub
) -> None:
    row = dialog.offered.item(0)
    hub.model = row.toolTip()
    assert "FLUX.2 [klein] 4B" in row.text()
    assert "You may sell what you paint." in row.text()
    where = dialog.offered.visualItemRect(row).center()
    QTest.mouseClick(dialog.offered.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert dialog.name.text() == "black-forest-labs/FLUX.2-klein-4B"
    qtbot.waitUntil(lambda: dialog.act.text() == "Download", timeout=PATIENCE_MS)
    assert hub.asked == [], "nothing comes before it was agreed to"
    other = dialog.offered.item(1)
    dialog.offered.setCurrentItem(other)
    QTest.keyClick(dialog.offered, Qt.Key.Key_Return)
    assert dialog.name.text() == other.toolTip()
    qtbot.waitUntil(lambda: dialog.act.text() == "Try again", timeout=PATIENCE_MS)
