"""The choice of model and device, and switching to another one."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from app.engine.generation import Generation
from app.engine.recommendations import Recommendations
from app.engine.worker import engine_loader
from app.system.settings import SettingsStore
from lazydiff_core.contract import EngineInfo
from lazydiff_core.errors import InputError
from lazydiff_core.model_store import ModelRegistry, RegisteredModel
from lazydiff_core.remote import Connection, is_server

MAX_SERVERS = 5


@dataclass(frozen=True)
class Choice:
    """A model, by its `--model` name, and a device; "" = the best available device.

    A device may be the URL of a server (remote.Connection): its engine has the model it has.
    """

    model: str
    device: str = ""

    @property
    def is_remote(self) -> bool:
        return is_server(self.device)


class ModelChoice(QObject):
    """`now`: the loaded choice, or the one asked for at the start; `wanted`: the one being loaded.

    Loading happens on the engine's thread and does not touch the picture. If it fails, the current
    engine stays.
    """

    changed = Signal()
    failed = Signal(str)  # another model could not be loaded

    def __init__(
        self, generation: Generation, registry: ModelRegistry, settings: SettingsStore
    ) -> None:
        super().__init__(generation)
        self._generation, self.registry, self._settings = generation, registry, settings
        self.recommendations = Recommendations(generation)
        self.now = Choice(settings.value.model, settings.value.device)
        self.wanted: Choice | None = None
        generation.loader.loaded.connect(self._on_loaded)
        generation.loader.switch_failed.connect(self._on_failed)
        generation.state_changed.connect(self._on_state)

    def begun_with(self, model: str, device: str) -> None:
        """Set the choice that the program was started with."""
        self.now = Choice(model, device)

    @property
    def devices(self) -> tuple[str, ...]:
        """The devices of this machine; empty until an engine is loaded."""
        return () if self._generation.info is None else self._generation.info.devices

    def recommend(self) -> None:
        """Find out which public models fit the device of this machine that is chosen."""
        self.recommendations.ask("" if self.now.is_remote else self.now.device)

    @property
    def is_loading(self) -> bool:
        return self.wanted is not None

    def listed(self) -> tuple[RegisteredModel, ...]:
        """The models that this user has added to the bundled one."""
        return self.registry.models()

    def use(self, model: str) -> None:
        """Load another model on the current device, or here if that is another machine."""
        self._switch(Choice(model, "" if self.now.is_remote else self.now.device))

    @property
    def servers(self) -> tuple[str, ...]:
        """The URLs of the servers that were used, the last one first."""
        return tuple(url for url in self._settings.value.servers if _is_url(url))

    def use_device(self, device: str) -> None:
        """Load the model on another device; "" = the best available."""
        self._switch(Choice(self.now.model, device))

    def _switch(self, choice: Choice) -> None:
        if choice == (self.wanted or self.now) and not self._generation.state.fault:
            return
        self.wanted = choice
        self._generation.switch(engine_loader(choice.model, None, choice.device or None))
        self.changed.emit()

    def _on_loaded(self, _info: EngineInfo) -> None:
        if self.wanted is not None:
            self.now, self.wanted = self.wanted, None
            self._settings.update(model=self.now.model, device=self.now.device)
            if self.now.is_remote:
                self._remember_server(self.now.device)
        self.changed.emit()

    def _remember_server(self, url: str) -> None:
        address = Connection.of(url).address
        others = [known for known in self.servers if Connection.of(known).address != address]
        self._settings.update(servers=(url, *others)[:MAX_SERVERS])

    def _on_failed(self, sentence: str) -> None:
        self.wanted = None
        if self._generation.info is not None:
            stays = self.tr("{} stays in use.").format(self._generation.info.model)
            sentence = f"{sentence} {stays}"
        self.failed.emit(sentence)
        self.changed.emit()

    def _on_state(self) -> None:
        if self.wanted is not None and not self._generation.loader.is_switching:
            self.wanted = None  # withdrawn
            self.changed.emit()


def _is_url(text: str) -> bool:
    try:
        Connection.of(text)
    except InputError:
        return False
    return True
