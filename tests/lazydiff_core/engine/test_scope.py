"""How much of the canvas the model looks at."""

from __future__ import annotations

import numpy as np
import pytest

from lazydiff_core.contract import Box, EditRequest, Scope
from lazydiff_core.engine.engine import Engine
from lazydiff_core.errors import InputError
from lazydiff_core.geometry.window import choose_window

HOLE = Box(290, 280, 330, 340)


def request(scope: Scope, far: int = 255) -> EditRequest:
    image = np.full((600, 700, 3), 200, np.uint8)
    image[:100, :100] = far
    mask = np.zeros((600, 700), np.bool_)
    mask[HOLE.slices] = True
    return EditRequest(image, mask, prompt="disc", scope=scope)


def window(scope: Scope) -> Box:
    return choose_window(HOLE, (600, 700), 256, scope=scope).box


def test_near_auto_whole_take_in_more_and_more() -> None:
    near, auto, whole = (window(scope) for scope in ("near", "auto", "whole"))
    assert near.width == 75, "the hole is 80 % of it"
    assert auto.width == 256, "the model's own size"
    assert whole.width == 700
    for box in (near, auto, whole):
        assert box.contains(HOLE)


def test_only_the_whole_picture_takes_note_of_what_is_far() -> None:
    engine = Engine.load("fake")
    for scope, notices in (("near", False), ("auto", False), ("whole", True)):
        first, second = (engine.run(request(scope, far)).patches[0] for far in (255, 0))
        assert np.array_equal(first, second) is not notices


def test_a_context_computed_ahead_is_of_its_scope() -> None:
    engine = Engine.load("fake")
    asked = request("whole")
    assert engine.prepare(asked.image, asked.mask, "whole")
    assert engine.run(asked).context_reused
    assert not engine.run(request("near")).context_reused


def test_an_unknown_scope_is_refused() -> None:
    with pytest.raises(InputError, match="scope"):
        Engine.load("fake").run(request("everything"))  # type: ignore[arg-type]
