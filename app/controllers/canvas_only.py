"""Nothing but the canvas: everything around it goes away and comes back."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QObject, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMainWindow, QStatusBar, QToolBar, QWidget

from app.panels.docks import Docks
from app.ui.messages import Messages


class CanvasOnly(QObject):
    """Hides the bars and the docks of a window, those that are shown at the time.

    The line at the bottom is there as long as it has a message.
    """

    changed = Signal(bool)

    def __init__(
        self,
        window: QMainWindow,
        docks: Docks,
        canvas: QWidget,
        prompt: QWidget,
        messages: Messages,
    ) -> None:
        super().__init__(window)
        self._window, self._docks = window, docks
        self._canvas, self._prompt, self._messages = canvas, prompt, messages
        self._hidden: list[QWidget] = []
        self._layout = QByteArray()  # of docks and toolbars, before they were hidden
        messages.shown.connect(self._follow_message)

    def set(self, only: bool) -> None:
        """Hide them, or show again those that were hidden."""
        if only == bool(self._hidden):
            return
        if only:
            self._keep_shortcuts()
            self._layout = self._window.saveState()
            self._hidden = [widget for widget in self._around() if not widget.isHidden()]
        for widget in self._hidden:
            widget.setVisible(not only)
        if only:
            self._follow_message(self._messages.is_closable)
        else:
            self._hidden = []
            self._window.restoreState(self._layout)  # the order of tabs and all sizes
        self.changed.emit(only)

    def switch_focus(self) -> None:
        """From the canvas to the prompt, and from anywhere else to the canvas."""
        reason = Qt.FocusReason.ShortcutFocusReason
        if self._canvas.hasFocus():
            self.set(False)
            self._docks.bring("prompt")
            self._prompt.setFocus(reason)
        else:
            self._canvas.setFocus(reason)

    def _follow_message(self, shown: bool) -> None:
        if self._hidden:
            self._window.statusBar().setVisible(shown)

    def _keep_shortcuts(self) -> None:
        """A hidden menu bar is deaf: its actions have to be the window's as well."""
        usual = Qt.ShortcutContext.WindowShortcut
        actions = self._window.findChildren(QAction)
        self._window.addActions([made for made in actions if made.shortcutContext() == usual])

    def _around(self) -> list[QWidget]:
        bars: list[QWidget] = [*self._window.findChildren(QToolBar)]
        status = self._window.findChildren(QStatusBar)
        return [self._window.menuBar(), *status, *bars, *self._docks]
