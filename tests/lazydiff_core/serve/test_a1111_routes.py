"""A1111's interface, as far as painting programs use it."""

import json
import threading
from typing import Any

import numpy as np
import pytest

from lazydiff_core.remote.wire import pixels_of, png_text
from tests.lazydiff_core.serve.driving import Answer, Served, canvas, hole, serving, until

IMG2IMG = "/sdapi/v1/img2img"


def asked(**changes: Any) -> dict[str, Any]:
    return {
        "init_images": ["data:image/png;base64," + png_text(canvas())],
        "mask": png_text(hole()),
        "prompt": "a disc",
        "seed": 5,
        "denoising_strength": 1.0,
        "sampler_name": "Euler a",
        "width": 512,
        **changes,
    }


def picture(answer: Answer) -> Any:
    assert answer.status == 200, answer.body
    return pixels_of(answer.document["images"][0])


def test_what_is_white_in_the_mask_is_painted(served: Served) -> None:
    painted = picture(served.post(IMG2IMG, asked()))
    assert np.array_equal(painted[~hole()], canvas()[~hole()])
    assert not np.array_equal(painted[hole()], canvas()[hole()])


def test_an_inverted_mask_paints_what_is_black(served: Served) -> None:
    inverted = asked(mask=png_text(~hole()), inpainting_mask_invert=1)
    same = picture(served.post(IMG2IMG, asked()))
    assert np.array_equal(picture(served.post(IMG2IMG, inverted)), same)


def test_without_a_mask_all_is_painted(served: Served) -> None:
    assert (picture(served.post(IMG2IMG, asked(mask=None))) != canvas()).any(2).mean() > 0.9


def test_a_smaller_mask_is_scaled_to_the_picture(served: Served) -> None:
    small = png_text(hole()[::2, ::2])
    painted = picture(served.post(IMG2IMG, asked(mask=small)))
    assert np.array_equal(painted[~hole()], canvas()[~hole()])


def test_strength_starts_from_the_picture(served: Served) -> None:
    close = picture(served.post(IMG2IMG, asked(denoising_strength=0.1)))
    far = picture(served.post(IMG2IMG, asked(denoising_strength=0.9)))
    distance = [np.abs(p[hole()].astype(int) - canvas()[hole()]).mean() for p in (close, far)]
    assert distance[0] < distance[1] / 2


def test_the_answer_tells_the_seeds(served: Served) -> None:
    answer = served.post(IMG2IMG, asked(batch_size=2, n_iter=2))
    assert len(answer.document["images"]) == 4
    assert json.loads(answer.document["info"])["all_seeds"] == [5, 6, 7, 8]


def test_a_random_seed_is_told_and_repeats(served: Served) -> None:
    answer = served.post(IMG2IMG, asked(seed=-1))
    seed = json.loads(answer.document["info"])["seed"]
    again = served.post(IMG2IMG, asked(seed=seed))
    assert answer.document["images"] == again.document["images"]


def test_clients_find_model_and_samplers(served: Served) -> None:
    (model,) = served.ask("GET", "/sdapi/v1/sd-models").document
    assert (model["title"], model["model_name"]) == ("fake", "fake")
    options = served.ask("GET", "/sdapi/v1/options").document
    assert options["sd_model_checkpoint"] == "fake"
    assert served.ask("GET", "/sdapi/v1/samplers").document[0]["name"] == "linear"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"init_images": []}, "init_images"),
        ({"init_images": ["?"]}, "no base64"),
        ({"init_images": ["AAAA"]}, "cannot be read as an image"),
        ({"mask": png_text(np.zeros((96, 96), np.bool_))}, "mask"),
        ({"batch_size": 1000}, "16"),
        ({"denoising_strength": 2}, "denoising_strength"),
        ({"steps": "x"}, "steps"),
        ({"cfg_scale": 1e9}, "guidance"),
    ],
)
def test_what_cannot_be_served_is_refused_by_a_sentence(
    served: Served, changes: dict[str, Any], said: str
) -> None:
    answer = served.post(IMG2IMG, asked(**changes))
    assert answer.status == 422
    assert said in answer.document["detail"]


def test_progress_is_shown_and_interrupted_while_it_paints() -> None:
    with serving(step_seconds=0.05) as served:
        answers: list[Answer] = []
        thread = threading.Thread(
            target=lambda: answers.append(served.post(IMG2IMG, asked(steps=200)))
        )
        assert served.ask("GET", "/sdapi/v1/progress").document["progress"] == 0
        thread.start()

        def progress() -> Any:
            return served.ask("GET", "/sdapi/v1/progress").document

        until(lambda: 0 < progress()["progress"] < 0.5 and progress()["current_image"] is not None)
        served.ask("POST", "/sdapi/v1/interrupt")
        thread.join(10)
        assert not thread.is_alive()
        assert answers[0].status == 499
        assert progress()["state"]["job_count"] == 0


def test_interrupt_leaves_other_clients_alone() -> None:
    with serving(step_seconds=0.05) as served:
        answers: list[Answer] = []
        body = {"image": png_text(canvas()), "mask": png_text(hole()), "settings": {"steps": 10}}
        thread = threading.Thread(
            target=lambda: answers.append(served.post("/v1/engine/run", body))
        )
        thread.start()
        until(lambda: served.engines.current is not None)
        served.ask("POST", "/sdapi/v1/interrupt")
        thread.join(10)
        assert b"event: result" in answers[0].body
