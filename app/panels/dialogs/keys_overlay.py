"""All keys at a glance, over the window."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.actions import ACTIONS, GESTURES
from app.actions.keymap import Keymap, written
from app.actions.menus import title_of, translated
from app.ui.widgets import configure

_COLUMN, _SHOWN = 300, 2
_HELD = {Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_AltGr, Qt.Key.Key_Meta}


class KeysOverlay(QFrame):
    """Covers the window until the next key or click; made from the table of actions."""

    def __init__(self, keymap: Keymap, window: QWidget) -> None:
        super().__init__(window)
        configure(self, style="overlay", name=self.tr("Keys at a glance"))
        self._keymap, self._window = keymap, window
        self._before: QWidget | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._area = configure(QScrollArea(), style="overlay")
        self._area.setWidgetResizable(True)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        column = QVBoxLayout(self)
        column.setContentsMargins(28, 20, 28, 14)
        title = configure(QLabel(self.tr("Keys at a glance")), style="title")
        hint = configure(QLabel(self.tr("Any key or a click closes this.")), style="dim")
        for widget in (title, self._area, hint):
            column.addWidget(widget)
        column.setStretch(1, 1)
        window.installEventFilter(self)
        self.hide()

    def begin(self) -> None:
        """Show the keys that are in force now."""
        self._before = self._window.focusWidget()
        self.setGeometry(self._window.rect())
        self._fill()
        self.raise_()
        self.show()
        self.setFocus()

    def finish(self) -> None:
        self.hide()
        if self._before is not None:
            self._before.setFocus()
            self._before = None

    def sections(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """A title and what its actions are called, with their keys."""
        found: dict[str, list[tuple[str, str]]] = {
            self.tr("Canvas"): [(translated(row.title), translated(row.keys)) for row in GESTURES]
        }
        for row in ACTIONS:
            keys = written(self._keymap.keys(row.id), _SHOWN)
            if keys:
                menu = translated(row.menu).replace("&", "")
                found.setdefault(menu, []).append((title_of(row), keys))
        return list(found.items())

    def event(self, event: QEvent) -> bool:
        # Every key belongs to the overlay, or the window's shortcuts would act behind it.
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.key() not in _HELD:
            self.finish()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        self.finish()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self.setGeometry(self._window.rect())
            self._fill()
        return super().eventFilter(watched, event)

    def _fill(self) -> None:
        """Put the sections into as many columns of about the same height as there is room for."""
        room = self.width() - 56
        for count in range(max(1, room // _COLUMN), 0, -1):
            page = _page(self.sections(), count)
            if page.sizeHint().width() <= room - self._area.verticalScrollBar().sizeHint().width():
                break
        self._area.setWidget(page)


def _page(sections: list[tuple[str, list[tuple[str, str]]]], count: int) -> QWidget:
    """At most `count` columns."""
    height = sum(len(rows) + 2 for _, rows in sections) / count
    page = QWidget()
    across = QHBoxLayout(page)
    across.setContentsMargins(0, 8, 14, 8)
    across.setSpacing(32)
    used, columns = 0.0, [_new_column(across)]
    for title, rows in sections:
        if used + (len(rows) + 2) / 2 > height and len(columns) < count:
            used = 0.0
            columns.append(_new_column(across))
        columns[-1].addLayout(_section(title, rows))
        used += len(rows) + 2
    for column in columns:
        column.addStretch(1)
    return page


def _new_column(across: QHBoxLayout) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(16)
    across.addLayout(column, 1)
    return column


def _section(title: str, rows: list[tuple[str, str]]) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(3)
    grid.setColumnStretch(0, 1)
    grid.addWidget(configure(QLabel(title), style="heading"), 0, 0)
    for number, (text, keys) in enumerate(rows, start=1):
        grid.addWidget(QLabel(text), number, 0)
        grid.addWidget(
            configure(QLabel(keys), style="keys"), number, 1, Qt.AlignmentFlag.AlignRight
        )
    return grid
