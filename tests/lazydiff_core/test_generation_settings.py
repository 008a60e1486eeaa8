from __future__ import annotations

from dataclasses import asdict, fields
from typing import Any, get_type_hints

import numpy as np
import pytest

from lazydiff_core.contract import EditRequest, EngineInfo
from lazydiff_core.errors import InputError
from lazydiff_core.generation_settings import (
    LIMITS,
    GenerationSettings,
    Limits,
    ResolvedSettings,
    SettingsKeywords,
)

INFO = EngineInfo(
    model="m",
    backend="b",
    device="cpu",
    native_side=64,
    token_pixels=8,
    samplers=("euler", "heun"),
    default_sampler="euler",
    default_steps=20,
    default_guidance=4.5,
)
PIXELS, HOLE = np.zeros((8, 8, 3), np.uint8), np.ones((8, 8), np.bool_)


def test_every_number_has_limits() -> None:
    assert {
        "seed": Limits(0, 9223372036854775807),
        "variants": Limits(1, 16),
        "steps": Limits(1, 1000),
        "guidance": Limits(0, 50, whole=False),
        "strength": Limits(0, 1, whole=False),
    } == LIMITS


@pytest.mark.parametrize("name", LIMITS)
def test_the_limits_themselves_are_allowed_and_nothing_beyond(name: str) -> None:
    limits = LIMITS[name]
    for value in (limits.low, limits.high, np.int64(limits.high)):
        assert getattr(GenerationSettings(**{name: value}), name) == value
    wrong: list[Any] = [limits.low - 1, limits.high + 1, float("nan"), "1"]
    for value in [*wrong, 0.5] if limits.whole else wrong:
        with pytest.raises(InputError, match=f"{name} must lie between {limits.low} and "):
            GenerationSettings(**{name: value})


def test_only_what_a_model_has_defaults_for_may_be_left_to_it() -> None:
    settings = GenerationSettings(steps=None, guidance=None, sampler=None)
    assert settings == GenerationSettings()
    for name in ("seed", "variants", "strength"):
        with pytest.raises(InputError, match=name):
            GenerationSettings(**{name: None})  # type: ignore[arg-type]
    with pytest.raises(InputError, match="steps"):
        ResolvedSettings(steps=None)  # type: ignore[arg-type]


@pytest.mark.parametrize("value", [None, 5, True, b"red", ["red"], "half a pair \ud800"])
@pytest.mark.parametrize("name", ["prompt", "negative", "blender", "sampler"])
def test_texts_are_texts(name: str, value: Any) -> None:
    if (name, value) == ("sampler", None):
        return
    with pytest.raises(InputError, match=f"{name} must be text"):
        GenerationSettings(**{name: value})


def test_an_unknown_scope() -> None:
    with pytest.raises(InputError, match="no scope 'far'; choose one of auto, near, whole"):
        GenerationSettings(scope="far")  # type: ignore[arg-type]


def test_keywords_are_the_fields() -> None:
    assert get_type_hints(SettingsKeywords) == get_type_hints(GenerationSettings)


def test_a_request_takes_settings_whole_or_one_by_one() -> None:
    settings = GenerationSettings("a cat", seed=3, steps=4)
    request = EditRequest(PIXELS, HOLE, settings=settings, seed=5, scope="near")
    assert request.settings == GenerationSettings("a cat", seed=5, steps=4, scope="near")
    named = EditRequest(image=PIXELS, mask=HOLE, prompt="a cat", seed=3, steps=4)
    assert named.settings == settings
    again = named.on(PIXELS + 1)
    assert (again.settings, again.image[0, 0, 0]) == (settings, 1)
    assert len({request.id, named.id, again.id}) == 3


def test_a_model_fills_in_what_is_left_to_it() -> None:
    asked = GenerationSettings("a cat", seed=3, guidance=0.0, strength=0.5)
    resolved = INFO.resolve(asked)
    assert (resolved.steps, resolved.guidance, resolved.sampler) == (20, 0.0, "euler")
    left = {"steps": None, "sampler": None}
    assert asdict(resolved) | left == asdict(asked)
    assert INFO.resolve(resolved) == resolved
    assert [row.name for row in fields(resolved)] == [row.name for row in fields(asked)]


def test_no_variant_has_a_seed_beyond_the_last() -> None:
    last = LIMITS["seed"].high
    assert GenerationSettings(seed=last).seed == last
    with pytest.raises(InputError, match="choose a smaller seed"):
        GenerationSettings(seed=last, variants=2)
