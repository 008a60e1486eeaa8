"""Segment Anything from a folder in the public layout, tiny and with random weights."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from lazydiff_core.contract import Box
from lazydiff_core.errors import ModelError
from lazydiff_core.model_store import segmenters
from lazydiff_core.model_store.registry import ModelRegistry
from lazydiff_core.selection import find_object
from lazydiff_core.selection.sam import load_sam

PREPROCESSING = {
    "do_convert_rgb": True,
    "do_normalize": True,
    "do_pad": True,
    "do_rescale": True,
    "do_resize": True,
    "image_mean": [0.485, 0.456, 0.406],
    "image_processor_type": "SamImageProcessor",
    "image_std": [0.229, 0.224, 0.225],
    "mask_pad_size": {"height": 64, "width": 64},
    "mask_size": {"longest_edge": 64},
    "pad_size": {"height": 128, "width": 128},
    "processor_class": "SamProcessor",
    "resample": 2,
    "rescale_factor": 1 / 255,
    "size": {"longest_edge": 128},
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    import torch
    from transformers import SamConfig, SamModel

    torch.manual_seed(0)
    config = SamConfig(
        vision_config={
            "hidden_size": 16, "output_channels": 8, "num_hidden_layers": 2, "window_size": 4,
            "num_attention_heads": 2, "image_size": 128, "patch_size": 16, "mlp_dim": 32,
            "global_attn_indexes": [1], "num_pos_feats": 4,
        },
        prompt_encoder_config={
            "hidden_size": 8, "image_size": 128, "patch_size": 16, "mask_input_channels": 4,
        },
        mask_decoder_config={
            "hidden_size": 8, "mlp_dim": 16, "num_attention_heads": 2, "iou_head_hidden_dim": 8,
        },
    )  # fmt: skip
    place = tmp_path_factory.mktemp("slimsam")
    SamModel(config).save_pretrained(place)
    (place / "preprocessor_config.json").write_text(json.dumps(PREPROCESSING))
    return place


@pytest.fixture
def image() -> np.ndarray:
    return np.random.default_rng(0).integers(0, 255, (90, 120, 3), np.uint8)


def test_masks_are_as_large_as_the_picture_and_the_same_each_time(
    folder: Path, image: np.ndarray
) -> None:
    box, points = [Box(20, 10, 80, 70)], [(30, 40), (100, 80)]
    first = find_object(image, box, points, folder)
    assert first.by == "sam"
    assert first.mask.shape == (90, 120)
    load_sam.cache_clear()
    assert np.array_equal(first.mask, find_object(image, box, points, folder).mask)


def test_another_picture_is_looked_at_anew(folder: Path, image: np.ndarray) -> None:
    sam = load_sam(folder)
    one = sam.object_in(image, Box(20, 10, 80, 70), [])
    kept = sam._embedding
    sam.object_in(image, None, [(5, 5)])
    assert sam._embedding is kept
    other = sam.object_in(np.ascontiguousarray(image[::-1]), Box(20, 10, 80, 70), [])
    assert sam._embedding is not kept
    assert one.shape == other.shape


def test_the_registered_one_is_found(folder: Path, tmp_path: Path) -> None:
    registry = ModelRegistry(tmp_path)
    other = tmp_path / "other"
    other.mkdir()
    (other / "config.json").write_text("{}")
    registry.add(other, "a painter")
    assert segmenters.is_one(folder)
    assert not segmenters.is_one(other)
    assert not segmenters.is_one(tmp_path / "nothing")


@pytest.mark.parametrize(
    "missing", ["config.json", "model.safetensors", "preprocessor_config.json"]
)
def test_a_folder_that_lacks_something_is_one_sentence(
    missing: str, folder: Path, tmp_path: Path
) -> None:
    for file in folder.iterdir():
        if file.name != missing:
            (tmp_path / file.name).write_bytes(file.read_bytes())
    with pytest.raises(ModelError):
        load_sam(tmp_path)
