"""How the window looks and which language it speaks."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMainWindow

from app.system.settings import SettingsStore
from app.ui import theme
from app.ui.icons import retint
from app.ui.messages import Messages


class Appearance(QObject):
    """Follows the choices of the View menu and, where they say so, the system."""

    def __init__(self, window: QMainWindow, settings: SettingsStore, messages: Messages) -> None:
        super().__init__(window)
        self._window, self._settings, self._messages = window, settings, messages
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._apply)

    def choose_theme(self, name: str) -> None:
        self._settings.update(theme=name)
        self._apply()

    def choose_language(self, name: str) -> None:
        """Keep a key of `translation.LANGUAGES` for the next start."""
        if name != self._settings.value.language:
            self._settings.update(language=name)
            self._messages.news(self.tr("Restart LazyDiff to switch the language."))

    def _apply(self) -> None:
        theme.apply(self._settings.value.theme)
        retint(self._window)
