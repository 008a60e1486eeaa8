"""Model folders made of parts: what is written is read, whole or not at all."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from lazydiff_core.errors import ModelError, TargetError
from lazydiff_core.model.checkpoint import pipeline_folder as parts_module
from lazydiff_core.model.checkpoint.checkpoint import load_checkpoint, working_dtype
from lazydiff_core.model.checkpoint.from_pixart import config_for_pixart, initialise_from_pixart
from lazydiff_core.model.checkpoint.pipeline_folder import (
    PAPER_DEFAULTS,
    Sources,
    save_parts,
    set_null_prompt,
)
from lazydiff_core.model.files import devices
from lazydiff_core.model.network.lazy_model import LazyDiffusion
from lazydiff_core.model.text.t5 import T5Folders, T5States

CPU = torch.device("cpu")


@pytest.fixture
def folder(parts_folder: Path, tmp_path: Path) -> Path:
    """A model folder that a test may damage."""
    return Path(shutil.copytree(parts_folder, tmp_path / "parts"))


@pytest.fixture
def lazy(pixart_pipeline: Path) -> LazyDiffusion:
    transformer = pixart_pipeline / "transformer"
    return initialise_from_pixart(str(transformer), config_for_pixart(transformer))


@pytest.fixture
def sources(pixart_pipeline: Path) -> Sources:
    text = T5Folders(pixart_pipeline / "text_encoder", pixart_pipeline / "tokenizer")
    return Sources(pixart_pipeline / "vae", text)


def test_what_is_written_is_read(lazy: LazyDiffusion, sources: Sources, tmp_path: Path) -> None:
    save_parts(tmp_path / "new", lazy, sources, concepts=("cat",))
    assert {p.name for p in (tmp_path / "new").iterdir()} == {
        "config.json",
        "lazy",
        "vae",
        "text_encoder",
        "tokenizer",
    }
    loaded = load_checkpoint(tmp_path / "new")
    assert (loaded.name, loaded.defaults, loaded.concepts) == ("new", PAPER_DEFAULTS, ("cat",))
    assert loaded.lazy.config == lazy.config
    assert (loaded.autoencoder.channels, loaded.autoencoder.scale) == (4, 8)
    assert not loaded.lazy.training
    for name, value in lazy.state_dict().items():
        assert torch.equal(loaded.lazy.state_dict()[name], value)


def test_shards_and_half_precision(lazy: LazyDiffusion, sources: Sources, tmp_path: Path) -> None:
    save_parts(tmp_path / "new", lazy, sources, dtype=torch.bfloat16, shard_bytes=40_000)
    assert (tmp_path / "new" / "lazy" / "model.safetensors.index.json").is_file()
    assert len(list((tmp_path / "new" / "lazy").glob("*.safetensors"))) > 2
    loaded = load_checkpoint(tmp_path / "new").lazy.state_dict()
    for name, value in lazy.state_dict().items():
        assert loaded[name].dtype == torch.float32
        assert torch.equal(loaded[name], value.bfloat16().float())


def test_only_data_is_copied(lazy: LazyDiffusion, sources: Sources, tmp_path: Path) -> None:
    vae = Path(shutil.copytree(sources.vae, tmp_path / "vae"))
    for name in ("pytorch_model.bin", "run.py"):
        (vae / name).write_text("boo")
    save_parts(tmp_path / "new", lazy, Sources(vae, sources.text))
    copied = {p.name for p in (tmp_path / "new" / "vae").iterdir()}
    assert copied == {"config.json", "diffusion_pytorch_model.safetensors"}


def test_the_null_prompt_is_t5s_empty_prompt(lazy: LazyDiffusion, sources: Sources) -> None:
    assert sources.text is not None
    set_null_prompt(lazy, sources.text)
    empty = T5States(sources.text, 120, 32, CPU).encode([""])
    assert empty.states.shape == (1, 1, 32)
    assert torch.equal(lazy.decoder.null_prompt(1).states, empty.states)


def test_nothing_is_overwritten(folder: Path, lazy: LazyDiffusion, sources: Sources) -> None:
    before = (folder / "config.json").read_bytes()
    with pytest.raises(TargetError, match="already exists"):
        save_parts(folder, lazy, sources)
    assert (folder / "config.json").read_bytes() == before


def test_a_full_disk_leaves_nothing(
    lazy: LazyDiffusion, sources: Sources, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(source: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(parts_module.shutil, "copyfile", full)
    with pytest.raises(TargetError, match="cannot be written: no space left on device"):
        save_parts(tmp_path / "new", lazy, sources)
    assert list(tmp_path.iterdir()) == []


def edit_config(folder: Path, change: Callable[[dict[str, Any]], object]) -> None:
    path = folder / "config.json"
    config = json.loads(path.read_text())
    change(config)
    path.write_text(json.dumps(config))


LAZY = "lazy/model.safetensors"
VAE = "vae/diffusion_pytorch_model.safetensors"


@pytest.mark.parametrize("name", [LAZY, VAE])
def test_damaged_weights(folder: Path, name: str) -> None:
    data = (folder / name).read_bytes()
    (folder / name).write_bytes(data[: len(data) // 2])
    with pytest.raises(ModelError, match=rf"{name} is damaged: its checksum"):
        load_checkpoint(folder)
    edit_config(folder, lambda config: config["sha256"].pop(name))
    with pytest.raises(ModelError, match=rf"{name} is not a readable safetensors file"):
        load_checkpoint(folder)
    (folder / name).unlink()
    with pytest.raises(ModelError, match=rf"{name} is missing"):
        load_checkpoint(folder)


def test_weights_of_another_size(folder: Path) -> None:
    edit_config(folder, lambda config: config["lazy"].update(context_blocks=2))
    with pytest.raises(ModelError, match=r"lazy holds another architecture .*context_encoder"):
        load_checkpoint(folder)


@pytest.mark.parametrize(
    "change", [{"latent_channels": [4, 4]}, {"block_out_channels": [8] * 3}, {"latent_channels": 8}]
)
def test_another_autoencoder(folder: Path, change: dict[str, object]) -> None:
    path = folder / "vae" / "config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(ModelError, match=r"vae (does not hold|holds another)"):
        load_checkpoint(folder)


def test_latents_that_do_not_fit(folder: Path, randomise: Callable[[Any], Any]) -> None:
    from diffusers import AutoencoderKL

    randomise(AutoencoderKL(block_out_channels=(8,), norm_num_groups=4)).save_pretrained(
        folder / "vae"
    )
    edit_config(folder, lambda config: config["sha256"].pop(VAE))
    with pytest.raises(
        ModelError, match=r"4 channels and 1 pixels, but .* 4 channels and 8 pixels"
    ):
        load_checkpoint(folder)


@pytest.mark.parametrize(
    "value", [5, {"lazy": "../lazy"}, {"autoencoder": ""}, {"lazy": 3}, {"unet": "unet"}]
)
def test_parts_that_are_none(folder: Path, value: object) -> None:
    edit_config(folder, lambda config: config.update(parts=value))
    with pytest.raises(ModelError, match=r"config\.json does not describe a LazyDiff model"):
        load_checkpoint(folder)


def test_neither_text_nor_classes(folder: Path) -> None:
    edit_config(folder, lambda config: config["parts"].update(text_encoder=None))
    with pytest.raises(ModelError, match="neither a text encoder nor classes"):
        load_checkpoint(folder)


def test_precision(folder: Path, tiny_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    large, bundled = load_checkpoint(folder), load_checkpoint(tiny_folder)
    cuda = torch.device("cuda")
    assert working_dtype(large, CPU) == torch.float32
    for native, dtype in ((True, torch.bfloat16), (False, torch.float16)):
        monkeypatch.setattr(devices, "_has_bfloat16", lambda _, native=native: native)
        assert working_dtype(large, cuda) == dtype
        assert working_dtype(bundled, cuda) == torch.float32
