"""LoRAs in the whole window: from the list to the request, the recipe and the next start."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtWidgets import QCheckBox
from pytestqt.qtbot import QtBot
from safetensors.numpy import save_file

from app.system.settings import SettingsStore
from app.window import MainWindow
from lazydiff_core.lora_files import Lora, read_loras
from tests.app.doubles import PATIENCE_MS, ScriptedDialogs, ScriptedEngine
from tests.app.driving import CTRL, brush, control, fill, press, scripted

INK, BAD = Path("/loras/ink.safetensors"), Path("/loras/bad.safetensors")
SENTENCE = "bad.safetensors is a LoRA for another model: this one has no x."


def open_window(qtbot: QtBot, settings: SettingsStore, engine: ScriptedEngine) -> MainWindow:
    window = scripted(qtbot, settings, engine)
    brush(window, (60, 60), (90, 70))
    return window


def choose(window: MainWindow, *paths: Path) -> None:
    dialogs = window.models._dialogs
    assert isinstance(dialogs, ScriptedDialogs)
    dialogs.loras = list(paths)
    window.panel.options.loras.add_button.click()


def test_they_are_asked_for_kept_in_the_recipe_and_used_by_a_replay(
    qtbot: QtBot, settings: SettingsStore
) -> None:
    engine = ScriptedEngine()
    window = open_window(qtbot, settings, engine)
    choose(window, INK)
    fill(qtbot, window)
    assert read_loras(engine.requests[-1].settings.loras) == (Lora(INK),)
    (edit,) = window.document.edits
    assert read_loras(edit.recipe.settings.loras) == (Lora(INK),)
    control(window.panel.options.loras, QCheckBox, "Use ink").click()
    with qtbot.waitSignal(window.generation.landed, timeout=PATIENCE_MS):
        window.generation.replay(edit.id, edit.recipe.settings)
    assert read_loras(engine.requests[-1].settings.loras) == (Lora(INK),), "the edit's own"
    assert settings.value.loras == (f"off {INK}:1",)


def test_one_that_does_not_fit_is_told_before_anything_is_generated(
    qtbot: QtBot, settings: SettingsStore
) -> None:
    engine = ScriptedEngine()
    engine.unfit = {BAD.name: SENTENCE}
    window = open_window(qtbot, settings, engine)
    choose(window, BAD)
    qtbot.waitUntil(lambda: bool(window.loras.check.faults), timeout=PATIENCE_MS)
    press(window, Qt.Key.Key_Return, CTRL)
    assert window.messages.text == SENTENCE
    assert not engine.requests
    control(window.panel.options.loras, QCheckBox, "Use bad").click()
    fill(qtbot, window)
    assert engine.requests[-1].settings.loras == ""


def test_another_model_has_them_looked_at_anew(qtbot: QtBot, settings: SettingsStore) -> None:
    other = ScriptedEngine()
    other.unfit = {INK.name: SENTENCE}
    window = open_window(qtbot, settings, ScriptedEngine())
    choose(window, INK)
    qtbot.waitUntil(lambda: window.loras.check.faults == {INK: ""}, timeout=PATIENCE_MS)
    window.generation.switch(lambda: other)
    qtbot.waitUntil(lambda: window.loras.check.faults == {INK: SENTENCE}, timeout=PATIENCE_MS)
    assert SENTENCE in window.panel.options.loras.note.text()


def test_a_lora_that_is_dropped_on_the_canvas_is_listed(
    qtbot: QtBot, settings: SettingsStore, tmp_path: Path
) -> None:
    window = open_window(qtbot, settings, ScriptedEngine())
    ink, model = tmp_path / "ink.safetensors", tmp_path / "model.safetensors"
    save_file({"transformer.a.lora_A.weight": np.zeros((1, 2), np.float32)}, ink)
    save_file({"a.weight": np.zeros((1, 2), np.float32)}, model)
    drop(window, ink)
    assert [row.lora.path for row in window.panel.options.loras.listed] == [ink]
    drop(window, model)
    assert "is no model that LazyDiff reads" in window.messages.text
    damaged = tmp_path / "damaged.safetensors"
    damaged.write_bytes(b"x" * 99)
    drop(window, damaged)
    assert "not a readable safetensors file" in window.messages.text
    assert len(window.panel.options.loras.listed) == 1


def drop(window: MainWindow, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    window.clipboard.drop(data)


def test_a_model_that_takes_none_says_so_when_one_is_dropped(
    qtbot: QtBot, settings: SettingsStore
) -> None:
    engine = ScriptedEngine()
    engine.info = replace(engine.info, lora_refusal="This one takes none.")
    window = open_window(qtbot, settings, engine)
    window.loras.add(INK)
    assert window.messages.text == "This one takes none."
    assert window.panel.options.loras.listed == ()
