from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import chain
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from safetensors.torch import save
from torch.utils.data import DataLoader

from lazydiff_core.engine.model_crop import BLANK
from lazydiff_core.errors import TrainingError
from lazydiff_core.geometry.tokens import token_frames, token_mask
from lazydiff_core.model.files.config import LazyConfig, baseline
from lazydiff_core.training.recipe import Recipe
from lazydiff_core.training.samples import (
    MicroBatches,
    Sample,
    Share,
    read_sample,
    sample_number,
)
from lazydiff_core.training.webshards import WebShards, find_shards, open_shards
from tests.lazydiff_core.training.drawn import CAPTIONS, drawn_sample

RECIPE = Recipe(steps=5, batch=4, micro_batch=1, workers=0, seed=3)


@pytest.fixture(scope="module")
def web(web_shards: Path) -> WebShards:
    return open_shards(find_shards([web_shards]))


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


# --- order -------------------------------------------------------------------------------------


def test_each_sample_comes_once_an_epoch_in_another_order() -> None:
    epochs = [[sample_number(12 * e + k, 12, seed=1) for k in range(12)] for e in range(3)]
    assert all(sorted(epoch) == list(range(12)) for epoch in epochs)
    assert len({tuple(epoch) for epoch in epochs}) == 3
    assert epochs[0] != [sample_number(k, 12, seed=2) for k in range(12)]


def numbers(samples: list[Sample]) -> list[int]:
    return [sample.seed for sample in samples]


def all_of(data: MicroBatches, workers: int = 0) -> list[int]:
    seeds: list[int] = []
    for micro in DataLoader(data, batch_size=None, num_workers=workers):
        assert not isinstance(micro, TrainingError)
        seeds += numbers(micro)
    return seeds


@pytest.mark.parametrize(("world", "micro_batch"), [(1, 4), (1, 2), (2, 1), (2, 2), (4, 1)])
def test_any_share_computes_the_same_steps(
    web: WebShards, tiny_config: LazyConfig, world: int, micro_batch: int
) -> None:
    expected = all_of(MicroBatches(web, tiny_config, RECIPE, Share()))
    assert len(expected) == len(set(expected)) == 20
    recipe = replace(RECIPE, micro_batch=micro_batch)
    shares = [
        all_of(MicroBatches(web, tiny_config, recipe, Share(rank, world))) for rank in range(world)
    ]
    each = 4 // world
    for step in range(5):
        together = chain(*(seeds[step * each : (step + 1) * each] for seeds in shares))
        assert list(together) == expected[4 * step : 4 * step + 4]


def test_a_run_goes_on_from_any_step(web: WebShards, tiny_config: LazyConfig) -> None:
    unbroken = all_of(MicroBatches(web, tiny_config, RECIPE, Share()))
    assert all_of(MicroBatches(web, tiny_config, RECIPE, Share(), 3)) == unbroken[12:]


@pytest.mark.filterwarnings("ignore:This DataLoader will create")  # on a single core
def test_readers_take_turns(web: WebShards, tiny_config: LazyConfig) -> None:
    data = MicroBatches(web, tiny_config, RECIPE, Share())
    assert all_of(data, workers=2) == all_of(data)


def test_all_samples_are_seen(web: WebShards, tiny_config: LazyConfig) -> None:
    data = MicroBatches(web, tiny_config, replace(RECIPE, steps=3), Share())
    captions = Counter(
        sample.caption for micro in data if not isinstance(micro, TrainingError) for sample in micro
    )
    assert captions == Counter(dict.fromkeys(CAPTIONS, 3))


def test_an_error_comes_as_a_value(web: WebShards, tiny_config: LazyConfig) -> None:
    tiny = replace(tiny_config, side=8, latent_scale=4, base_size=None)
    broken = replace(web, paths=(Path("nowhere.tar"),) * 3)
    found = list(MicroBatches(broken, tiny, RECIPE, Share()))
    assert len(found) == 1
    assert isinstance(found[0], TrainingError)
    assert "nowhere.tar" in str(found[0])


def test_a_batch_that_cannot_be_shared() -> None:
    with pytest.raises(TrainingError, match="batch of 4 cannot be shared by 3 processes"):
        Share(0, 3).micro_batches(RECIPE)
    assert Share(0, 56).micro_batches(Recipe()) == 1
    assert Share(0, 8).micro_batches(Recipe()) == 7
