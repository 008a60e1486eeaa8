"""Fills that follow a control picture or the sketch, through the engine; tiny random weights."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from lazydiff_core.backends.cached_dit.backend import CachedDit
from lazydiff_core.backends.cached_dit.zimage import ZImage
from lazydiff_core.contract import RGB, RGBA, EditRequest
from lazydiff_core.control_files import Control
from lazydiff_core.engine.engine import Engine
from lazydiff_core.errors import InputError, ModelError

pytestmark = pytest.mark.filterwarnings(
    "ignore:builtin type:DeprecationWarning", "ignore:__array__ implementation:DeprecationWarning"
)


def noise(seed: int) -> RGB:
    return np.random.default_rng(seed).integers(0, 256, (64, 64, 3), np.uint8)


def strokes(seed: int = 0) -> RGBA:
    """Lines in the hole of `make_request`, of any colours."""
    sketch = np.random.default_rng(seed).integers(0, 256, (64, 64, 4), np.uint8)
    sketch[..., 3] = 0
    sketch[20 + seed, 8:40, 3] = 255
    return sketch


def saved(path: Path, pixels: RGB) -> Path:
    Image.fromarray(pixels).save(path)
    return path


def test_a_fill_follows_a_picture_and_leaves_no_trace(
    controls: dict[str, Path],
    z_image: ZImage,
    tmp_path: Path,
    make_request: Callable[..., EditRequest],
) -> None:
    engine = Engine(CachedDit(z_image, "tiny"))
    lines = saved(tmp_path / "lines.png", noise(1))
    large = saved(tmp_path / "large.png", np.zeros((128, 128, 3), np.uint8))
    settings = (
        Control(controls["2.1"], 0.75, lines),
        Control(controls["2.1"], 1.5, lines),
        Control(controls["2.1"], 0.75, large),
        Control(controls["1.0"], 0.75, lines),
    )
    request = make_request((64, 64), steps=2)
    plain = engine.run(request)
    fills = [
        engine.run(make_request((64, 64), image=request.image, steps=2, control=str(control)))
        for control in settings
    ]
    assert len({fill.patches[0].tobytes() for fill in (plain, *fills)}) == 5
    assert all(fill.pixels_changed_outside_mask == 0 for fill in fills)
    assert np.array_equal(engine.run(request).patches[0], plain.patches[0])


def test_the_sketch_counts_by_its_lines_alone(
    controls: dict[str, Path],
    z_image: ZImage,
    make_request: Callable[..., EditRequest],
    tmp_path: Path,
) -> None:
    engine, control = Engine(CachedDit(z_image, "tiny")), str(Control(controls["2.1"]))
    image = make_request((64, 64)).image

    def fill(sketch: RGBA | None, control: str = control, **more: Any) -> RGB:
        request = make_request(
            (64, 64), image=image, sketch=sketch, steps=2, control=control, **more
        )
        return engine.run(request).patches[0]

    other_colours = strokes()
    other_colours[..., :3] = 255 - other_colours[..., :3]
    one = fill(strokes())
    assert np.array_equal(one, fill(other_colours))
    assert not np.array_equal(one, fill(strokes(3)))
    assert not np.array_equal(one, fill(strokes(), strength=0.5)), "a start, besides"
    drawn = np.repeat(strokes()[..., 3:], 3, axis=2)
    picture = str(Control(controls["2.1"], picture=saved(tmp_path / "drawn.png", drawn)))
    assert np.array_equal(one, fill(None, picture))
    for none in (None, np.zeros((64, 64, 4), np.uint8)):
        with pytest.raises(InputError, match="to follow the sketch, and there is none"):
            fill(none)


def test_a_context_is_prepared_under_control(
    controls: dict[str, Path], z_image: ZImage, make_request: Callable[..., EditRequest]
) -> None:
    engine, control = Engine(CachedDit(z_image, "tiny")), str(Control(controls["2.1"]))
    request = make_request((64, 64), steps=2, sketch=strokes(), control=control)
    assert engine.prepare(request.image, request.mask, control=control, sketch=request.sketch)
    assert engine.run(request).context_reused
    assert engine.prepare(request.image, request.mask), "another one without it"


def test_what_cannot_be_asked_for(
    controls: dict[str, Path],
    z_image: ZImage,
    tmp_path: Path,
    make_request: Callable[..., EditRequest],
) -> None:
    engine, fake = Engine(CachedDit(z_image, "tiny")), Engine.load("fake")
    assert (engine.info.controls, fake.info.controls) == (True, False)
    wide = saved(tmp_path / "wide.png", np.zeros((64, 80, 3), np.uint8))
    with pytest.raises(InputError, match="fake follows no control picture here"):
        fake.run(make_request((64, 64), control=str(Control(controls["2.1"]))))
    for picture, said in (
        (wide, r"wide\.png is 80x64 and the canvas 64x64: it must show the canvas"),
        (tmp_path / "gone.png", r"gone\.png"),
    ):
        asked = make_request((64, 64), control=str(Control(controls["2.1"], picture=picture)))
        with pytest.raises(InputError, match=said):
            engine.run(asked)
    lines = saved(tmp_path / "lines.png", np.zeros((64, 64, 3), np.uint8))
    gone = Control(tmp_path / "gone.safetensors", picture=lines)
    with pytest.raises(ModelError, match="is missing"):
        engine.run(make_request((64, 64), control=str(gone)))
