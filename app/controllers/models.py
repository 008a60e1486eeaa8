"""Adding models to those of this user, and removing them."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject

from app.engine.model_choice import ModelChoice
from app.panels.dialogs.dialogs import Dialogs
from app.system.settings import SettingsStore
from app.ui.messages import Messages
from lazydiff_core.errors import LazyDiffError


class Models(QObject):
    """Asks where it must, and says what failed."""

    def __init__(
        self, choice: ModelChoice, settings: SettingsStore, dialogs: Dialogs, messages: Messages
    ) -> None:
        super().__init__(choice)
        self._choice, self._settings = choice, settings
        self._dialogs, self._messages = dialogs, messages
        choice.failed.connect(messages.error)

    def choose_folder(self) -> None:
        """Ask for a model's folder, add it to the models of this user and use it."""
        folder = self._dialogs.ask_model_folder(Path(self._settings.value.folder or Path.home()))
        if folder is not None:
            self.add(folder)

    def choose_server(self) -> None:
        """Ask for another machine that runs `lazydiff serve`, and paint with its engine."""
        url = self._dialogs.ask_server(next(iter(self._choice.servers), ""))
        if url is not None:
            self._choice.use_device(url)

    def add(self, folder: Path) -> None:
        """Add a model's folder to the models of this user and use it."""
        registry = self._choice.registry
        try:
            known = (m for m in registry.models() if m.path == folder.resolve())
            model = next(known, None) or registry.add(folder)
        except LazyDiffError as error:
            self._messages.error(str(error))
            return
        self._choice.changed.emit()
        self._choice.use(model.name)

    def remove(self, name: str) -> None:
        """Forget a model, and delete it if it was downloaded; not the one that is in use."""
        registry = self._choice.registry
        model = registry.find(name)
        if model is None or name == self._choice.now.model:
            return
        if registry.owns(model) and not self._dialogs.ask_delete_model(name, model.path):
            return
        try:
            registry.remove(name)
        except LazyDiffError as error:
            self._messages.error(str(error))
        self._choice.changed.emit()
