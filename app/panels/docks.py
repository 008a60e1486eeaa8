"""The panels around the canvas: where they lie at first, and what of that is remembered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import pairwise

from PySide6.QtCore import QByteArray, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QFrame,
    QMainWindow,
    QScrollArea,
    QTabBar,
    QTabWidget,
    QToolBar,
    QWidget,
)

from app.actions.menus import translated
from app.actions.view_actions import PANEL_TITLES
from app.ui.dock import Dock
from app.ui.widgets import configure

_VERSION = 1  # of the layouts that are kept
_WIDTH = 336
_TABS = 34  # a row of them, and the line above
_ROOMY = 840  # from this height of the window's middle on, there is room for two groups of tabs
_SCARCE = 560  # below it the prompt gets no more than it needs
_RIGHT = Qt.DockWidgetArea.RightDockWidgetArea
_DOWN, _ACROSS = Qt.Orientation.Vertical, Qt.Orientation.Horizontal
_RESULTS, _SETTINGS = ("variants", "layers", "queue"), ("options", "sketch", "words")


class Docks(QObject):
    """A dock a panel, at the right at first; each can lie anywhere, and behind another as a tab."""

    toggled = Signal(str, bool)  # a panel, and whether it is open

    def __init__(self, window: QMainWindow, panels: Mapping[str, QWidget]) -> None:
        """`panels`: a widget for every key of PANEL_TITLES."""
        super().__init__(window)
        self._window = window
        self._docks = {
            name: Dock(name, translated(title), _scrolling(name, panels[name]))
            for name, title in PANEL_TITLES.items()
        }
        options = QMainWindow.DockOption
        window.setDockOptions(
            options.AllowTabbedDocks | options.AllowNestedDocks | options.GroupedDragging
        )
        window.setTabPosition(Qt.DockWidgetArea.AllDockWidgetAreas, QTabWidget.TabPosition.North)
        self._opened_by_click = self._ends_double_click = False
        self._settling = QTimer(self)
        self._settling.setSingleShot(True)
        self._settling.setInterval(0)
        self._settling.timeout.connect(self._settle)
        for name, dock in self._docks.items():
            window.addDockWidget(_RIGHT, dock)
            dock.toggleViewAction().toggled.connect(partial(self.toggled.emit, name))
            dock.collapse_wanted.connect(partial(self._collapse, dock))
            for moved in (dock.visibilityChanged, dock.topLevelChanged, dock.dockLocationChanged):
                moved.connect(self._settling.start)

    def __getitem__(self, panel: str) -> Dock:
        return self._docks[panel]

    def __iter__(self) -> Iterator[Dock]:
        return iter(self._docks.values())

    def set_open(self, panel: str, is_open: bool) -> None:
        """Show a panel, in front of others, or close it."""
        dock = self._docks[panel]
        if is_open:
            self.bring(panel)
        else:
            dock.hide()

    def bring(self, panel: str, *, reopen: bool = True) -> None:
        """Let a panel be seen: in front of other tabs, expanded and, with `reopen`, not closed."""
        dock = self._docks[panel]
        if dock.isHidden() and not reopen:
            return
        dock.show()
        dock.raise_()
        if dock.is_collapsed:
            self._collapse(dock, False)

    def reset(self) -> None:
        """As at first: the prompt above, the others in tabs below it, in two groups if they fit."""
        window = self._window
        for dock in self:
            dock.set_collapsed(False)
            dock.setFloating(False)
            window.removeDockWidget(dock)
        height = self._room()
        groups: list[Sequence[str]] = [_RESULTS, _SETTINGS]
        if height < _ROOMY:
            groups = [(*_RESULTS, *_SETTINGS)]
        window.addDockWidget(_RIGHT, self["prompt"])
        self["prompt"].show()
        heads = [self["prompt"], *(self[group[0]] for group in groups)]
        for above, below in pairwise(heads):
            window.splitDockWidget(above, below, _DOWN)
            below.show()
        for group in groups:  # only now: what is split off a tab becomes a tab
            for before, name in pairwise(group):
                window.tabifyDockWidget(self[before], self[name])
                self[name].show()
            self[group[0]].raise_()
        self["words"].hide()  # until somebody looks for a word
        self._settle()
        parts = [self["prompt"], *self["prompt"].findChildren(QWidget)]
        for part in parts:
            part.ensurePolished()  # the style sheet has a word in how large it is
        for part in reversed(parts):
            part.updateGeometry()
        scarce = height < _SCARCE
        prompt = self["prompt"].minimumSizeHint() if scarce else self["prompt"].sizeHint()
        left = height - prompt.height() - len(groups) * _TABS
        shares = [prompt.height(), *(left // len(groups) for _ in groups)]
        window.resizeDocks(heads, shares, _DOWN)
        window.resizeDocks(heads, [_WIDTH] * len(heads), _ACROSS)

    def state(self) -> str:
        """Where everything lies, to be kept."""
        return self._window.saveState(_VERSION).toBase64().toStdString()

    @property
    def collapsed(self) -> tuple[str, ...]:
        return tuple(name for name, dock in self._docks.items() if dock.is_collapsed)

    def restore(self, state: str, collapsed: Sequence[str]) -> None:
        """Lay everything as it was when `state` was taken; as at first if that says nothing."""
        self.reset()
        if self._window.restoreState(QByteArray.fromBase64(state.encode()), _VERSION):
            for name in PANEL_TITLES.keys() & set(collapsed):
                self[name].set_collapsed(True)
        self._settle()

    def _room(self) -> int:
        """How high the docks can be."""
        window = self._window
        across = [bar for bar in window.findChildren(QToolBar) if bar.orientation() == _ACROSS]
        bars = (window.menuBar(), window.statusBar(), *across)
        return window.height() - sum(bar.sizeHint().height() for bar in bars)

    def _settle(self) -> None:
        """Titles go from docks that have a tab, and tabs learn to collapse."""
        for dock in self:
            dock.set_tabbed(bool(self._window.tabifiedDockWidgets(dock)))
        for bar in self._window.findChildren(QTabBar):
            if not bar.accessibleName():
                configure(bar, name=self.tr("Panels"))
                bar.setToolTip(self.tr("Drag: move. Double click: collapse, and expand again."))
                bar.setDrawBase(False)
                bar.setExpanding(False)
                bar.tabBarClicked.connect(partial(self._on_click, bar))
                bar.tabBarDoubleClicked.connect(partial(self._on_double_click, bar))

    def _collapse(self, dock: Dock, collapsed: bool) -> None:
        """Tabs go together."""
        group = [dock, *self._window.tabifiedDockWidgets(dock)]
        for member in group:
            if isinstance(member, Dock):
                member.set_collapsed(collapsed)
        if not collapsed:
            height = max(member.height_before for member in group if isinstance(member, Dock))
            self._window.resizeDocks([dock], [height or dock.sizeHint().height()], _DOWN)

    def _on_click(self, bar: QTabBar, index: int) -> None:
        if self._ends_double_click:
            self._ends_double_click = False
            return
        dock = self._of_tab(bar, index)
        self._opened_by_click = dock is not None and dock.is_collapsed
        if dock is not None and self._opened_by_click:
            self._collapse(dock, False)

    def _on_double_click(self, bar: QTabBar, index: int) -> None:
        """Qt tells of a click, of the double click, and of its second click."""
        self._ends_double_click = True
        dock = self._of_tab(bar, index)
        if dock is not None and not self._opened_by_click:
            self._collapse(dock, True)

    def _of_tab(self, bar: QTabBar, index: int) -> Dock | None:
        return next((dock for dock in self if dock.windowTitle() == bar.tabText(index)), None)


def _scrolling(name: str, panel: QWidget) -> QWidget:
    """A panel that need not fit; the prompt always does."""
    if name == "prompt":
        return panel
    area = configure(QScrollArea(), style="panel")
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    panel.setContentsMargins(12, 10, 12, 10)
    area.setWidget(panel)
    return area
