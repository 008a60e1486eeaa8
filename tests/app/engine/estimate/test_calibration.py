"""Calibration runs: once, one by one, only while nobody waits, and given up for whoever comes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from app.document.document import Document
from app.engine.estimate.calibration import _PLAN, CostCalibration
from app.engine.jobs import Done, Failed, TimeRun
from app.system.settings import SettingsStore
from lazydiff_core.contract import Box
from lazydiff_core.generation_settings import GenerationSettings
from tests.app.document.driving import square
from tests.app.doubles import INFO, PATIENCE_MS, ScriptedEngine
from tests.app.engine.driving import still


class Machine:
    """Says whether it is idle, and makes runs when told to."""

    def __init__(self, settings: SettingsStore) -> None:
        self.idle = True
        self.document = Document()
        self.generation, self.thread = still(self.document)
        self.calibration = CostCalibration(settings, self.generation, lambda: self.idle)
        self.calibration._rest.setInterval(1)

    @property
    def asked(self) -> list[TimeRun]:
        return [job.work for job in self.thread.taken if isinstance(job.work, TimeRun)]

    def run(self) -> None:
        asked = self.asked[-1]
        result = ScriptedEngine().time_run(asked.across, counting=asked.counting)
        self.thread.tell(Done(result))


@pytest.fixture
def machine(qapp: object, settings: SettingsStore) -> Machine:
    return Machine(settings)


def calibrated(qtbot: QtBot, machine: Machine) -> None:
    for number in range(len(_PLAN)):
        qtbot.waitUntil(lambda n=number: len(machine.asked) > n, timeout=PATIENCE_MS)
        machine.run()


def test_a_new_model_is_timed_once_and_for_all(
    qtbot: QtBot, machine: Machine, settings: SettingsStore
) -> None:
    calibration = machine.calibration
    calibration.use(INFO)
    assert calibration.curve is None
    calibrated(qtbot, machine)
    assert not calibration._rest.isActive()
    assert calibration.curve is not None
    price = calibration.curve.price(16, 1, 4, context_ready=True)
    assert price.seconds == pytest.approx(4 * 0.01 * 16 / 4)
    assert price.memory == 16_000
    kept = Machine(SettingsStore(settings.folder / "window.json")).calibration
    kept.use(INFO)
    assert kept.curve == calibration.curve
    assert not kept._rest.isActive()
    kept.use(replace(INFO, device="cuda"))
    assert kept.curve is None
    assert kept._rest.isActive()


def test_nothing_is_timed_while_the_machine_is_busy(qtbot: QtBot, machine: Machine) -> None:
    machine.idle = False
    machine.calibration.use(INFO)
    qtbot.wait(50)
    assert not machine.asked
    machine.idle = True
    qtbot.waitUntil(lambda: len(machine.asked) == 1, timeout=PATIENCE_MS)


def test_a_run_gives_way_to_a_fill_and_is_made_again(qtbot: QtBot, machine: Machine) -> None:
    machine.calibration.use(INFO)
    qtbot.waitUntil(lambda: len(machine.asked) == 1, timeout=PATIENCE_MS)
    timed = machine.thread.taken[-1]
    square(machine.document, Box(10, 10, 30, 30))
    machine.generation.fill(GenerationSettings())
    assert timed.cancelled.is_set()
    assert machine.generation.is_running
    machine.thread.finish()
    qtbot.waitUntil(lambda: len(machine.asked) == 2, timeout=PATIENCE_MS)
    assert machine.asked[1].across == machine.asked[0].across


def test_a_run_that_fails_is_not_tried_for_ever(qtbot: QtBot, machine: Machine) -> None:
    machine.calibration.use(INFO)
    for number in range(len(_PLAN)):
        qtbot.waitUntil(lambda n=number: len(machine.asked) > n, timeout=PATIENCE_MS)
        machine.thread.tell(Failed("No room."))
    assert machine.calibration.curve is None
    assert not machine.calibration._rest.isActive()


def test_every_fill_is_learned_from(machine: Machine) -> None:
    machine.idle = False
    machine.calibration.use(INFO)
    for across in (2, 4):
        machine.calibration.learn(ScriptedEngine().time_run(across))
    assert machine.calibration.curve is not None
