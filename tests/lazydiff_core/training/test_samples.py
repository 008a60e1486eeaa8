from __future__ import annotations

import cv2
import numpy as np
import pytest
import torch
from safetensors.torch import save

from lazydiff_core.engine.model_crop import BLANK
from lazydiff_core.errors import TrainingError
from lazydiff_core.geometry.tokens import token_frames, token_mask
from lazydiff_core.model.files.config import LazyConfig, baseline
from lazydiff_core.training.samples import count_tokens, read_sample
from tests.lazydiff_core.training.drawn import drawn_sample

# --- one sample --------------------------------------------------------------------------------


def test_a_sample_is_what_the_engine_would_show_the_model(tiny_config: LazyConfig) -> None:
    sample = read_sample("x", drawn_sample(1), tiny_config, seed=9)
    assert sample.images is not None
    assert sample.images.shape == (2, 3, 64, 64)
    picture, seen = sample.images
    hole = sample.mask
    assert (seen[:, hole] == BLANK).all()
    assert torch.equal(picture[:, ~hole], seen[:, ~hole])
    assert (sample.caption, sample.seed) == ("a square", 9)
    grid = token_mask(hole.numpy(), 8)
    assert torch.equal(sample.index, torch.from_numpy(np.flatnonzero(grid)))
    assert np.array_equal(sample.frame.numpy(), token_frames(hole.numpy(), grid, 8))


def test_nothing_of_a_resampled_hole_shows_around_it(tiny_config: LazyConfig) -> None:
    """Two pictures that differ in the hole alone look alike outside it."""
    files = drawn_sample(1, side=200)
    image = cv2.imdecode(np.frombuffer(files["png"], np.uint8), cv2.IMREAD_COLOR)
    mask = cv2.imdecode(np.frombuffer(files["mask.png"], np.uint8), cv2.IMREAD_GRAYSCALE)
    image[mask > 127] = 255
    other = files | {"png": cv2.imencode(".png", image)[1].tobytes()}
    for config in (tiny_config, baseline(tiny_config, "regenerate_crop")):
        one, two = (read_sample("x", given, config).images for given in (files, other))
        assert one is not None
        assert two is not None
        assert torch.equal(one[1], two[1])
        assert not torch.equal(one[0], two[0])


def test_baselines_compute_every_token(tiny_config: LazyConfig) -> None:
    whole = read_sample("x", drawn_sample(1), baseline(tiny_config, "regenerate_image"))
    assert torch.equal(whole.index, torch.arange(64))
    lazy = read_sample("x", drawn_sample(1), tiny_config)
    crop = read_sample("x", drawn_sample(1), baseline(tiny_config, "regenerate_crop"))
    assert crop.images is not None
    assert crop.images.shape == (2, 3, 32, 32)
    assert crop.mask.float().mean() > lazy.mask.float().mean()


def test_stored_latents_take_the_pictures_place(tiny_config: LazyConfig) -> None:
    mask = np.zeros((64, 64), np.uint8)
    mask[:9] = 255
    files = {
        "safetensors": save({"target": torch.ones(2, 2)}),
        "mask.png": cv2.imencode(".png", mask)[1].tobytes(),
        "txt": b" cat\n",
    }
    sample = read_sample("x", files, tiny_config)
    assert sample.images is None
    assert sample.caption == "cat"
    assert torch.equal(sample.index, torch.arange(16))
    assert torch.equal(sample.stored["target"], torch.ones(2, 2))


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"png": b"no picture"}, "picture or mask is damaged"),
        ({"mask.png": b""}, "cannot be trained on"),
        ({"txt": b"\xff\xfe"}, "cannot be trained on"),
        ({"safetensors": b"none"}, "cannot be trained on"),
        ({"mask.png": cv2.imencode(".png", np.zeros((80, 80)))[1].tobytes()}, "mask is empty"),
        ({"mask.png": drawn_sample(1, 90)["mask.png"]}, "another size than its picture"),
        (
            {"mask.png": drawn_sample(1, 90)["mask.png"], "safetensors": save({})},
            "encoded for 90 pixels, not 64",
        ),
    ],
)
def test_bad_samples_are_named(
    tiny_config: LazyConfig, changes: dict[str, bytes], complaint: str
) -> None:
    with pytest.raises(TrainingError, match=f"The sample x7 .*{complaint}"):
        read_sample("x7", drawn_sample(1) | changes, tiny_config)


@pytest.mark.parametrize("side", [80, 200])
def test_tokens_are_counted_from_the_mask_alone(tiny_config: LazyConfig, side: int) -> None:
    """About as many as the decoder will compute: it is only used to share them out."""
    for seed in range(12):
        files = drawn_sample(seed, side)
        exact = len(read_sample("x", files, tiny_config).index)
        assert count_tokens("x", files, tiny_config) == pytest.approx(exact, rel=0.35, abs=3)
    whole = baseline(tiny_config, "regenerate_image")
    assert count_tokens("x", drawn_sample(1), whole) == 64
    with pytest.raises(TrainingError, match=r"The sample x7 .*damaged"):
        count_tokens("x7", {"mask.png": b"none"}, tiny_config)
