"""The engine of another machine, chosen, lost and found again in the window."""

from __future__ import annotations

import stat
import sys
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtWidgets import QComboBox, QToolButton
from pytestqt.qtbot import QtBot

from app.panels.dialogs.server_dialog import ServerDialog
from app.system.settings import SettingsStore
from app.window import MainWindow
from lazydiff_core.contract import Box
from lazydiff_core.remote import Connection
from tests.app.document.driving import square
from tests.app.doubles import INFO, PATIENCE_MS, ScriptedDialogs, ScriptedEngine, show_ready
from tests.lazydiff_core.serve.driving import TOKEN, Served, serving


def here() -> ScriptedEngine:
    engine = ScriptedEngine()
    engine.info = replace(INFO, model="here")
    return engine


@pytest.fixture
def window(qtbot: QtBot, settings: SettingsStore, dialogs: ScriptedDialogs) -> Iterator[MainWindow]:
    made = MainWindow(here, settings, dialogs)
    show_ready(qtbot, made)
    yield made
    made.document.undo_stack.setClean()
    made.close()


def choose_another_machine(window: MainWindow) -> None:
    """Open the list of models and choose the last device in it."""
    window.models_popup.open()
    devices: QComboBox = window.models_popup.device
    devices.setCurrentIndex(devices.count() - 1)
    devices.activated.emit(devices.currentIndex())


def connect(qtbot: QtBot, window: MainWindow, served: Served) -> None:
    with qtbot.waitSignal(window.generation.loader.loaded, timeout=PATIENCE_MS):
        window.model_choice.use_device(Connection(served.address, TOKEN).url)


def offered(window: MainWindow) -> QToolButton:
    button = window.messages.findChild(QToolButton, "offer")
    assert button.isVisible()
    return button


def test_the_engine_of_another_machine_paints_and_is_remembered(
    qtbot: QtBot, window: MainWindow, dialogs: ScriptedDialogs, settings: SettingsStore
) -> None:
    with serving() as served:
        url = Connection(served.address, TOKEN).url
        dialogs.server = url
        with qtbot.waitSignal(window.generation.loader.loaded, timeout=PATIENCE_MS):
            choose_another_machine(window)
        assert dialogs.asked[-1] == "server "
        assert window.generation.info is not None
        assert window.generation.info.device == f"cpu of 127.0.0.1:{served.port}"
        square(window.document, Box(40, 40, 120, 120))
        before = window.document.pixels.copy()
        with qtbot.waitSignal(window.generation.landed, timeout=PATIENCE_MS):
            window.panel.generate()
        changed = (window.document.pixels != before).any(2)
        assert changed[40:120, 40:120].any()
        assert not changed[:40].any()
        assert (settings.value.device, settings.value.servers) == (url, (url,))
        window.models_popup.open()
        shown = window.models_popup.device.currentText()
        assert shown == f"127.0.0.1:{served.port}"
        assert TOKEN not in "".join(
            window.models_popup.device.itemText(k)
            for k in range(window.models_popup.device.count())
        )
        window.models_popup.close()


def test_a_lost_machine_is_asked_again_and_the_picture_stays(
    qtbot: QtBot, window: MainWindow
) -> None:
    window.engine_faults.again.setInterval(20)
    square(window.document, Box(40, 40, 120, 120))
    with serving() as served:
        connect(qtbot, window, served)
    before = window.document.pixels.copy()
    with qtbot.waitSignal(window.generation.loader.load_failed, timeout=PATIENCE_MS):
        window.panel.generate()
    assert np.array_equal(window.document.pixels, before)
    assert "lazydiff serve running there" in window.messages.text
    with (
        qtbot.waitSignal(window.generation.loader.loaded, timeout=PATIENCE_MS),
        serving(port=served.port),
    ):
        qtbot.waitUntil(lambda: window.generation.info is not None, timeout=PATIENCE_MS)
        assert "running there" not in window.messages.text or window.messages.isHidden()
        with qtbot.waitSignal(window.generation.landed, timeout=PATIENCE_MS):
            window.panel.generate()


def test_one_goes_on_here_where_the_other_machine_stays_away(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving() as served:
        connect(qtbot, window, served)
    monkeypatch.setattr("app.engine.model_choice.engine_loader", lambda *_: here)
    square(window.document, Box(40, 40, 120, 120))
    with qtbot.waitSignal(window.generation.loader.load_failed, timeout=PATIENCE_MS):
        window.panel.generate()
    with qtbot.waitSignal(window.generation.loader.loaded, timeout=PATIENCE_MS):
        offered(window).click()
    assert window.model_choice.now.device == ""


def test_a_model_that_is_chosen_is_loaded_here(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving() as served:
        connect(qtbot, window, served)
        monkeypatch.setattr("app.engine.model_choice.engine_loader", lambda *_: here)
        with qtbot.waitSignal(window.generation.loader.loaded, timeout=PATIENCE_MS):
            window.model_choice.use("bundled")
    assert window.model_choice.now.device == ""


@pytest.mark.skipif(sys.platform == "win32", reason="it has no modes of files")
def test_nobody_else_reads_the_token(settings: SettingsStore) -> None:
    settings.update(servers=("http://:token@10.0.0.5:7860",))
    (file,) = settings.folder.glob("*.json")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_the_dialog_says_what_is_no_address(qtbot: QtBot) -> None:
    dialog = ServerDialog("")
    qtbot.addWidget(dialog)
    assert not dialog.accept_button.isEnabled()
    assert dialog.fault.text() == ""
    dialog.address.setText("10.0.0.5")
    assert not dialog.accept_button.isEnabled()
    assert "is not an address" in dialog.fault.text()
    dialog.address.setText("https://10.0.0.5:7860/")
    dialog.token.setText(" a/b@c ")
    assert dialog.accept_button.isEnabled()
    assert Connection.of(dialog.url) == Connection("https://10.0.0.5:7860", "a/b@c")


def test_the_dialog_begins_with_the_last_machine(qtbot: QtBot) -> None:
    url = Connection("http://10.0.0.5:7860", "secret").url
    dialog = ServerDialog(url)
    qtbot.addWidget(dialog)
    assert (dialog.address.text(), dialog.token.text()) == ("http://10.0.0.5:7860", "secret")
    assert dialog.url == url
