"""Reading PixArt folders: every tensor has a place, and what does not fit is one sentence."""

from __future__ import annotations

import dataclasses
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from diffusers import PixArtTransformer2DModel
from safetensors.torch import load_file, save_file

from lazydiff_core.errors import ModelError
from lazydiff_core.model.checkpoint.from_pixart import (
    config_for_pixart,
    initialise_from_pixart,
    map_state,
)
from lazydiff_core.model.files.weights import DIFFUSERS_STEM
from lazydiff_core.model_store import default_registry

FILE = f"{DIFFUSERS_STEM}.safetensors"


@pytest.fixture
def folder(pixart_pipeline: Path, tmp_path: Path) -> Path:
    """A transformer's folder that a test may damage."""
    return Path(shutil.copytree(pixart_pipeline / "transformer", tmp_path / "transformer"))


def initialise(folder: Path, **changes: Any) -> Any:
    return initialise_from_pixart(str(folder), config_for_pixart(folder, **changes))


def test_every_tensor_is_copied_to_a_layer_of_its_own(folder: Path) -> None:
    state, config = load_file(folder / FILE), config_for_pixart(folder)
    rows = list(map_state(state, config, folder))
    assert sorted(theirs for _, theirs, _ in rows) == sorted(state)
    ours = [name for name, _, _ in rows]
    decoder = initialise(folder).decoder
    assert len(set(ours)) == len(ours)
    assert set(decoder.state_dict()) - set(ours) == {"join.weight", "join.bias", "null_text"}
    for name, _, value in rows:
        assert torch.equal(decoder.state_dict()[name], value)


def test_the_new_layer_keeps_the_token_and_drops_the_context(folder: Path) -> None:
    decoder = initialise(folder).decoder
    width = decoder.config.width
    assert torch.equal(decoder.join.weight[:, :width], torch.eye(width))
    assert not decoder.join.weight[:, width:].any()
    assert not decoder.join.bias.any()


def test_a_whole_pipeline_and_a_hub_id(pixart_pipeline: Path, tmp_path: Path) -> None:
    config = config_for_pixart(pixart_pipeline / "transformer")
    expected = initialise_from_pixart(str(pixart_pipeline), config).decoder.out.weight
    copy = Path(shutil.copytree(pixart_pipeline, tmp_path / "pixart"))
    (copy / "model_index.json").write_text("{}")
    default_registry().add(copy, "any", "owner/pixart@abc")
    assert torch.equal(initialise_from_pixart("owner/pixart", config).decoder.out.weight, expected)


def test_shards(folder: Path, tmp_path: Path) -> None:
    whole = initialise(folder).decoder.state_dict()
    model = PixArtTransformer2DModel.from_pretrained(folder)
    model.save_pretrained(tmp_path / "shards", max_shard_size="50KB")
    files = sorted((tmp_path / "shards").glob("*.safetensors"))
    assert len(files) > 2
    sharded = initialise(tmp_path / "shards").decoder.state_dict()
    assert all(torch.equal(sharded[name], value) for name, value in whole.items())
    files[1].unlink()
    with pytest.raises(ModelError, match=rf"{files[1].name} is missing; .*index\.json names it"):
        initialise(tmp_path / "shards")


def test_a_truncated_shard(folder: Path, tmp_path: Path) -> None:
    model = PixArtTransformer2DModel.from_pretrained(folder)
    model.save_pretrained(tmp_path / "shards", max_shard_size="50KB")
    path = sorted((tmp_path / "shards").glob("*.safetensors"))[1]
    path.write_bytes(path.read_bytes()[:-7])
    with pytest.raises(ModelError, match=rf"{path.name} is not a readable safetensors file"):
        initialise(tmp_path / "shards")


@pytest.mark.parametrize(
    "text", ["", "{}", '{"weight_map": 5}', '{"weight_map": {"a": "../b.safetensors"}}']
)
def test_a_senseless_index(folder: Path, text: str) -> None:
    (folder / f"{FILE}.index.json").write_text(text)
    with pytest.raises(ModelError, match=r"index\.json is not an index of weights"):
        initialise(folder)


def test_pickles_are_refused(folder: Path) -> None:
    (folder / FILE).rename(folder / f"{DIFFUSERS_STEM}.bin")
    with pytest.raises(
        ModelError, match=rf"only as a pickle \({DIFFUSERS_STEM}\.bin\).*as safetensors"
    ):
        initialise(folder)


def test_missing_weights(folder: Path) -> None:
    (folder / FILE).unlink()
    with pytest.raises(ModelError, match=rf"file .*{FILE} is missing"):
        initialise(folder)


def change_config(folder: Path, **entries: object) -> None:
    path = folder / "config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | entries))


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"_class_name": "UNet2DConditionModel"}'])
def test_another_models_config(folder: Path, text: str) -> None:
    (folder / "config.json").write_text(text)
    with pytest.raises(ModelError, match=r"config\.json (cannot be read|does not describe)"):
        initialise(folder)


def test_a_folder_without_a_config(folder: Path) -> None:
    (folder / "config.json").unlink()
    with pytest.raises(ModelError, match=r"not a PixArt folder: it has no config\.json"):
        config_for_pixart(folder)


@pytest.mark.parametrize("entry", ["sample_size", "caption_channels", "in_channels"])
def test_an_incomplete_config(folder: Path, entry: str) -> None:
    change_config(folder, **{entry: None})
    with pytest.raises(ModelError, match=r"config\.json is incomplete"):
        config_for_pixart(folder)


def test_a_model_without_learned_variance(folder: Path) -> None:
    change_config(folder, out_channels=4)
    with pytest.raises(ModelError, match="predicts 4 channels for 4 latents"):
        config_for_pixart(folder)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("latent_channels", 16),
        ("width", 48),
        ("heads", 3),
        ("decoder_blocks", 3),
        ("text_width", 33),
        ("objective", "flow"),
        ("micro_conditions", False),
        ("interpolation_scale", 1.0),
        ("base_size", 16),
    ],
)
def test_a_size_that_differs(folder: Path, name: str, value: Any) -> None:
    config = dataclasses.replace(config_for_pixart(folder), **{name: value})
    with pytest.raises(ModelError, match=f"does not fit the model's config: {name} is"):
        initialise_from_pixart(str(folder), config)


def test_normalised_queries(folder: Path) -> None:
    with pytest.raises(ModelError, match="set qk_norm to false"):
        initialise(folder, qk_norm=True)


def nan(state: dict[str, torch.Tensor]) -> None:
    state["proj_out.bias"][0] = float("nan")


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda s: s.pop("proj_out.bias"), r"incomplete: it lacks proj_out\.bias"),
        (lambda s: s.update(more=torch.zeros(1)), "a layer that LazyDiffusion lacks: more"),
        (lambda s: s.update({"proj_out.bias": torch.zeros(5)}), r"\(proj_out\.bias: \(5,\) where"),
        (nan, "not finite"),
    ],
)
def test_weights_that_do_not_fit(
    folder: Path, spoil: Callable[[dict[str, torch.Tensor]], object], sentence: str
) -> None:
    state = load_file(folder / FILE)
    spoil(state)
    save_file(state, folder / FILE)
    with pytest.raises(ModelError, match=sentence):
        initialise(folder)


def test_known_leftovers_are_no_obstacle(folder: Path) -> None:
    state = load_file(folder / FILE) | {"caption_projection.y_embedding": torch.zeros(120, 32)}
    save_file(state, folder / FILE)
    assert initialise(folder).config.side == 128
