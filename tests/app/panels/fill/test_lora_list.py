from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QCheckBox, QDoubleSpinBox, QToolButton
from pytestqt.qtbot import QtBot

from app.panels.fill.lora_list import ListedLora, LoraList
from app.ui.dial import Dial
from lazydiff_core.lora_files import MAX_LORA_WEIGHT, Lora, read_loras
from tests.app.doubles import INFO
from tests.app.driving import control

INK, OLD = Path("/loras/ink.safetensors"), Path("/loras/old.safetensors")


@pytest.fixture
def loras(qtbot: QtBot) -> LoraList:
    made = LoraList()
    qtbot.addWidget(made)
    made.use_model(INFO)
    made.show()
    return made


def dial_of(loras: LoraList, name: str) -> Dial:
    field = control(loras, QDoubleSpinBox, f"Weight of {name}")
    dial = field.parentWidget()
    assert isinstance(dial, Dial)
    return dial


def drop(loras: LoraList, *paths: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    buttons, held = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    loras.dropEvent(QDropEvent(QPoint(5, 5), Qt.DropAction.CopyAction, data, buttons, held))


def test_what_is_on_counts_as_strongly_as_its_dial_says(loras: LoraList, qtbot: QtBot) -> None:
    loras.add(INK)
    loras.add(OLD)
    with qtbot.waitSignal(loras.changed):
        dial_of(loras, "ink").set_value(0.8)
    assert read_loras(loras.setting) == (Lora(INK, 0.8), Lora(OLD))
    control(loras, QCheckBox, "Use ink").click()
    assert read_loras(loras.setting) == (Lora(OLD),)
    loras.add(INK)
    assert read_loras(loras.setting) == (Lora(INK, 0.8), Lora(OLD)), "listed once, on again"
    control(loras, QToolButton, "Take old off the list").click()
    assert loras.setting == f"{INK}:0.8"


def test_a_weight_goes_as_far_as_recipes_do(loras: LoraList) -> None:
    loras.use(f"{INK}:{-MAX_LORA_WEIGHT:g}")
    assert loras.setting == f"{INK}:-4"


def test_files_are_dropped_on_it(loras: LoraList, tmp_path: Path) -> None:
    for name in ("a.safetensors", "b.safetensors", "notes.txt"):
        (tmp_path / name).touch()
    drop(loras, *sorted(tmp_path.iterdir()))
    assert [row.lora.path.name for row in loras.listed] == ["a.safetensors", "b.safetensors"]


def test_a_recipe_switches_its_own_on_and_no_others(loras: LoraList) -> None:
    loras.add(OLD)
    loras.use(f"{INK}:0.5")
    assert loras.listed == (ListedLora(Lora(OLD), on=False), ListedLora(Lora(INK, 0.5)))


def test_what_was_listed_comes_back(loras: LoraList, qtbot: QtBot) -> None:
    loras.add(INK)
    loras.use(f"{OLD}:1.5")
    again = LoraList()
    qtbot.addWidget(again)
    again.restore([*map(str, loras.listed), "damaged:99"])
    assert again.listed == loras.listed


def test_a_model_that_takes_none_is_asked_for_none_and_says_why(loras: LoraList) -> None:
    loras.add(INK)
    loras.use_model(replace(INFO, lora_refusal="This one takes none."))
    assert loras.setting == ""
    assert loras.note.text() == "This one takes none."
    assert not loras.add_button.isVisible()
    assert not control(loras, QCheckBox, "Use ink").isVisible()
    loras.use_model(INFO)
    assert loras.setting == f"{INK}:1"


def test_a_file_that_does_not_fit_is_marked(loras: LoraList) -> None:
    loras.add(INK)
    loras.show_faults({INK: "ink.safetensors is a LoRA for another model."})
    assert "another model" in loras.note.text()
    assert control(loras, QCheckBox, "Use ink").text() == "⚠ ink"
    control(loras, QCheckBox, "Use ink").click()
    assert not loras.note.isVisible(), "what is off does no harm"
