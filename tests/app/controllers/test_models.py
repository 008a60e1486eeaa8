from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Event

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.controllers.models import Models
from app.engine import model_choice as choice_module
from app.engine.jobs import EngineLike, LoadEngine
from app.engine.model_choice import Choice
from app.panels.dialogs.save_questions import Answer
from app.system.settings import SettingsStore
from app.window import MainWindow
from lazydiff_core.contract import Box, EngineInfo
from lazydiff_core.errors import ModelError
from tests.app.document.driving import square
from tests.app.doubles import INFO, PATIENCE_MS, ScriptedDialogs, ScriptedEngine, action, show_ready


class Loader:
    """Stands in for `engine_loader`: makes scripted engines, at the gate, or fails."""

    def __init__(self) -> None:
        self.gate, self.fault = Event(), ""
        self.gate.set()
        self.asked: list[tuple[str, str | None]] = []

    def __call__(self, model: str, _backend: str | None, device: str | None) -> LoadEngine:
        self.asked.append((model, device))

        def load() -> EngineLike:
            assert self.gate.wait(60)
            if self.fault:
                raise ModelError(self.fault)
            return scripted(model, device or "cpu")

        return load


def scripted(model: str, device: str = "cpu") -> ScriptedEngine:
    engine = ScriptedEngine()
    info: EngineInfo = replace(INFO, model=model, device=device, devices=("cpu", "cuda:0"))
    engine.info = info
    return engine


@pytest.fixture
def loader(monkeypatch: pytest.MonkeyPatch) -> Loader:
    made = Loader()
    monkeypatch.setattr(choice_module, "engine_loader", made)
    return made


@pytest.fixture
def window(
    qtbot: QtBot, settings: SettingsStore, dialogs: ScriptedDialogs, loader: Loader
) -> Iterator[MainWindow]:
    made = MainWindow(lambda: scripted("bundled"), settings, dialogs)
    show_ready(qtbot, made)
    yield made
    loader.gate.set()
    made.document.undo_stack.setClean()
    made.close()


@pytest.fixture
def models(window: MainWindow) -> Models:
    return window.models


def model_folder(path: Path) -> Path:
    path.mkdir(parents=True)
    (path / "config.json").write_text("{}")
    return path


def use(qtbot: QtBot, window: MainWindow, model: str) -> None:
    with qtbot.waitSignal(window.generation.loader.loaded, timeout=PATIENCE_MS):
        window.model_choice.use(model)


def test_another_model_is_loaded_and_remembered(
    qtbot: QtBot, window: MainWindow, settings: SettingsStore, loader: Loader
) -> None:
    square(window.document, Box(10, 10, 30, 30))
    before = window.document.pixels.copy(), window.document.mask.copy()
    use(qtbot, window, "painter")
    assert loader.asked == [("painter", None)]
    assert window.generation.info is not None
    assert window.generation.info.model == "painter"
    assert "painter" in window.status.engine.text()
    assert window.model_choice.now == Choice("painter")
    assert SettingsStore(settings.folder / "window.json").value.model == "painter"
    assert np.array_equal(window.document.pixels, before[0])
    assert np.array_equal(window.document.mask, before[1])


def test_a_model_that_fails_leaves_the_old_one_in_place(
    qtbot: QtBot, window: MainWindow, settings: SettingsStore, loader: Loader
) -> None:
    loader.fault = "The model's file x is missing."
    with qtbot.waitSignal(window.generation.loader.switch_failed, timeout=PATIENCE_MS):
        window.model_choice.use("broken")
    assert window.messages.text == "The model's file x is missing. bundled stays in use."
    assert window.model_choice.now == Choice("bundled")
    assert not window.model_choice.is_loading
    assert settings.value.model == "bundled"
    window.mask_controller.select_all()
    with qtbot.waitSignal(window.generation.landed, timeout=PATIENCE_MS):
        window.panel.generate()


def test_loading_shows_and_can_be_taken_back(
    qtbot: QtBot, window: MainWindow, loader: Loader
) -> None:
    loader.gate.clear()
    window.model_choice.use("slow")
    assert window.model_choice.wanted == Choice("slow")
    cancel = action(window, "cancel")
    assert "Loading" in window.panel.progress.text
    assert cancel.isEnabled()
    cancel.trigger()
    assert not window.model_choice.is_loading
    assert not window.generation.state.is_switching
    loader.gate.set()
    window.mask_controller.select_all()
    with qtbot.waitSignal(window.generation.landed, timeout=PATIENCE_MS):
        window.panel.generate()
    assert window.generation.info is not None
    assert window.generation.info.model == "bundled"


def test_a_fill_asked_for_meanwhile_is_run_by_the_new_model(
    qtbot: QtBot, window: MainWindow, loader: Loader
) -> None:
    loader.gate.clear()
    window.model_choice.use("next")
    window.mask_controller.select_all()
    window.panel.generate()
    with qtbot.waitSignal(window.generation.landed, timeout=PATIENCE_MS):
        loader.gate.set()
    assert window.generation.info is not None
    assert window.generation.info.model == "next"


def test_the_device_is_one_of_those_found(
    qtbot: QtBot, window: MainWindow, settings: SettingsStore, loader: Loader
) -> None:
    assert window.model_choice.devices == ("cpu", "cuda:0")
    with qtbot.waitSignal(window.generation.loader.loaded, timeout=PATIENCE_MS):
        window.model_choice.use_device("cuda:0")
    assert loader.asked == [("bundled", "cuda:0")]
    assert settings.value.device == "cuda:0"
    window.model_choice.use_device("cuda:0")
    window.model_choice.use("bundled")
    assert len(loader.asked) == 1, "it is loaded already"


def test_a_restarted_engine_is_the_chosen_one(
    qtbot: QtBot, window: MainWindow, loader: Loader
) -> None:
    use(qtbot, window, "painter")
    with qtbot.waitSignal(window.generation.loader.loaded, timeout=PATIENCE_MS):
        window.generation.restart()
    assert window.generation.info is not None
    assert window.generation.info.model == "painter"


def test_another_model_mends_a_start_without_one(
    qtbot: QtBot, settings: SettingsStore, dialogs: ScriptedDialogs, loader: Loader
) -> None:
    def fail() -> EngineLike:
        raise ModelError("There is no model.")

    window = MainWindow(fail, settings, dialogs)
    qtbot.addWidget(window)
    with qtbot.waitSignal(window.generation.loader.load_failed, timeout=PATIENCE_MS):
        window.generation.start()
    use(qtbot, window, "painter")
    assert not window.generation.state.fault
    assert window.messages.isHidden()
    window.close()


def test_a_chosen_or_dropped_folder_gets_a_name_and_is_used(
    qtbot: QtBot, window: MainWindow, dialogs: ScriptedDialogs, loader: Loader, tmp_path: Path
) -> None:
    dialogs.opened = model_folder(tmp_path / "my 蘑菇")
    with qtbot.waitSignal(window.generation.loader.loaded, timeout=PATIENCE_MS):
        window.models.choose_folder()
    assert window.model_choice.now.model == "my 蘑菇"
    with qtbot.waitSignal(window.generation.loader.loaded, timeout=PATIENCE_MS):
        window.clipboard.model_dropped.emit(model_folder(tmp_path / "dropped"))
    assert [row.name for row in window.model_choice.listed()] == ["dropped", "my 蘑菇"]
    dialogs.opened = tmp_path
    window.models.choose_folder()
    assert "not a model folder" in window.messages.text


def test_forgetting_a_model(
    qtbot: QtBot, models: Models, window: MainWindow, dialogs: ScriptedDialogs, tmp_path: Path
) -> None:
    choice = window.model_choice
    choice.registry.add(model_folder(tmp_path / "mine"))
    downloaded = choice.registry.add(
        model_folder(choice.registry.downloads / "o--a"), source="o/a@1"
    )
    models.remove("mine")
    assert dialogs.asked == [], "nothing is deleted"
    dialogs.answer = Answer.KEEP
    models.remove("o--a")
    assert downloaded.path.exists()
    dialogs.answer = Answer.DISCARD
    models.remove("o--a")
    assert not downloaded.path.exists()
    choice.registry.add(model_folder(tmp_path / "used"))
    use(qtbot, window, "used")
    models.remove("used")
    assert choice.registry.find("used") is not None, "it is in use"


def test_a_model_on_a_card_makes_room_for_the_next_one(
    qtbot: QtBot, window: MainWindow, loader: Loader, monkeypatch: pytest.MonkeyPatch
) -> None:
    choice, generation = window.model_choice, window.generation
    with qtbot.waitSignal(generation.loader.loaded, timeout=PATIENCE_MS):
        choice.use_device("cuda:0")
    released: list[str] = []
    generation.loader.released.connect(lambda info: released.append(info.device))
    with qtbot.waitSignal(generation.loader.loaded, timeout=PATIENCE_MS):
        choice.use_device("")
    assert released == ["cuda:0"]
    assert not generation.state.released
    assert not window.messages.text, "nothing to say: the next one is there"


def test_a_model_on_a_card_is_back_where_the_next_one_fails(
    qtbot: QtBot, window: MainWindow, loader: Loader
) -> None:
    choice, generation = window.model_choice, window.generation
    with qtbot.waitSignal(generation.loader.loaded, timeout=PATIENCE_MS):
        choice.use_device("cuda:0")
    loader.fault = "There is no room for it."
    with qtbot.waitSignal(choice.failed, timeout=PATIENCE_MS):
        choice.use("another")
    assert "stays in use" in window.messages.text
    loader.fault = ""
    square(window.document, Box(10, 10, 60, 60))
    with qtbot.waitSignal(generation.landed, timeout=PATIENCE_MS):
        window.panel.generate()
    info = generation.info
    assert info is not None
    assert (info.device, choice.now.device) == ("cuda:0", "cuda:0")
