"""The menu of the files that were open last."""

from __future__ import annotations

from collections import Counter
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QWidget

from app.system.settings import SettingsStore


class RecentFiles(QMenu):
    """Lists them when it is opened, latest first; two of one name by their folders as well."""

    chosen = Signal(object)  # Path

    def __init__(self, settings: SettingsStore, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTitle(self.tr("Open recent"))
        self.setToolTipsVisible(True)
        self._settings = settings
        self.aboutToShow.connect(self.fill)

    def fill(self) -> None:
        """List them as they are now."""
        self.clear()
        paths = [Path(name) for name in self._settings.value.recent_files]
        often = Counter(path.name for path in paths)
        for path in paths:
            where = f" — {path.parent.name}" if often[path.name] > 1 else ""
            action = self.addAction(f"{path.name}{where}".replace("&", "&&"))
            action.setToolTip(str(path))
            action.triggered.connect(partial(self._choose, path))
        if not paths:
            self.addAction(self.tr("No recent files")).setEnabled(False)
            return
        self.addSeparator()
        forget = self.addAction(self.tr("Clear this list"))
        forget.triggered.connect(lambda: self._settings.update(recent_files=()))

    def _choose(self, path: Path, _checked: bool = False) -> None:
        self.chosen.emit(path)
