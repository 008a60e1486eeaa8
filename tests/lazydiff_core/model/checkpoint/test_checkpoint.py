"""Model folders: what is saved is loaded, and every damage is one sentence with the path."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file

from lazydiff_core.errors import ModelError
from lazydiff_core.model.checkpoint.checkpoint import (
    PEOPLE,
    WEIGHTS,
    Checkpoint,
    load_checkpoint,
    load_weights,
    save_checkpoint,
    to_device,
    working_dtype,
)
from lazydiff_core.model.files import devices
from lazydiff_core.model.network.lazy_model import LazyDiffusion
from lazydiff_core.model.references.lexicon import Lexicon, save_lexicon
from lazydiff_core.storage.safe_files import file_sha256
from tests.lazydiff_core.tiny import tiny_lexicon, tiny_people


def edit_config(folder: Path, change: Callable[[dict[str, Any]], object]) -> None:
    path = folder / "config.json"
    config = json.loads(path.read_text())
    change(config)
    path.write_text(json.dumps(config))


def test_what_is_saved_is_loaded(tiny_folder: Path, tiny_checkpoint: Checkpoint) -> None:
    loaded = load_checkpoint(tiny_folder)
    assert (loaded.name, loaded.defaults) == ("tiny", tiny_checkpoint.defaults)
    assert loaded.concepts == tiny_checkpoint.concepts
    assert loaded.lazy.config == tiny_checkpoint.lazy.config
    assert loaded.autoencoder.config == tiny_checkpoint.autoencoder.config
    for name in WEIGHTS:
        before, after = (getattr(c, name).state_dict() for c in (tiny_checkpoint, loaded))
        assert before.keys() == after.keys()
        for key, value in before.items():
            assert after[key].dtype == value.dtype
            assert torch.allclose(after[key], value, rtol=1e-3, atol=1e-4)
    assert not loaded.lazy.training
    assert not loaded.autoencoder.training


def test_saving_what_was_loaded_changes_nothing(tiny_folder: Path, tmp_path: Path) -> None:
    again = tmp_path / "again"
    save_checkpoint(again, load_checkpoint(tiny_folder))
    for name in ("config.json", "lazy.safetensors", "autoencoder.safetensors"):
        assert (again / name).read_bytes() == (tiny_folder / name).read_bytes()


@pytest.fixture
def pictured(make_lazy: Callable[..., LazyDiffusion], tiny_checkpoint: Checkpoint) -> Checkpoint:
    lexicon = tiny_lexicon({"red apple": "apple", "grass": "grass"})
    lazy = make_lazy(look_styles=4)
    return dataclasses.replace(tiny_checkpoint, lazy=lazy, lexicon=lexicon)


def test_a_lexicon_is_kept(pictured: Checkpoint, tmp_path: Path) -> None:
    save_checkpoint(tmp_path / "one", pictured)
    loaded = load_checkpoint(tmp_path / "one")
    assert pictured.lexicon is not None
    assert loaded.lexicon is not None
    assert torch.equal(loaded.lexicon.cells, pictured.lexicon.cells)
    save_checkpoint(tmp_path / "two", loaded)
    for path in (tmp_path / "one").iterdir():
        assert (tmp_path / "two" / path.name).read_bytes() == path.read_bytes()


def with_people(checkpoint: Checkpoint, folder: Path, people: Lexicon) -> Path:
    save_checkpoint(folder, checkpoint)
    save_lexicon(folder / PEOPLE, people)
    config = json.loads((folder / "config.json").read_text())
    config["sha256"]["people"] = file_sha256(folder / PEOPLE)
    (folder / "config.json").write_text(json.dumps(config))
    return folder


def test_people_come_from_a_file_of_their_own(pictured: Checkpoint, tmp_path: Path) -> None:
    folder = with_people(pictured, tmp_path / "one", tiny_people())
    loaded = load_checkpoint(folder)
    assert loaded.lexicon is not None
    assert set(loaded.lexicon.phrases) == {"red apple", "cook", "bone"}
    save_checkpoint(tmp_path / "two", loaded)  # in one file
    again = load_checkpoint(tmp_path / "two")
    assert again.lexicon is not None
    assert again.lexicon.spans == loaded.lexicon.spans
    (folder / PEOPLE).write_bytes(b"")
    with pytest.raises(ModelError, match=r"people\.safetensors is damaged"):
        load_checkpoint(folder)


def test_people_of_another_model(pictured: Checkpoint, tmp_path: Path) -> None:
    people = tiny_people()
    cells = torch.cat([people.cells, people.cells], dim=1)
    other = dataclasses.replace(
        people,
        cells=cells,
        scales=torch.cat([people.scales, people.scales], dim=1),
        surfaces=torch.zeros(0, cells.shape[1] - 1, 1, 1, dtype=torch.int8),
        surface_scales=torch.zeros(0, cells.shape[1] - 1),
    )
    with pytest.raises(ModelError, match=r"people\.safetensors belongs to another model"):
        load_checkpoint(with_people(pictured, tmp_path, other))


@pytest.mark.parametrize("changes", [{"look_styles": 3}, {"look_styles": 0}])
def test_a_lexicon_of_another_model(
    make_lazy: Callable[..., LazyDiffusion],
    pictured: Checkpoint,
    tmp_path: Path,
    changes: dict[str, int],
) -> None:
    save_checkpoint(tmp_path, dataclasses.replace(pictured, lazy=make_lazy(**changes)))
    with pytest.raises(ModelError, match="belongs to another model"):
        load_checkpoint(tmp_path)


def test_a_lexicon_of_another_autoencoder(pictured: Checkpoint, tmp_path: Path) -> None:
    other = tiny_lexicon({"red apple": "apple", "grass": "grass"}, channels=7)
    save_checkpoint(tmp_path, dataclasses.replace(pictured, lexicon=other))
    with pytest.raises(ModelError, match="belongs to another model"):
        load_checkpoint(tmp_path)


def test_surfaces_of_a_smaller_window(pictured: Checkpoint, tmp_path: Path) -> None:
    small = tiny_lexicon({"red apple": "apple", "grass": "grass"}, cells=8)
    save_checkpoint(tmp_path, dataclasses.replace(pictured, lexicon=small))
    with pytest.raises(ModelError, match="belongs to another model"):
        load_checkpoint(tmp_path)


@pytest.mark.parametrize("what", ["flipped", "missing"])
def test_a_lexicon_that_is_not_what_was_saved(
    pictured: Checkpoint, tmp_path: Path, what: str
) -> None:
    save_checkpoint(tmp_path, pictured)
    path = tmp_path / "lexicon.safetensors"
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    if what == "missing":
        path.unlink()
    with pytest.raises(ModelError, match=r"lexicon\.safetensors is (damaged|missing)"):
        load_checkpoint(tmp_path)


@pytest.mark.parametrize("name", WEIGHTS)
@pytest.mark.parametrize("share", [0.0, 0.001, 0.5, 0.999])
def test_a_truncated_file(tiny_folder: Path, name: str, share: float) -> None:
    path = tiny_folder / f"{name}.safetensors"
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    with pytest.raises(ModelError, match=rf"{name}\.safetensors is damaged"):
        load_checkpoint(tiny_folder)


@pytest.mark.parametrize("place", [3, 200, -1])
def test_a_flipped_bit(tiny_folder: Path, place: int) -> None:
    path = tiny_folder / "lazy.safetensors"
    data = bytearray(path.read_bytes())
    data[place] ^= 1
    path.write_bytes(data)
    with pytest.raises(ModelError, match=r"lazy\.safetensors is damaged: its checksum"):
        load_checkpoint(tiny_folder)


@pytest.mark.parametrize("length", [0, 7, 100, -1])
def test_a_truncated_file_without_a_checksum(
    tiny_folder: Path, make_lazy: Callable[..., LazyDiffusion], length: int
) -> None:
    path = tiny_folder / "lazy.safetensors"
    path.write_bytes(path.read_bytes()[:length])
    with pytest.raises(ModelError, match=r"lazy\.safetensors is not a readable safetensors file"):
        load_weights(make_lazy(), path, None)


@pytest.mark.parametrize("name", ["config.json", "lazy.safetensors", "autoencoder.safetensors"])
def test_a_missing_file(tiny_folder: Path, name: str) -> None:
    (tiny_folder / name).unlink()
    with pytest.raises(ModelError) as caught:
        load_checkpoint(tiny_folder)
    assert str(tiny_folder) in str(caught.value)
    assert name in str(caught.value)


def test_a_missing_folder(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"no model folder .*none"):
        load_checkpoint(tmp_path / "none")


@pytest.mark.parametrize("change", [{"decoder_blocks": 3}, {"decoder_blocks": 1}, {"width": 16}])
def test_another_architecture(tiny_folder: Path, change: dict[str, int]) -> None:
    edit_config(tiny_folder, lambda config: config["lazy"].update(change))
    with pytest.raises(ModelError, match=r"lazy\.safetensors holds another architecture"):
        load_checkpoint(tiny_folder)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_weights_that_are_not_finite(
    tiny_folder: Path, make_lazy: Callable[..., LazyDiffusion], value: float
) -> None:
    path = tiny_folder / "lazy.safetensors"
    state = load_file(path)
    state["decoder.out.weight"][0, 0] = value
    save_file(state, path)
    with pytest.raises(ModelError, match=r"lazy\.safetensors holds values that are not finite"):
        load_weights(make_lazy(), path, None)


@pytest.mark.parametrize("text", ["", "{", "[]", "3", '"text"', "\x00\xff"])
def test_a_config_that_is_none(tiny_folder: Path, text: str) -> None:
    (tiny_folder / "config.json").write_bytes(text.encode("latin-1"))
    with pytest.raises(ModelError, match=r"config\.json"):
        load_checkpoint(tiny_folder)


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("lazy", None),
        ("lazy", []),
        ("lazy", {"width": -32}),
        ("lazy", {"heads": 0}),
        ("lazy", {"heads": 3}),
        ("lazy", {"width": "wide"}),
        ("lazy", {"depth": 1}),
        ("lazy", {"decoder_blocks": 1.5}),
        ("lazy", {"latent_channels": -4}),
        ("autoencoder", None),
        ("autoencoder", {"stem": 0}),
        ("autoencoder", {"depth": 1}),
        ("autoencoder", {"blocks": [1]}),
        ("sha256", 7),
        ("defaults", {"speed": 1}),
        ("defaults", 5),
        ("concepts", 5),
    ],
)
def test_a_config_that_describes_no_model(tiny_folder: Path, part: str, value: object) -> None:
    def spoil(config: dict[str, Any]) -> None:
        merged = isinstance(value, dict) and part in ("lazy", "autoencoder")
        config[part] = config[part] | value if merged else value

    edit_config(tiny_folder, spoil)
    with pytest.raises(ModelError, match=r"config\.json does not describe a LazyDiff model"):
        load_checkpoint(tiny_folder)


@pytest.mark.parametrize("part", ["lazy", "autoencoder", "sha256"])
def test_a_config_without_a_part(tiny_folder: Path, part: str) -> None:
    edit_config(tiny_folder, lambda config: config.pop(part))
    with pytest.raises(ModelError, match=rf"config\.json does not describe .*'{part}'"):
        load_checkpoint(tiny_folder)


@pytest.mark.parametrize(
    ("half", "device", "capability", "expected"),
    [
        (True, "cuda", (8, 0), torch.bfloat16),
        (True, "cuda", (7, 5), torch.float16),
        (False, "cuda", (8, 0), torch.float32),
        (True, "cpu", (8, 0), torch.float32),
    ],
)
def test_large_models_compute_in_half_precision_on_a_card_alone(
    tiny_checkpoint: Checkpoint,
    monkeypatch: pytest.MonkeyPatch,
    half: bool,
    device: str,
    capability: tuple[int, int],
    expected: torch.dtype,
) -> None:
    monkeypatch.setattr(devices, "_has_bfloat16", lambda device: capability >= (8, 0))
    checkpoint = dataclasses.replace(tiny_checkpoint, half=half)
    assert working_dtype(checkpoint, torch.device(device)) == expected


def test_convolutions_are_laid_out_channels_last(tiny_folder: Path) -> None:
    checkpoint = to_device(load_checkpoint(tiny_folder), torch.device("cpu"))
    weights = [p for p in checkpoint.autoencoder.parameters() if p.ndim == 4]
    assert weights
    assert all(p.is_contiguous(memory_format=torch.channels_last) for p in weights)
