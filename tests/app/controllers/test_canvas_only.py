from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QScrollArea, QStatusBar, QToolBar, QWidget

from app.window import MainWindow
from tests.app.doubles import action


def around(window: MainWindow) -> list[QWidget]:
    found: list[QWidget] = [window.menuBar()]
    for kind in (QToolBar, QStatusBar, QScrollArea):
        found += [widget for widget in window.findChildren(kind) if widget.parent() is not None]
    return found


def test_tab_hides_all_but_the_canvas_and_shows_it_again(window: MainWindow) -> None:
    window.view.setFocus()
    before = [widget.isVisible() for widget in around(window)]
    width = window.view.width()
    QTest.keyClick(window.view, Qt.Key.Key_Tab)
    QApplication.processEvents()
    assert not window.menuBar().isVisible()
    assert not any(bar.isVisible() for bar in window.findChildren(QToolBar))
    assert window.view.width() == window.width() > width
    assert action(window, "canvas-only").isChecked()
    QTest.keyClick(window.view, Qt.Key.Key_Tab)
    QApplication.processEvents()
    assert [widget.isVisible() for widget in around(window)] == before
    assert window.view.width() == width


def test_shortcuts_work_meanwhile(window: MainWindow) -> None:
    window.canvas_only.set(True)
    window.view.setFocus()
    QTest.keyClick(window.view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert window.document.mask.all()
    QTest.keyClick(window.view, Qt.Key.Key_6)
    assert window.view.angle == 15


def test_tab_goes_on_through_the_controls_of_the_panel(window: MainWindow) -> None:
    window.panel.options.setFocus()
    focused = window.panel.options.findChildren(QWidget)[0]
    focused.setFocus()
    QTest.keyClick(window.focusWidget() or window, Qt.Key.Key_Tab)
    assert window.menuBar().isVisible()
