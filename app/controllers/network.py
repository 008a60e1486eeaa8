"""The offline switch: in menu, status line and gallery; kept in the settings."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from app.system.settings import SettingsStore
from lazydiff_core.offline import is_offline, set_offline


class Network(QObject):
    """While it is offline, no hub and no other machine is asked for anything.

    HF_HUB_OFFLINE, set where the program was started, turns it on, too, and is not kept.
    """

    changed = Signal(bool)  # whether it is offline now

    def __init__(self, settings: SettingsStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        if settings.value.offline:
            set_offline(True)

    def tell(self) -> None:
        """Have everybody show how the switch is."""
        self.changed.emit(is_offline())

    def set_offline(self, offline: bool) -> None:
        """Turn the switch, and keep it."""
        set_offline(offline)
        self._settings.update(offline=offline)
        self.tell()
