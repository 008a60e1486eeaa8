"""Adding models to those of this user, and removing them."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject

from app.engine.model_choice import ModelChoice
from app.panels.dialogs.dialogs import Dialogs
from app.system.background import in_background
from app.system.settings import SettingsStore
from app.ui.messages import Messages
from lazydiff_core.errors import LazyDiffError
from lazydiff_core.model_store.comfyui import add_models, is_comfyui
from lazydiff_core.model_store.single_files import recognise


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

    def choose_file(self) -> None:
        """Ask for a model's file, or a list of ComfyUI's paths, and add what it holds."""
        file = self._dialogs.ask_model_file(Path(self._settings.value.folder or Path.home()))
        if file is not None:
            self.add(file)

    def choose_server(self) -> None:
        """Ask for another machine that runs `lazydiff serve`, and paint with its engine."""
        url = self._dialogs.ask_server(next(iter(self._choice.servers), ""))
        if url is not None:
            self._choice.use_device(url)

    def add(self, path: Path) -> None:
        """Add a model's folder or file to the models of this user and use it; of a ComfyUI, all."""
        try:
            if is_comfyui(path):
                self._add_all(path)
            else:
                self._add_one(path)
        except LazyDiffError as error:
            self._messages.error(str(error))

    def _add_one(self, path: Path) -> None:
        registry = self._choice.registry
        known = next((m for m in registry.models() if m.path == path.resolve()), None)
        if known is None and path.is_file():
            in_background(partial(recognise, path))
        model = known or registry.add(path)
        self._choice.changed.emit()
        self._choice.use(model.name)

    def _add_all(self, path: Path) -> None:
        added, left_out = in_background(partial(add_models, path, self._choice.registry))
        self._choice.changed.emit()
        names = ", ".join(model.name for model in added)
        if added:
            self._messages.news(
                self.tr("Added: {}. Files that hold nothing for LazyDiff: {}.").format(
                    names, len(left_out)
                )
            )
        else:
            text = self.tr("{} holds no model for LazyDiff ({} files were looked at).")
            self._messages.error(text.format(path.name, len(left_out)))

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
