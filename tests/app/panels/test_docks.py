from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QScrollArea, QTabBar, QToolBar, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from app.actions.view_actions import PANEL_TITLES
from app.panels.fill.fill_panel import PrimaryButton
from app.system.settings import SettingsStore
from app.ui import theme
from app.window import MainWindow
from tests.app.doubles import (
    PATIENCE_MS,
    ScriptedDialogs,
    ScriptedEngine,
    action,
    show_ready,
)

SIZES = [QSize(1024, 600), QSize(1024, 700), QSize(910, 480), QSize(1920, 1000)]


def places(window: MainWindow) -> dict[str, tuple[QRect, bool]]:
    QApplication.processEvents()
    return {
        dock.objectName(): (dock.geometry(), dock.isVisible())
        for dock in window.docks
        if not dock.visibleRegion().isEmpty()
    }


def opened(
    qtbot: QtBot, settings: SettingsStore, size: QSize, engine: ScriptedEngine | None = None
) -> MainWindow:
    theme.apply("light")
    made = MainWindow(lambda: engine or ScriptedEngine(), settings, ScriptedDialogs())
    made.resize(size)
    made.docks.reset()
    show_ready(qtbot, made)
    return made


def reopened(qtbot: QtBot, settings: SettingsStore) -> MainWindow:
    """Another one, of the size that the first had, however small the screen of the test."""
    kept = SettingsStore(settings._path)
    made = MainWindow(ScriptedEngine, kept, ScriptedDialogs())
    made.resize(1100, 800)
    made.docks.restore(kept.value.layout, kept.value.collapsed_panels)
    show_ready(qtbot, made)
    return made


def is_on_screen(window: MainWindow, widget: QWidget) -> bool:
    corner = widget.mapTo(window, QPoint(0, 0))
    whole = QRect(corner, widget.size())
    return widget.isVisible() and window.rect().contains(whole) and not widget.size().isEmpty()


def test_every_panel_has_a_dock(window: MainWindow) -> None:
    assert {dock.objectName() for dock in window.docks} == set(PANEL_TITLES)
    window.docks.bring("options")
    for name in PANEL_TITLES:
        is_open = name != "words"  # that one is looked for
        assert action(window, f"panel-{name}").isChecked() == is_open


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size.width()}x{size.height()}")
def test_the_prompt_and_its_buttons_need_no_scrolling(
    qtbot: QtBot, settings: SettingsStore, size: QSize
) -> None:
    window = opened(qtbot, settings, size)
    assert window.size() == size, "nothing makes it larger than it is asked to be"
    generate = window.findChild(PrimaryButton)
    assert generate is not None
    for widget in (generate, window.panel.prompt, window.panel.progress, window.panel.price):
        assert is_on_screen(window, widget), widget
    assert window.panel.prompt.height() >= 2 * window.panel.prompt.fontMetrics().lineSpacing()
    window.close()


@pytest.mark.parametrize("language", ["en", "de"])
def test_no_panel_is_wider_than_its_dock(
    qtbot: QtBot, settings: SettingsStore, request: pytest.FixtureRequest, language: str
) -> None:
    if language == "de":
        request.getfixturevalue("german")
    window = opened(qtbot, settings, QSize(1920, 1000))
    for name in PANEL_TITLES:
        window.docks.bring(name)
        QApplication.processEvents()
        for area in window.docks[name].findChildren(QScrollArea, "panel"):
            assert area.widget().width() <= area.viewport().width(), name
    window.close()


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size.width()}x{size.height()}")
@pytest.mark.parametrize("tool", ["brush", "wand"])
def test_every_control_of_the_bars_is_there_or_one_click_away(
    qtbot: QtBot, settings: SettingsStore, size: QSize, tool: str
) -> None:
    window = opened(qtbot, settings, size)
    window.view.set_tool(tool)
    QApplication.processEvents()
    for bar in window.findChildren(QToolBar):
        parts = [bar.widgetForAction(made) for made in bar.actions() if made.isVisible()]
        assert len(parts) > 10
        hidden = [part for part in parts if not is_on_screen(window, part)]
        more = bar.findChild(QToolButton, "qt_toolbar_ext_button")
        assert more is not None
        assert more.isVisible() == bool(hidden)
        if hidden:
            assert is_on_screen(window, more)
            assert not more.icon().isNull()
            QTest.mouseClick(more, Qt.MouseButton.LeftButton)
            qtbot.waitUntil(lambda parts=parts: all(is_on_screen(window, p) for p in parts))
            QTest.mouseClick(more, Qt.MouseButton.LeftButton)
    window.close()


def test_the_window_opens_inside_the_screen(qtbot: QtBot, settings: SettingsStore) -> None:
    window = MainWindow(ScriptedEngine, settings, ScriptedDialogs())
    qtbot.addWidget(window)
    room = window.screen().availableSize()
    assert window.width() <= room.width()
    assert window.height() <= room.height()
    window.close()


def test_nothing_moves_when_a_fill_begins_waits_or_ends(
    qtbot: QtBot, settings: SettingsStore
) -> None:
    engine = ScriptedEngine(open_gate=False)
    window = opened(qtbot, settings, QSize(1100, 800), engine)
    panel = window.panel
    watched = [panel.prompt, panel.price, panel.progress, *panel.findChildren(QToolButton)]
    watched += [window.view, window.docks["prompt"], window.docks["variants"]]

    def look() -> list[QRect]:
        QApplication.processEvents()
        seen = [widget for widget in watched if not widget.visibleRegion().isEmpty()]
        return [QRect(widget.mapTo(window, QPoint(0, 0)), widget.size()) for widget in seen]

    before = look()
    panel.options._variants.setValue(3)
    window.mask_controller.select_all()
    assert look() == before
    with qtbot.waitSignal(window.generation.previewed, timeout=PATIENCE_MS):
        panel.generate()
    assert look() == before
    window.view.set_tool("brush")
    panel.generate()
    assert look() == before
    engine.gate.set()
    qtbot.waitUntil(lambda: not window.generation.is_running, timeout=PATIENCE_MS)
    assert look() == before
    window.document.undo_stack.setClean()
    window.close()


def test_the_menu_closes_and_opens_panels(window: MainWindow) -> None:
    made = action(window, "panel-layers")
    made.trigger()
    assert window.docks["layers"].isHidden()
    assert not made.isChecked()
    made.trigger()
    assert window.panel.layers.isVisible(), "in front of the other tabs"
    window.docks["layers"].close()
    assert not made.isChecked()


def test_a_layout_is_remembered_and_can_be_reset(qtbot: QtBot, settings: SettingsStore) -> None:
    first = opened(qtbot, settings, QSize(1100, 800))
    usual = places(first)
    first.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, first.docks["layers"])
    first.docks["queue"].close()
    first.docks.bring("sketch")
    first.resizeDocks([first.docks["layers"]], [280], Qt.Orientation.Horizontal)
    mine = places(first)
    first.close()
    again = reopened(qtbot, settings)
    assert places(again) == mine != usual
    assert again.docks["queue"].isHidden()
    action(again, "reset-layout").trigger()
    assert places(again).keys() == usual.keys()
    for name, (place, _) in places(again).items():
        assert abs(place.height() - usual[name][0].height()) <= 2
    assert not again.docks["queue"].isHidden()
    again.close()


def test_a_layout_that_cannot_be_read_gives_the_usual_one(
    qtbot: QtBot, settings: SettingsStore
) -> None:
    first = opened(qtbot, settings, QSize(1100, 800))
    usual = places(first)
    first.close()
    settings.update(layout="bm9uc2Vuc2U=", collapsed_panels=("nonsense",))
    again = reopened(qtbot, settings)
    assert places(again) == usual
    again.close()


def test_a_panel_is_collapsed_to_its_title_and_that_is_remembered(
    qtbot: QtBot, settings: SettingsStore
) -> None:
    window = opened(qtbot, settings, QSize(1100, 800))
    dock = window.docks["prompt"]
    before, options = dock.height(), window.docks["variants"].height()
    fold = next(b for b in dock.findChildren(QToolButton) if b.accessibleName() == "Collapse")
    fold.click()
    qtbot.waitUntil(lambda: dock.height() < 40)
    qtbot.waitUntil(lambda: window.docks["variants"].height() > options)
    window.close()
    again = reopened(qtbot, settings)
    assert again.docks["prompt"].height() < 40
    QTest.keyClick(again.view, Qt.Key.Key_F6)
    QApplication.processEvents()
    assert again.panel.prompt.hasFocus()
    assert abs(again.docks["prompt"].height() - before) < 60, "who goes there sees it"
    again.close()


def test_a_double_click_on_a_tab_collapses_its_group(window: MainWindow) -> None:
    bar = next(bar for bar in window.findChildren(QTabBar) if bar.isVisible())
    before = places(window)
    place = bar.tabRect(0).center()
    QTest.mouseDClick(bar, Qt.MouseButton.LeftButton, pos=place)
    QApplication.processEvents()
    assert window.docks["variants"].is_collapsed
    assert window.docks["variants"].height() <= 1
    QTest.mouseClick(bar, Qt.MouseButton.LeftButton, pos=place)
    assert places(window).keys() == before.keys()
    assert window.docks["variants"].height() > 100


def test_canvas_only_brings_every_panel_back_to_its_place(window: MainWindow) -> None:
    window.docks.bring("layers")
    window.docks["queue"].close()
    before = places(window)
    window.canvas_only.set(True)
    assert places(window) == {}
    window.canvas_only.set(False)
    assert places(window) == before
    assert window.docks["queue"].isHidden()


def test_closing_in_canvas_only_closes_no_panel_for_good(
    qtbot: QtBot, settings: SettingsStore
) -> None:
    first = opened(qtbot, settings, QSize(1100, 800))
    before = places(first)
    first.canvas_only.set(True)
    first.close()
    again = reopened(qtbot, settings)
    assert places(again) == before
    again.close()


def test_a_tool_that_sketches_shows_its_colours_unless_the_panel_is_closed(
    window: MainWindow,
) -> None:
    window.docks.bring("options")
    window.view.set_tool("sketch")
    assert window.panel.sketch.isVisible()
    window.view.set_tool("brush")
    window.docks["sketch"].close()
    window.view.set_tool("sketch")
    assert window.docks["sketch"].isHidden()


def test_a_right_click_offers_the_panels(window: MainWindow) -> None:
    offered = [row.text() for row in window.createPopupMenu().actions()]
    assert offered == [*PANEL_TITLES.values(), "Reset layout"]
