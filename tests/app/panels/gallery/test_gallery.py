"""The dialog against a hub of our own on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QListWidgetItem
from pytestqt.qtbot import QtBot

from app.panels.gallery.gallery import Gallery
from app.window import MainWindow
from lazydiff_core.model_store.hub_offer import look_up
from lazydiff_core.model_store.recommendation import Recommendation
from tests.app.doubles import PATIENCE_MS
from tests.lazydiff_core.model_store.doubles import MODEL, FakeHub, serving

WEIGHTS = bytes(range(256)) * 4000


@pytest.fixture
def hub() -> Iterator[FakeHub]:
    with serving(FakeHub({"config.json": b"{}", "lazy.safetensors": WEIGHTS})) as made:
        yield made


@pytest.fixture
def dialog(qtbot: QtBot, window: MainWindow, hub: FakeHub) -> Iterator[Gallery]:
    made = Gallery(window.model_choice, None, partial(look_up, endpoint=hub.address))
    qtbot.addWidget(made)
    made.show()
    yield made
    made.stop()


def go_on(qtbot: QtBot, dialog: Gallery, until: str) -> None:
    dialog.act.click()
    qtbot.waitUntil(lambda: dialog.act.isEnabled(), timeout=PATIENCE_MS)
    assert dialog.act.text() == until


def look(qtbot: QtBot, dialog: Gallery, name: str = MODEL) -> None:
    QTest.keyClicks(dialog.name, name)
    go_on(qtbot, dialog, "Download")


def test_what_it_takes_is_shown_before_anything_comes(
    qtbot: QtBot, dialog: Gallery, hub: FakeHub
) -> None:
    look(qtbot, dialog)
    for word in ("1.0 MB in 2 files", "apache-2.0", "artist--tiny", "Free there", "You may sell"):
        assert word in dialog.note.text()
    assert hub.asked == []


def test_a_model_is_downloaded_and_offered(
    qtbot: QtBot, dialog: Gallery, window: MainWindow, monkeypatch: pytest.MonkeyPatch
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
    qtbot: QtBot, dialog: Gallery, window: MainWindow, hub: FakeHub
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


def test_a_name_that_is_unknown_can_be_mended(qtbot: QtBot, dialog: Gallery) -> None:
    QTest.keyClicks(dialog.name, "artist/other")
    go_on(qtbot, dialog, "Try again")
    assert "artist/other" in dialog.note.text()
    dialog.name.selectAll()
    QTest.keyClicks(dialog.name, MODEL)
    assert dialog.act.text() == "Look it up"
    go_on(qtbot, dialog, "Download")


def test_an_empty_name_asks_nobody(dialog: Gallery, hub: FakeHub) -> None:
    dialog.act.click()
    assert dialog.act.isEnabled()
    assert dialog.act.text() == "Look it up"


def test_escape_closes_and_stops(qtbot: QtBot, dialog: Gallery, hub: FakeHub) -> None:
    look(qtbot, dialog)
    hub.gate.clear()
    dialog.act.click()
    transfer = dialog._transfer
    assert transfer is not None
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    assert transfer.given_up.is_set()


KLEIN = "black-forest-labs/FLUX.2-klein-4B"


def row_of(dialog: Gallery, model: str) -> QListWidgetItem:
    rows = (dialog.offered.item(k) for k in range(dialog.offered.count()))
    return next(row for row in rows if row.toolTip() == model)


def pick(dialog: Gallery, model: str) -> None:
    dialog.offered.scrollToItem(row_of(dialog, model))
    where = dialog.offered.visualItemRect(row_of(dialog, model)).center()
    QTest.mouseClick(dialog.offered.viewport(), Qt.MouseButton.LeftButton, pos=where)


def test_a_row_that_shows_size_and_licence_comes_by_one_click(
    qtbot: QtBot, dialog: Gallery, hub: FakeHub
) -> None:
    hub.model = KLEIN
    pick(dialog, KLEIN)
    assert hub.asked == []
    assert dialog.act.text() == "Download"
    go_on(qtbot, dialog, "Use it")
    assert "is here" in row_of(dialog, KLEIN).text()


def test_a_typed_name_shows_size_and_licence_first_though_a_row_has_it(
    qtbot: QtBot, dialog: Gallery, hub: FakeHub
) -> None:
    hub.model = KLEIN
    pick(dialog, KLEIN)
    dialog.name.selectAll()
    QTest.keyClicks(dialog.name, KLEIN)
    assert dialog.act.text() == "Look it up"
    go_on(qtbot, dialog, "Download")
    assert "1.0 MB in 2 files" in dialog.note.text()
    assert hub.asked == []


def test_a_row_is_here_only_while_its_folder_is(
    qtbot: QtBot, dialog: Gallery, window: MainWindow, tmp_path: Path
) -> None:
    folder, registry = tmp_path / "klein", window.model_choice.registry
    folder.mkdir()
    (folder / "config.json").write_text("{}")
    registry.add(folder, "klein", f"{KLEIN}@1")
    for is_here in (True, False):
        dialog.close()
        dialog.show()
        assert ("is here" in row_of(dialog, KLEIN).text()) is is_here
        (folder / "config.json").unlink(missing_ok=True)


def test_one_that_is_not_as_its_row_says_asks_again(
    qtbot: QtBot, dialog: Gallery, hub: FakeHub
) -> None:
    hub.model, hub.licence = KLEIN, "research-only"
    pick(dialog, KLEIN)
    go_on(qtbot, dialog, "Download")
    assert "do not sell" in dialog.note.text()
    assert hub.asked == []


def test_what_is_here_is_used(
    qtbot: QtBot, dialog: Gallery, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    used: list[str] = []
    monkeypatch.setattr(window.model_choice, "use", used.append)
    pick(dialog, "bundled")
    assert dialog.act.text() == "Use it"
    dialog.act.click()
    assert used == ["bundled"]


def test_keys_choose_as_clicks_do(qtbot: QtBot, dialog: Gallery) -> None:
    dialog.offered.setFocus()
    qtbot.waitUntil(dialog.offered.hasFocus, timeout=PATIENCE_MS)
    QTest.keyClick(dialog.offered, Qt.Key.Key_End)
    last = dialog.offered.item(dialog.offered.count() - 1)
    assert dialog.name.text() == last.toolTip()


def test_rows_say_what_fits_and_how_long_a_fill_takes(qtbot: QtBot, dialog: Gallery) -> None:
    assert "For cards from 8 GB on." in row_of(dialog, KLEIN).text()
    assert "You may sell what you paint." in row_of(dialog, KLEIN).text()
    fits = recommendation(KLEIN, True, "The model's weights are kept in 8 bits.", 3.0)
    large = recommendation("Tongyi-MAI/Z-Image-Turbo", False, "It needs more.", 40.0)
    dialog._choice.recommendations.found.emit((fits, large))
    assert dialog.offered.count() == 2, "what is known, in its order"
    assert "✓ Fits, about 3.0 s a fill. The model's weights" in row_of(dialog, KLEIN).text()
    assert "✗ Does not fit. It needs more." in row_of(dialog, large.id).text()


def recommendation(model: str, fits: bool, plan: str, seconds: float) -> Recommendation:
    return Recommendation(
        model, model, "good", 1.0, "mit", "yes", "", False, False, fits, plan, seconds
    )


def test_offline_nothing_is_asked_and_what_is_under_way_stops(
    qtbot: QtBot, dialog: Gallery, hub: FakeHub
) -> None:
    look(qtbot, dialog)
    hub.gate.clear()
    dialog.act.click()
    transfer = dialog._transfer
    assert transfer is not None
    dialog.show_offline(True)
    assert transfer.given_up.is_set()
    assert not dialog.act.isEnabled()
    assert "offline" in dialog.note.text()
    pick(dialog, "bundled")
    assert dialog.act.isEnabled(), "what is here can be used"
    dialog.show_offline(False)
    assert dialog.act.isEnabled()
