from __future__ import annotations

from dataclasses import asdict

import pytest
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QToolButton
from pytestqt.qtbot import QtBot

from app.document.brush_colours import BrushColours
from app.document.document import Document
from app.document.variants import VariantBrowser
from app.panels.fill.fill_panel import FillPanel, PrimaryButton
from app.panels.fill.prompt_history import PastPrompts
from app.system.settings import SettingsStore
from app.ui.icons import set_icon
from lazydiff_core.generation_settings import GenerationSettings, ResolvedSettings
from tests.app.driving import control


@pytest.fixture
def panel(qtbot: QtBot, document: Document, settings: SettingsStore) -> FillPanel:
    made = FillPanel(document, VariantBrowser(document), BrushColours(), PastPrompts(settings))
    qtbot.addWidget(made)
    return made


def test_generating_asks_for_what_the_panel_says(panel: FillPanel, qtbot: QtBot) -> None:
    panel.prompt.setPlainText("a red mushroom")
    with qtbot.waitSignal(panel.asked) as asked:
        panel.generate()
    settings = asked.args[0]
    assert isinstance(settings, GenerationSettings)
    assert settings.prompt == "a red mushroom"
    assert settings.strength == panel.sketch.strength.value


def test_a_recipe_can_be_used_again(panel: FillPanel, qtbot: QtBot) -> None:
    made = ResolvedSettings("a cat", "dogs", 42, 3, 7, 2.5, strength=0.4, scope="whole")
    panel.reuse_prompt(made)
    with qtbot.waitSignal(panel.asked) as asked:
        panel.generate()
    settings = asked.args[0]
    assert (settings.prompt, settings.negative) == ("a cat", "dogs")
    assert settings.seed != 42
    panel.reuse_all(made)
    with qtbot.waitSignal(panel.asked) as asked:
        panel.generate()
    assert asked.args[0] == GenerationSettings(
        "a cat", "dogs", 42, variants=3, steps=7, guidance=2.5, strength=0.4, scope="whole"
    )


@pytest.mark.parametrize(
    "made",
    [
        ResolvedSettings("a cat", "", 3_000_000_000, 12, 250, 20.0, strength=0.25),
        ResolvedSettings("a cat", "", 2**63 - 16, 16, 1000, 50.0, strength=0.123456),
        ResolvedSettings("a cat", "", 0, 1, 1, 0.0, strength=0.0),
        ResolvedSettings("a cat", "", 7, 1, 20, 4.567, strength=0.987),
    ],
)
def test_a_recipe_used_again_asks_for_exactly_the_same(
    panel: FillPanel, qtbot: QtBot, made: ResolvedSettings
) -> None:
    panel.reuse_all(made)
    with qtbot.waitSignal(panel.asked) as asked:
        panel.generate()
    assert asdict(asked.args[0]) == asdict(made) | {"sampler": None}


def test_a_seed_that_is_too_large_is_shown_and_not_asked_for(
    panel: FillPanel, qtbot: QtBot
) -> None:
    panel.options.show()
    qtbot.addWidget(panel.options)
    control(panel.options, QLineEdit, "Seed").selectAll()
    QTest.keyClicks(control(panel.options, QLineEdit, "Seed"), str(2**63))
    with qtbot.assertNotEmitted(panel.asked), qtbot.assertNotEmitted(panel.asked_first):
        with qtbot.waitSignal(panel.options.wanted):
            panel.generate()
        panel.generate_first()
    assert panel.options._seed._fault.isVisible()
    with qtbot.waitSignal(panel.asked_again):
        panel.retry()
    assert panel.options._seed.is_valid


def test_trying_again_draws_a_seed_even_if_it_is_locked(panel: FillPanel, qtbot: QtBot) -> None:
    control(panel.options, QToolButton, "Lock the seed").setChecked(True)
    seeds = []
    for signal, ask in (
        (panel.asked, panel.generate),
        (panel.asked, panel.generate),
        (panel.asked_again, panel.retry),
    ):
        with qtbot.waitSignal(signal) as asked:
            ask()
        seeds.append(asked.args[0].seed)
    assert seeds[0] == seeds[1] != seeds[2]


def test_the_primary_button_follows_its_action(qtbot: QtBot) -> None:
    action = QAction("Generate")
    set_icon(action, "generate")
    button = PrimaryButton(action)
    qtbot.addWidget(button)
    action.setEnabled(False)
    action.setToolTip("Paint a mask first.")
    assert not button.isEnabled()
    assert button.toolTip() == "Paint a mask first."
    action.setEnabled(True)
    with qtbot.waitSignal(action.triggered):
        button.click()
