"""The engine with the fake backend and with a tiny model."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lazydiff_core.backends.fake import FakeBackend
from lazydiff_core.backends.protocols import ModelInput
from lazydiff_core.contract import EditRequest, EditResult, Progress
from lazydiff_core.engine.engine import Engine
from lazydiff_core.errors import Cancelled

Make = Callable[..., EditRequest]
STEPS = 3


@pytest.fixture(scope="module", params=["fake", "tiny"])
def engine(request: pytest.FixtureRequest) -> Engine:
    if request.param == "fake":
        return Engine(FakeBackend())
    return Engine(request.getfixturevalue("tiny_backend"))


@st.composite
def canvases_with_holes(draw: st.DrawFn) -> EditRequest:
    rng = np.random.default_rng(draw(st.integers(0, 99)))
    height, width = draw(st.integers(1, 400)), draw(st.integers(1, 400))
    mask = np.zeros((height, width), bool)
    for _ in range(draw(st.integers(1, 3))):
        top, left = draw(st.integers(0, height - 1)), draw(st.integers(0, width - 1))
        high, wide = draw(st.integers(1, height)), draw(st.integers(1, width))
        mask[top : top + high, left : left + wide] = True
    blender = draw(st.sampled_from(["poisson", "feather", "none"]))
    image = rng.integers(0, 256, (height, width, 3), np.uint8)
    return EditRequest(image, mask, prompt="disc", steps=1, blender=blender)


def check_nothing_changed_outside(request: EditRequest, result: EditResult) -> None:
    assert result.pixels_changed_outside_mask == 0
    assert result.image.shape == request.image.shape
    assert (result.image[~request.mask] == request.image[~request.mask]).all()
    assert result.patches[0].shape == (result.box.height, result.box.width, 3)
    assert result.patches[0].dtype == np.uint8


@settings(max_examples=25, deadline=None)
@given(canvases_with_holes())
def test_visible_pixels_never_change(request: EditRequest) -> None:
    before = request.image.copy()
    check_nothing_changed_outside(request, Engine(FakeBackend()).run(request))
    assert (request.image == before).all()


@pytest.mark.parametrize(
    ("size", "hole"),
    [
        pytest.param((48, 64), (0, 12, 20, 30), id="left border"),
        pytest.param((48, 64), (44, 12, 64, 30), id="right border"),
        pytest.param((48, 64), (10, 0, 30, 9), id="top border"),
        pytest.param((48, 64), (10, 40, 30, 48), id="bottom border"),
        pytest.param((48, 64), (0, 20, 64, 28), id="from side to side"),
        pytest.param((48, 64), (0, 0, 64, 48), id="everything"),
        pytest.param((48, 64), (31, 17, 32, 18), id="one pixel"),
        pytest.param((1, 1), (0, 0, 1, 1), id="one pixel of one"),
        pytest.param((7, 5), (1, 2, 4, 5), id="tiny canvas"),
        pytest.param((300, 20), (4, 100, 16, 240), id="tall"),
        pytest.param((20, 300), (100, 4, 240, 16), id="wide"),
        pytest.param((701, 333), (11, 13, 317, 677), id="large hole, window scaled down"),
        pytest.param((301, 333), (100, 100, 104, 103), id="small hole, window scaled up"),
    ],
)
def test_any_canvas_and_hole(
    engine: Engine, make_request: Make, size: tuple[int, int], hole: tuple[int, int, int, int]
) -> None:
    request = make_request(size, hole, steps=1)
    result = engine.run(request)
    check_nothing_changed_outside(request, result)
    assert (result.box.left, result.box.top, result.box.right, result.box.bottom) == hole
    assert 0 < result.tokens.hole <= result.tokens.canvas


def test_several_blobs(engine: Engine, make_request: Make) -> None:
    request = make_request()
    request.mask[2:5, 50:60] = True
    result = engine.run(request)
    check_nothing_changed_outside(request, result)
    for blob in (np.s_[2:5, 50:60], np.s_[12:36, 16:40]):
        assert (result.image[blob] != request.image[blob]).any(axis=-1).mean() > 0.9


def test_the_same_request_gives_the_same_pixels(engine: Engine, make_request: Make) -> None:
    first, again = engine.run(make_request(seed=5)), engine.run(make_request(seed=5))
    other = engine.run(make_request(seed=6))
    assert (first.image == again.image).all()
    assert (first.image != other.image).any()


def test_prompt_and_negative_count(engine: Engine, make_request: Make) -> None:
    changes: tuple[dict[str, Any], ...] = ({}, {"prompt": "green pear"}, {"negative": "worm"})
    pictures = {engine.run(make_request(**change)).image.tobytes() for change in changes}
    assert len(pictures) == 3


def test_variants_are_the_runs_of_the_following_seeds(engine: Engine, make_request: Make) -> None:
    together = engine.run(make_request(seed=7, variants=3))
    assert together.seeds == (7, 8, 9)
    for variant, seed in enumerate(together.seeds):
        alone = engine.run(make_request(seed=seed)).image.astype(int)
        # A batch may round otherwise than a single run: by one level of 255 at most.
        assert abs(together.image_of(variant) - alone).max() <= 1


def test_the_result_says_how_it_was_made(engine: Engine, make_request: Make) -> None:
    request = make_request(steps=STEPS)
    result, info = engine.run(request), engine.info
    assert (result.id, result.steps, result.seeds) == (request.id, STEPS, (0,))
    assert (result.model, result.backend, result.device) == (info.model, info.backend, "cpu")
    stages = {"text", "context", "denoise", "decode", "blend", "total"}
    assert set(result.seconds) == stages
    parts = sum(seconds for name, seconds in result.seconds.items() if name != "total")
    assert 0 < parts <= result.seconds["total"]
    assert result.canvas is request.image


def test_steps_and_guidance_default_to_the_models(engine: Engine, make_request: Make) -> None:
    default = engine.run(make_request())
    assert default.steps == engine.info.default_steps
    named = make_request(guidance=engine.info.default_guidance, sampler=engine.info.default_sampler)
    assert (engine.run(named).image == default.image).all()


class TestProgress:
    def test_stages_come_in_order_and_steps_one_by_one(
        self, engine: Engine, make_request: Make
    ) -> None:
        news: list[Progress] = []
        request = make_request(steps=STEPS)
        engine.run(request, news.append)
        stages = [item.stage for item in news]
        assert list(dict.fromkeys(stages)) == ["context", "text", "denoise", "decode", "blend"]
        steps = [item for item in news if item.step]
        assert [item.step for item in steps] == [1, 2, 3]
        assert {(item.stage, item.steps) for item in steps} == {("denoise", STEPS)}
        left = [item.seconds_left for item in steps]
        assert all(seconds is not None and seconds >= 0 for seconds in left)
        assert left[-1] == 0
        assert {item.id for item in news} == {request.id}

    def test_previews_show_the_canvas_around_the_hole(
        self, engine: Engine, make_request: Make, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("lazydiff_core.engine.edit_run.PREVIEW_SECONDS", 0)
        request = make_request(steps=STEPS)
        request.mask[20:30, 20:30] = False
        news: list[Progress] = []
        result = engine.run(request, news.append)
        shown = [item for item in news if item.preview is not None]
        assert [item.step for item in shown] == [1, 2]  # the last step is the result itself
        for item in shown:
            assert item.box == result.box
            assert item.preview is not None
            assert item.preview.shape == result.patches[0].shape
            mask, canvas = request.mask[result.box.slices], request.image[result.box.slices]
            assert (item.preview[~mask] == canvas[~mask]).all()
            assert (item.preview[mask] != canvas[mask]).any()

    def test_previews_are_rationed(
        self, make_request: Make, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("lazydiff_core.engine.edit_run.PREVIEW_SECONDS", 1e6)
        news: list[Progress] = []
        Engine(FakeBackend()).run(make_request(), news.append)
        assert [item for item in news if item.preview is not None] == []


class TestCancelling:
    def test_at_every_poll(self, engine: Engine, make_request: Make) -> None:
        request = make_request(steps=STEPS)
        before = request.image.copy()
        polls = 0

        def count() -> bool:
            nonlocal polls
            polls += 1
            return False

        expected = engine.run(request, None, count)
        assert polls >= 5 + STEPS  # before each stage and after each step
        for last in range(polls):
            left = iter([False] * last)
            with pytest.raises(Cancelled, match="canvas is as it was"):
                engine.run(request, None, lambda left=left: next(left, True))
            assert (request.image == before).all()
        assert (engine.run(request).image == expected.image).all()

    def test_no_step_follows(self, engine: Engine, make_request: Make) -> None:
        news: list[Progress] = []
        stop = make_request(steps=50)
        with pytest.raises(Cancelled):
            engine.run(stop, news.append, lambda: bool(news) and news[-1].step == 2)
        assert news[-1].step == 2


class TestContexts:
    @pytest.fixture
    def fake(self) -> FakeBackend:
        return FakeBackend()

    def test_retry_reuses_it(self, engine: Engine, make_request: Make) -> None:
        hole = (9, 9, 33, 30)
        engine.run(make_request(hole=hole))
        for change in ({"prompt": "blue fish"}, {"seed": 9}, {"steps": 2}, {"guidance": 1.0}):
            assert engine.run(make_request(hole=hole, **change)).context_reused

    def test_the_encoder_runs_once_a_view(self, fake: FakeBackend, make_request: Make) -> None:
        engine = Engine(fake)
        for seed in range(3):
            assert engine.run(make_request(seed=seed)).context_reused == (seed > 0)
        assert fake.contexts_encoded == 1

    def test_another_canvas_or_mask_is_another_context(
        self, fake: FakeBackend, make_request: Make
    ) -> None:
        engine = Engine(fake)
        engine.run(make_request())
        canvas = make_request()
        canvas.image[0, 0] ^= 128
        assert not engine.run(canvas).context_reused
        assert not engine.run(make_request(hole=(16, 12, 40, 37))).context_reused
        assert fake.contexts_encoded == 3

    def test_a_canvas_as_grey_as_a_blank_hole(self, fake: FakeBackend, make_request: Make) -> None:
        """The pixels that the model sees are the same: the hole alone tells the views apart."""
        engine, grey = Engine(fake), np.full((48, 64, 3), 127, np.uint8)
        for hole in ((16, 12, 40, 36), (16, 12, 40, 37)):
            assert not engine.run(make_request(hole=hole, image=grey)).context_reused

    @pytest.mark.parametrize(
        ("size", "hole"),
        [
            pytest.param((300, 300), (40, 40, 200, 200), id="native scale"),
            pytest.param((900, 900), (40, 40, 700, 800), id="scaled down"),
            pytest.param((300, 300), (100, 100, 104, 103), id="scaled up"),
        ],
    )
    def test_what_lies_under_the_mask_does_not_matter(
        self,
        fake: FakeBackend,
        make_request: Make,
        size: tuple[int, int],
        hole: tuple[int, int, int, int],
    ) -> None:
        engine = Engine(fake)
        engine.run(make_request(size, hole))
        under = make_request(size, hole)
        under.image[under.mask] ^= 255
        assert engine.run(under).context_reused

    def test_prepare_computes_it_ahead(self, fake: FakeBackend, make_request: Make) -> None:
        engine, request = Engine(fake), make_request()
        assert engine.prepare(request.image, request.mask)
        assert not engine.prepare(request.image, request.mask)
        assert engine.run(request).context_reused
        assert fake.contexts_encoded == 1

    def test_the_last_few_are_kept(self, fake: FakeBackend, make_request: Make) -> None:
        engine = Engine(fake)
        holes = [(k, 5, 40, 30) for k in range(5)]
        for hole in holes:
            engine.run(make_request(hole=hole))
        assert engine.run(make_request(hole=holes[1])).context_reused
        assert not engine.run(make_request(hole=holes[0])).context_reused
        # The one used last stays, the oldest goes.
        assert engine.run(make_request(hole=holes[1])).context_reused
        assert not engine.run(make_request(hole=holes[2])).context_reused


@pytest.mark.parametrize(
    ("size", "hole"),
    [
        pytest.param((48, 64), (20, 16, 30, 30), id="small canvas"),
        pytest.param((300, 300), (100, 100, 104, 103), id="small hole"),
        pytest.param((900, 900), (40, 40, 700, 800), id="scaled down"),
    ],
)
def test_the_blank_of_the_hole_does_not_bleed_into_what_is_seen(
    make_request: Make, size: tuple[int, int], hole: tuple[int, int, int, int]
) -> None:
    views: list[ModelInput] = []

    class Watched(FakeBackend):
        def encode_context(self, model_input: ModelInput) -> Any:
            views.append(model_input)
            return super().encode_context(model_input)

    white = np.full((*size, 3), 255, np.uint8)
    Engine(Watched()).run(make_request(size, hole, image=white))
    assert (views[0].image[~views[0].mask] == 255).all()
    assert (views[0].image[views[0].mask] < 255).all()
