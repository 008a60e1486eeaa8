from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from app.system.settings import SettingsStore
from app.window import MainWindow
from lazydiff_core.offline import is_offline, set_offline
from tests.app.doubles import ScriptedDialogs, action


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
