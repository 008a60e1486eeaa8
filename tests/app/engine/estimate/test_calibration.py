"""Rehearsals: once, one by one, only while nobody waits, and given up for whoever comes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from app.engine.estimate.calibration import _PLAN, Pricing
from app.engine.worker import Rehearsal
from app.system.settings import SettingsStore
from tests.app.doubles import INFO, PATIENCE_MS, ScriptedEngine


class Machine:
    """Answers whether it is idle, and rehearses when told to."""

    def __init__(self, settings: SettingsStore) -> None:
        self.idle = True
        self.asked: list[Rehearsal] = []
        self.pricing = Pricing(settings, lambda: self.idle)
        self.pricing._rest.setInterval(1)
        self.pricing.rehearsal.connect(self.asked.append)

    def rehearse(self) -> None:
        asked = self.asked[-1]
        result = ScriptedEngine().time_run(asked.across, counting=asked.counting)
        self.pricing.on_rehearsed(asked, result)


@pytest.fixture
def machine(qapp: object, settings: SettingsStore) -> Machine:
    return Machine(settings)


def rehearsed(qtbot: QtBot, machine: Machine) -> None:
    for number in range(len(_PLAN)):
        qtbot.waitUntil(lambda n=number: len(machine.asked) > n, timeout=PATIENCE_MS)
        machine.rehearse()


def test_a_new_model_is_timed_once_and_for_all(
    qtbot: QtBot, machine: Machine, settings: SettingsStore
) -> None:
    pricing = machine.pricing
    pricing.use(INFO)
    assert pricing.curve is None
    rehearsed(qtbot, machine)
    assert not pricing._rest.isActive()
    assert pricing.curve is not None
    price = pricing.curve.price(16, 1, 4, context_ready=True)
    assert price.seconds == pytest.approx(4 * 0.01 * 16 / 4)
    assert price.memory == 16_000
    kept = Machine(SettingsStore(settings._path)).pricing
    kept.use(INFO)
    assert kept.curve == pricing.curve
    assert not kept._rest.isActive()
    kept.use(replace(INFO, device="cuda"))
    assert kept.curve is None
    assert kept._rest.isActive()


def test_nothing_is_rehearsed_while_the_machine_is_busy(qtbot: QtBot, machine: Machine) -> None:
    machine.idle = False
    machine.pricing.use(INFO)
    qtbot.wait(50)
    assert not machine.asked
    machine.idle = True
    qtbot.waitUntil(lambda: len(machine.asked) == 1, timeout=PATIENCE_MS)


def test_a_rehearsal_gives_way_and_is_made_again(qtbot: QtBot, machine: Machine) -> None:
    machine.pricing.use(INFO)
    qtbot.waitUntil(lambda: len(machine.asked) == 1, timeout=PATIENCE_MS)
    machine.idle = False
    machine.pricing.give_way()
    assert machine.asked[0].superseded.is_set()
    late = ScriptedEngine().time_run(2)
    machine.pricing.on_rehearsed(machine.asked[0], late)
    machine.idle = True
    qtbot.waitUntil(lambda: len(machine.asked) == 2, timeout=PATIENCE_MS)
    assert machine.asked[1].across == machine.asked[0].across


def test_every_fill_is_learned_from(machine: Machine) -> None:
    machine.idle = False
    machine.pricing.use(INFO)
    for across in (2, 4):
        machine.pricing.learn(ScriptedEngine().time_run(across))
    assert machine.pricing.curve is not None
