from __future__ import annotations

import numpy as np
import pytest

from lazydiff_core.backends.fake import SIDE, FakeBackend
from lazydiff_core.backends.faulty import load
from lazydiff_core.backends.protocols import ModelInput
from lazydiff_core.errors import Cancelled
from tests.lazydiff_core.backends.driving import denoise_params


@pytest.fixture
def view() -> ModelInput:
    image = np.full((SIDE, SIDE, 3), 40, np.uint8)
    mask = np.zeros((SIDE, SIDE), bool)
    mask[64:192, 64:192] = True
    image[mask] = 127
    return ModelInput(image, mask)


def nothing(step: int, steps: int, estimate: object) -> None: ...


def test_it_paints_a_disc_on_the_surroundings_colour(view: ModelInput) -> None:
    fake = load("anything", "any device")
    context, text = fake.encode_context(view), fake.encode_prompt("disc", "")
    params = denoise_params((3,), 4, 1.0, "linear")
    picture = fake.decode(context, fake.denoise(context, text, params, nothing), 0)
    assert picture.shape == (SIDE, SIDE, 3)
    assert picture.dtype == np.uint8
    assert (picture[66, 66] == 40).all()
    assert (picture[128, 128] == picture[100, 128]).all()
    assert (picture[128, 128] != 40).any()


def test_each_step_is_nearer_to_the_result(view: ModelInput) -> None:
    fake = FakeBackend()
    context = fake.encode_context(view)
    estimates: list[np.ndarray] = []
    params = denoise_params((3, 4), 5, 1.0, "linear")
    result = fake.denoise(context, b"", params, lambda step, steps, x: estimates.append(x))
    errors = [abs(estimate - result).mean() for estimate in estimates]
    assert errors == sorted(errors, reverse=True)
    assert errors[-1] == 0
    assert len(estimates) == 5
    assert result.shape == (2, SIDE, SIDE, 3)


def test_prompt_and_seed_choose_the_colour(view: ModelInput) -> None:
    fake = FakeBackend()
    context = fake.encode_context(view)
    colours = set()
    for prompt in ("a", "b"):
        for seed in (1, 2):
            text = fake.encode_prompt(prompt, "")
            latents = fake.denoise(
                context, text, denoise_params((seed,), 1, 1.0, "linear"), nothing
            )
            colours.add(tuple(fake.decode(context, latents, 0)[128, 128].tolist()))
    assert len(colours) == 4


def test_an_error_of_the_callback_stops_it(view: ModelInput) -> None:
    fake = FakeBackend()

    def stop(step: int, steps: int, estimate: object) -> None:
        raise Cancelled("stop")

    with pytest.raises(Cancelled):
        fake.denoise(fake.encode_context(view), b"", denoise_params((1,), 4, 1.0, "linear"), stop)


def test_tokens_are_those_of_the_mask(view: ModelInput) -> None:
    fake = FakeBackend()
    tokens = fake.tokens(fake.encode_context(view))
    assert (tokens.canvas, tokens.hole) == (256, 64)


def test_a_canvas_that_is_all_hole(view: ModelInput) -> None:
    fake = FakeBackend()
    context = fake.encode_context(ModelInput(view.image, np.ones_like(view.mask)))
    assert context.mean.tolist() == [255] * 3
