from __future__ import annotations

from dataclasses import replace

import pytest

from app.panels.fill.quality_presets import USUAL, Effort, Quality, qualities
from lazydiff_core.generation_settings import GenerationSettings
from tests.app.doubles import INFO


def test_the_usual_preset_is_what_a_model_does_by_itself() -> None:
    info = replace(INFO, default_steps=20, default_guidance=4.0)
    assert qualities()[USUAL].effort(info) == Effort(20, 4.0)


def test_presets_cost_ever_more_and_differ_for_every_usual_model() -> None:
    assert list(qualities()) == ["fast", "balanced"]
    for steps in (4, 20, 50):
        info = replace(INFO, default_steps=steps)
        costs = [row.effort(info) for row in qualities().values()]
        work = [effort.steps for effort in costs]
        assert work == sorted(set(work))


@pytest.mark.parametrize("steps", [1, 2, 1000])
def test_no_preset_asks_for_more_or_less_than_can_be(steps: int) -> None:
    info = replace(INFO, default_steps=steps, default_guidance=40.0)
    for row in (*qualities().values(), Quality(0.0, 1.0), Quality(9.0, 9.0)):
        effort = row.effort(info)
        GenerationSettings(steps=effort.steps, guidance=effort.guidance)
