from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.engine.model_choice import Choice
from app.panels.bars.model_list import ModelsPopup
from app.window import MainWindow
from tests.app.doubles import action


@pytest.fixture
def popup(window: MainWindow, tmp_path: Path) -> ModelsPopup:
    for name in ("painter", "gone"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "config.json").write_text("{}")
        window.model_choice.registry.add(tmp_path / name)
    (tmp_path / "gone" / "config.json").unlink()
    window.models_popup.open()
    return window.models_popup


def texts(popup: ModelsPopup) -> list[str]:
    return [popup.list.item(row).text() for row in range(popup.list.count())]


def test_it_lists_models_and_devices_and_marks_those_in_use(
    window: MainWindow, popup: ModelsPopup
) -> None:
    assert texts(popup) == ["✓ Bundled model", "gone (missing)", "painter"]
    assert [popup.device.itemText(k) for k in range(2)] == ["Automatic", "cpu"]
    popup.close()
    window.model_choice.begun_with("owner/name", "cpu")
    popup.open()
    assert texts(popup)[-1] == "✓ owner/name"
    assert popup.device.currentText() == "cpu"


def test_a_click_loads_a_model(
    window: MainWindow, popup: ModelsPopup, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(window.model_choice, "use", asked.append)
    place = popup.list.visualItemRect(popup.list.item(2)).center()
    QTest.mouseClick(popup.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert asked == ["painter"]
    assert not popup.isVisible()


def test_no_row_moves_below_a_pressed_button(qtbot: QtBot, popup: ModelsPopup) -> None:
    """The licences of two models take different numbers of lines."""

    def top() -> int:
        QTest.qWait(0)
        return popup.list.mapToGlobal(QPoint()).y()

    before, first = top(), popup.sale.text()
    place = popup.list.visualItemRect(popup.list.item(2)).center()
    QTest.mousePress(popup.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.waitUntil(lambda: popup.sale.text() != first)
    assert top() == before
    popup.list.setCurrentRow(1)  # it has none
    assert top() == before


def test_only_a_model_of_ones_own_that_is_not_in_use_can_be_forgotten(
    window: MainWindow, popup: ModelsPopup
) -> None:
    assert not popup.remove.isEnabled()
    popup.list.setCurrentRow(2)
    assert popup.remove.isEnabled()
    popup.remove.click()
    assert window.model_choice.registry.find("painter") is None
    window.model_choice.now = Choice("gone")
    popup.open()
    assert not popup.remove.isEnabled()


def test_it_opens_from_the_menu_and_fits_on_the_screen(window: MainWindow) -> None:
    action(window, "models").trigger()
    popup = window.models_popup
    assert popup.isVisible()
    assert popup.screen().availableGeometry().contains(popup.geometry())
    QTest.keyClick(popup, Qt.Key.Key_Escape)
    assert not popup.isVisible()


def test_it_says_whether_pictures_may_be_sold(popup: ModelsPopup) -> None:
    first, second = popup.sale.text().split("\n")
    assert first == "apache-2.0. You may sell what you paint."
    assert second.startswith("To be named beside pictures: Twemoji")
    popup.list.setCurrentRow(2)
    assert popup.sale.text().startswith("License not stated. Read the license before")
    popup.list.setCurrentRow(1)  # not there
    assert not popup.sale.text()
