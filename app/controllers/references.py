"""Reference pictures: which ones, and that the context made ahead shows them."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject

from app.engine.generation import Generation
from app.panels.dialogs.dialogs import Dialogs
from app.panels.fill.reference_section import ReferenceSection


class References(QObject):
    """Between the section in the options, the file dialog and the prefetcher."""

    def __init__(self, section: ReferenceSection, generation: Generation, dialogs: Dialogs) -> None:
        super().__init__(generation)
        self._section, self._generation, self._dialogs = section, generation, dialogs
        section.add_wanted.connect(self.choose)
        section.changed.connect(self._follow)
        generation.loader.loaded.connect(self._follow)

    def choose(self) -> None:
        """Ask for pictures, and take as many as there is room for."""
        last = self._section.last
        for path in self._dialogs.ask_references(last.parent if last else Path.home()):
            self._section.add(path)

    def _follow(self) -> None:
        section = self._section
        self._generation.prefetcher.set_shown(section.edit, section.references)
