"""The commands of the Help menu."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import version

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMainWindow

from app.actions.keymap import Keymap
from app.actions.menus import Actions
from app.engine.generation import Generation
from app.panels.dialogs.about_dialog import AboutDialog
from app.panels.dialogs.command_palette import CommandPalette
from app.panels.dialogs.diagnostics_dialog import DiagnosticsDialog
from app.panels.dialogs.doctor_dialog import DoctorDialog, doctor_command
from app.panels.dialogs.keys_overlay import KeysOverlay
from app.panels.dialogs.shortcuts import ShortcutsDialog
from app.system.background import in_background
from app.system.diagnostics import report
from app.system.licences import PROGRAM, parts
from app.system.logs import latest, usual_logs
from app.system.settings import SettingsStore

_LOG_LINES = 80


class Help(QObject):
    """Ways to find what LazyDiff can do and which key does it."""

    def __init__(
        self,
        window: QMainWindow,
        keymap: Keymap,
        generation: Generation,
        settings: SettingsStore,
        actions: Callable[[], Actions],
    ) -> None:
        """`actions`: they call this and are made later."""
        super().__init__(window)
        self._window, self._keymap, self._actions = window, keymap, actions
        self._generation, self._settings = generation, settings
        self._overlay: KeysOverlay | None = None
        self._palette: CommandPalette | None = None
        self._editor: ShortcutsDialog | None = None

    def show_keys(self) -> None:
        if self._overlay is None:
            self._overlay = KeysOverlay(self._keymap, self._window)
        self._overlay.begin()

    def show_palette(self) -> None:
        if self._palette is None:
            self._palette = CommandPalette(self._actions(), self._keymap, self._window)
        self._palette.begin()

    def edit_shortcuts(self) -> None:
        self._editor = ShortcutsDialog(self._keymap, self._window)
        self._editor.open()

    def show_diagnostics(self) -> None:
        DiagnosticsDialog(self._diagnostics, self._window).open()

    def show_doctor(self) -> None:
        dialog = DoctorDialog(doctor_command(), self._window)
        dialog.open()
        dialog.begin()

    def show_about(self) -> None:
        AboutDialog(version(PROGRAM), in_background(parts), self._window).open()

    def _diagnostics(self, private: bool) -> str:
        text = report(self._generation.info, self._settings.value, private=private)
        return f"{text}\n\n{latest(usual_logs(), _LOG_LINES)}" if private else text
