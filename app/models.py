"""Which model paints, and on what: choosing another one, adding one, remembering it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.dialogs import Dialogs
from app.messages import Messages
from app.session import Session
from app.settings import SettingsStore
from app.worker import engine_loader
from lazydiff_core.contract import EngineInfo
from lazydiff_core.errors import LazyDiffError
from lazydiff_core.shelf import Shelf, ShelvedModel


@dataclass(frozen=True)
class Choice:
    """A model to load, by the name that `--model` knows, and a device; "" = the best there is."""

    model: str
    device: str = ""


class Models(QObject):
    """`now`: what is loaded, or was asked for at the start; `wanted`: what is being loaded.

    Another one is loaded on the engine's thread; the picture is left alone, and where it fails
    what there was goes on.
    """

    changed = Signal()

    def __init__(
        self,
        session: Session,
        shelf: Shelf,
        settings: SettingsStore,
        dialogs: Dialogs,
        messages: Messages,
    ) -> None:
        super().__init__(session)
        self._session, self.shelf, self._settings = session, shelf, settings
        self._dialogs, self._messages = dialogs, messages
        self.now = Choice(settings.value.model, settings.value.device)
        self.wanted: Choice | None = None
        session.engine_ready.connect(self._on_ready)
        session.switch_failed.connect(self._on_failed)
        session.changed.connect(self._on_changed)

    def begun_with(self, model: str, device: str) -> None:
        """What the program was started with."""
        self.now = Choice(model, device)

    @property
    def devices(self) -> tuple[str, ...]:
        """What models can run on here; known once an engine is there."""
        return () if self._session.info is None else self._session.info.devices

    @property
    def is_loading(self) -> bool:
        return self.wanted is not None

    def listed(self) -> tuple[ShelvedModel, ...]:
        """The models of this user; the bundled one is there anyway."""
        return self.shelf.models()

    def use(self, model: str) -> None:
        """Load another model, on the device that was chosen."""
        self._switch(Choice(model, self.now.device))

    def use_device(self, device: str) -> None:
        """Load the model for another device; "" = the best there is."""
        self._switch(Choice(self.now.model, device))

    def choose_folder(self) -> None:
        """Ask for a model's folder, put it on the shelf and use it."""
        folder = self._dialogs.ask_model_folder(Path(self._settings.value.folder or Path.home()))
        if folder is not None:
            self.add(folder)

    def add(self, folder: Path) -> None:
        """Put a model's folder on the shelf and use it."""
        try:
            known = (m for m in self.shelf.models() if m.path == folder.resolve())
            model = next(known, None) or self.shelf.add(folder)
        except LazyDiffError as error:
            self._messages.error(str(error))
            return
        self.changed.emit()
        self.use(model.name)

    def remove(self, name: str) -> None:
        """Forget a model, and delete it if it was downloaded; not the one that is in use."""
        model = self.shelf.find(name)
        if model is None or name == self.now.model:
            return
        if self.shelf.owns(model) and not self._dialogs.ask_delete_model(name, model.path):
            return
        try:
            self.shelf.remove(name)
        except LazyDiffError as error:
            self._messages.error(str(error))
        self.changed.emit()

    # --- what the session tells ------------------------------------------------------------------

    def _switch(self, choice: Choice) -> None:
        if choice == (self.wanted or self.now) and not self._session.fault:
            return
        self.wanted = choice
        self._session.switch(engine_loader(choice.model, None, choice.device or None))
        self.changed.emit()

    def _on_ready(self, _info: EngineInfo) -> None:
        if self.wanted is not None:
            self.now, self.wanted = self.wanted, None
            self._settings.update(model=self.now.model, device=self.now.device)
        self.changed.emit()

    def _on_failed(self, sentence: str) -> None:
        self.wanted = None
        if self._session.info is None:
            self._messages.error(sentence)
        else:
            stays = self.tr("{} goes on.").format(self._session.info.model)
            self._messages.error(f"{sentence} {stays}")
        self.changed.emit()

    def _on_changed(self) -> None:
        if self.wanted is not None and not self._session.is_switching:
            self.wanted = None  # taken back
            self.changed.emit()
