"""The list of LoRAs: files are asked for, looked at by the engine, and kept for the next start."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject

from app.engine.generation import Generation
from app.engine.lora_check import LoraCheck
from app.panels.dialogs.dialogs import Dialogs
from app.panels.docks import Docks
from app.panels.fill.lora_list import LoraList
from app.system.settings import SettingsStore
from app.ui.messages import Messages
from lazydiff_core.generation_settings import GenerationSettings


class Loras(QObject):
    """Between the list in the options, the engine's check of it, and the settings."""

    def __init__(
        self,
        listed: LoraList,
        generation: Generation,
        settings: SettingsStore,
        dialogs: Dialogs,
        docks: Docks,
        messages: Messages,
    ) -> None:
        super().__init__(generation)
        self._list, self._settings = listed, settings
        self._dialogs, self._docks, self._messages = dialogs, docks, messages
        self.check = LoraCheck(generation)
        listed.restore(settings.value.loras)
        self._follow()
        listed.add_wanted.connect(self.choose)
        listed.changed.connect(self._keep)
        self.check.changed.connect(lambda: listed.show_faults(self.check.faults))

    def choose(self) -> None:
        """Ask for files, and list them."""
        listed = self._list.listed
        folder = listed[-1].lora.path.parent if listed else Path.home()
        for path in self._dialogs.ask_loras(folder):
            self._list.add(path)

    def add(self, path: Path) -> None:
        """List a file that was dropped on the canvas."""
        if self._list.refusal:
            self._messages.error(self._list.refusal)
            return
        self._list.add(path)
        self._docks.bring("options")

    def may_paint(self, settings: GenerationSettings) -> bool:
        """Whether all LoRAs that are asked for fit, as far as is known; says what does not."""
        fault = self.check.fault_of(settings)
        if fault:
            self._messages.error(fault)
            self._docks.bring("options")
        return not fault

    def _keep(self) -> None:
        self._settings.update(loras=tuple(map(str, self._list.listed)))
        self._follow()

    def _follow(self) -> None:
        self.check.follow(row.lora.path for row in self._list.listed)
