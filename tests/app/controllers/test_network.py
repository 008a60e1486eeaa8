from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from app.system.settings import SettingsStore
from app.window import MainWindow
from lazydiff_core.offline import is_offline, set_offline
from tests.app.doubles import PATIENCE_MS, ScriptedDialogs, action
from tests.app.driving import brush


@pytest.fixture(autouse=True)
def unchanged(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("HF_HUB_OFFLINE", "")
    yield
    set_offline(False)


def test_the_switch_shows_everywhere_and_is_kept(
    window: MainWindow, settings: SettingsStore
) -> None:
    shown = window.status.network
    assert (shown.text(), shown.isChecked()) == ("Online", False)
    shown.click()
    assert is_offline()
    assert (shown.text(), settings.value.offline) == ("Offline", True)
    assert action(window, "offline").isChecked()
    action(window, "offline").trigger()
    assert (shown.text(), settings.value.offline, is_offline()) == ("Online", False, False)
    window.models_popup.open_gallery()
    gallery = window.models_popup._gallery
    assert gallery is not None
    gallery.account.offline.click()
    assert is_offline()
    assert shown.text() == "Offline"


def test_it_is_on_at_the_next_start(qtbot: QtBot, settings: SettingsStore) -> None:
    settings.update(offline=True)
    window = MainWindow(lambda: pytest.fail("not loaded"), settings, ScriptedDialogs())
    qtbot.addWidget(window)
    assert is_offline()
    assert window.status.network.text() == "Offline"


def test_the_environments_is_shown_and_not_kept(
    qtbot: QtBot, settings: SettingsStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    window = MainWindow(lambda: pytest.fail("not loaded"), settings, ScriptedDialogs())
    qtbot.addWidget(window)
    assert window.status.network.text() == "Offline"
    assert not settings.value.offline


def test_offline_a_session_in_the_window_tries_no_socket(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[object] = []

    def refuse(*args: object, **_: object) -> None:
        tried.append(args)
        raise OSError("no network in this test")

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, refuse)
    for name in ("create_connection", "getaddrinfo", "gethostbyname"):
        monkeypatch.setattr(socket, name, refuse)
    window.network.set_offline(True)
    window.models_popup.open_gallery()
    gallery = window.models_popup._gallery
    assert gallery is not None
    for row in range(gallery.offered.count()):
        gallery._pick(gallery.offered.item(row).toolTip())
        if gallery.name.text() != "bundled":
            assert not gallery.act.isEnabled()
            gallery.act.click()
    with qtbot.waitSignal(gallery.account.said, timeout=PATIENCE_MS) as told:
        gallery.account.sign_in_with("hf_x")
    assert "LazyDiff is offline" in told.args[0]
    with qtbot.waitSignal(window.model_choice.failed, timeout=PATIENCE_MS) as failed:
        window.model_choice.use_device("http://192.168.0.5:7860")
    assert "LazyDiff is offline" in failed.args[0]
    gallery.close()
    brush(window, (60, 60), (90, 70))
    with qtbot.waitSignal(window.generation.landed, timeout=PATIENCE_MS):
        window.panel.generate()
    assert tried == []
