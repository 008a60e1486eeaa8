"""Requests that cannot be served, and sketches."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from lazydiff_core.backends.fake import FakeBackend
from lazydiff_core.contract import RGBA, EditRequest, Progress
from lazydiff_core.engine.engine import Engine
from lazydiff_core.errors import EmptyMaskError, ImageError, InputError

Make = Callable[..., EditRequest]


@pytest.fixture
def engine() -> Engine:
    return Engine(FakeBackend())


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"steps": 0}, "steps must lie between 1 and 1000"),
        ({"steps": 1001}, "steps"),
        ({"variants": 0}, "variants must lie between 1 and 16"),
        ({"variants": 17}, "variants"),
        ({"strength": -0.1}, "strength must lie between 0 and 1"),
        ({"strength": 1.1}, "strength"),
        ({"strength": float("nan")}, "strength"),
        ({"guidance": -1.0}, "guidance must lie between 0 and 50"),
        ({"guidance": 51.0}, "guidance"),
        ({"guidance": float("nan")}, "guidance"),
        ({"seed": -1}, "seed"),
        ({"seed": 2**63}, "seed"),
        ({"backend": "lazydiffusion"}, "This engine runs fake, not lazydiffusion"),
        ({"sampler": "euler"}, "no sampler 'euler' here; choose one of linear"),
        ({"blender": "glue"}, "no blender 'glue'; choose one of poisson"),
    ],
)
def test_a_setting_out_of_range(
    engine: Engine, make_request: Make, change: dict[str, Any], said: str
) -> None:
    with pytest.raises(InputError, match=said):
        engine.run(make_request(**change))


@pytest.mark.parametrize(
    "change",
    [
        {"steps": 1},
        {"variants": 16, "steps": 1},
        {"strength": 0.0},
        {"guidance": 0.0},
        {"guidance": 50.0},
        {"seed": 2**63 - 1},
        {"backend": "fake", "sampler": "linear", "blender": "none"},
    ],
)
def test_the_limits_themselves_are_served(
    engine: Engine, make_request: Make, change: dict[str, Any]
) -> None:
    result = engine.run(make_request(**change))
    assert len(result.patches) == change.get("variants", 1)


@pytest.mark.parametrize(
    ("image", "mask"),
    [
        (np.zeros((4, 5), np.float32), np.ones((4, 5), bool)),
        (np.zeros((4, 5, 2), np.uint8), np.ones((4, 5), bool)),
        (np.zeros((4, 5, 4), np.int32), np.ones((4, 5), bool)),
        (np.zeros((4, 5, 3), np.float32), np.ones((4, 5), bool)),
        (np.zeros((4, 5, 3), np.uint8), np.ones((5, 4), bool)),
        (np.zeros((4, 5, 3), np.uint8), np.ones((4, 5), np.uint8)),
    ],
)
def test_arrays_of_another_kind(engine: Engine, image: Any, mask: Any) -> None:
    with pytest.raises(ImageError):
        engine.run(EditRequest(image, mask))
    with pytest.raises(ImageError):
        engine.prepare(image, mask)


def test_an_empty_mask(engine: Engine, make_request: Make) -> None:
    request = make_request(hole=(0, 0, 0, 0))
    with pytest.raises(EmptyMaskError, match="paint the area"):
        engine.run(request)
    with pytest.raises(EmptyMaskError, match="paint the area"):
        engine.prepare(request.image, request.mask)


def test_load_by_name() -> None:
    assert Engine.load("fake").info.backend == "fake"
    assert Engine.load(backend="fake").info.backend == "fake"
    with pytest.raises(InputError, match="no backend called 'magic'"):
        Engine.load("fake", backend="magic")


# --- sketches ----------------------------------------------------------------------------------


def orange(size: tuple[int, int] = (48, 64)) -> RGBA:
    return np.broadcast_to(np.array([240, 140, 20, 255], np.uint8), (*size, 4)).copy()


def test_a_sketch_of_another_size(engine: Engine, make_request: Make) -> None:
    rule = "sketch must be 8-bit RGBA and as large as the canvas"
    wrong = (((48, 64, 3), np.uint8), ((64, 48, 4), np.uint8), ((48, 64, 4), np.float32))
    for shape, dtype in wrong:
        with pytest.raises(ImageError, match=rule):
            engine.run(make_request(sketch=np.zeros(shape, dtype), strength=0.5))


def test_a_faithful_sketch_keeps_its_colours(engine: Engine, make_request: Make) -> None:
    request = make_request(sketch=orange(), strength=0.01, blender="none")
    painted = engine.run(request).image[request.mask]
    assert abs(painted.mean(0) - (240, 140, 20)).max() < 5


def test_a_cover_of_another_size_or_kind(engine: Engine, make_request: Make) -> None:
    rule = "cover must be 8-bit gray and as large as the canvas"
    request = make_request()
    for wrong in (np.zeros((3, 4), np.uint8), np.zeros(request.mask.shape, np.float32)):
        with pytest.raises(ImageError, match=rule):
            engine.run(make_request(cover=wrong))


def test_a_cover_softens_previews_as_well(
    engine: Engine, make_request: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lazydiff_core.engine.edit_run.PREVIEW_SECONDS", 0)
    request = make_request(cover=np.zeros(make_request().mask.shape, np.uint8))
    seen: list[Progress] = []
    result = engine.run(request, seen.append)
    assert np.array_equal(result.image, request.image)
    shown = [news for news in seen if news.preview is not None]
    assert shown
    for news in shown:
        assert news.box is not None
        assert np.array_equal(news.preview, request.image[news.box.slices])


def test_a_sketch_outside_the_mask_is_ignored(engine: Engine, make_request: Make) -> None:
    sketch = orange()
    plain = engine.run(make_request(sketch=sketch, strength=0.3)).image
    sketch[~make_request().mask] = (0, 0, 255, 255)
    assert (engine.run(make_request(sketch=sketch, strength=0.3)).image == plain).all()
