"""What fills follow: which network and picture, and that the context made ahead follows them."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject

from app.engine.generation import Generation
from app.panels.dialogs.dialogs import Dialogs
from app.panels.docks import Docks
from app.panels.fill.control_section import ControlSection
from app.system.background import in_background
from app.ui.messages import Messages
from lazydiff_core.errors import LazyDiffError
from lazydiff_core.model_store.control_networks import recognise_control


class ControlController(QObject):
    """Between the section in the options, the file dialogs and the prefetcher."""

    def __init__(
        self,
        section: ControlSection,
        generation: Generation,
        dialogs: Dialogs,
        docks: Docks,
        messages: Messages,
    ) -> None:
        super().__init__(generation)
        self._section, self._generation, self._dialogs = section, generation, dialogs
        self._docks, self._messages = docks, messages
        section.network_wanted.connect(self.choose_network)
        section.picture_wanted.connect(self.choose_picture)
        section.changed.connect(self._follow)
        generation.loader.loaded.connect(self._follow)

    def choose_network(self) -> None:
        """Ask for a file, and take it if it is a network."""
        last = self._section.network
        path = self._dialogs.ask_control_network(last.parent if last else Path.home())
        if path is not None:
            self.use_network(path)

    def use_network(self, path: Path) -> None:
        """Follow by a file from now on; says what is wrong with one that is no network."""
        try:
            in_background(partial(recognise_control, path))
        except LazyDiffError as error:
            self._messages.error(str(error))
            return
        self._section.use_network(path)
        self._docks.bring("options")

    def choose_picture(self) -> None:
        """Ask for a picture to follow."""
        last = self._section.picture
        path = self._dialogs.ask_control_picture(last.parent if last else Path.home())
        if path is not None:
            self._section.use_picture(path)

    def _follow(self) -> None:
        self._generation.prefetcher.set_control(self._section.setting)
