from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest

from lazydiff_core.errors import TrainingError
from lazydiff_core.model.checkpoint.checkpoint import Checkpoint, load_checkpoint, save_checkpoint
from lazydiff_core.model.files.config import LazyConfig
from lazydiff_core.model.network.lazy_model import LazyDiffusion
from lazydiff_core.model.references.lexicon import STYLES, Lexicon
from lazydiff_core.model.text.text_encoder import TextEncoder
from lazydiff_core.training.checkpoints import last_weights
from lazydiff_core.training.shards import load_shards
from lazydiff_core.training.sitting import MIXTURE, Sitting, in_parts, train_sitting

CONCEPTS = {
    "disc": ("red disc", "disc"),
    "triangle": ("triangle",),
    "square": ("square",),
    "grass": ("grass", "green grass"),
    "plain_red": ("red background",),
}
SITTING = Sitting(0.05, most=2 * len(MIXTURE), per_shard=2, tokens=256, rate=0.1)


@pytest.fixture
def model(
    tiny_checkpoint: Checkpoint, tiny_config: LazyConfig, lexicon: Lexicon, tmp_path: Path
) -> Path:
    """A saved model that reads a lexicon of the bank."""
    lazy = LazyDiffusion(replace(tiny_config, look_styles=len(STYLES)))
    save_checkpoint(tmp_path / "start", replace(tiny_checkpoint, lazy=lazy, lexicon=lexicon))
    return tmp_path / "start"


def test_a_sitting_renders_trains_and_writes_a_model(
    model: Path, bank_folder: Path, word_states: TextEncoder, tmp_path: Path
) -> None:
    out = tmp_path / "sitting"
    loss = train_sitting(model, bank_folder, CONCEPTS, word_states, out, SITTING)
    assert 0 < loss < 10
    scenes = load_shards(out / "shards")
    assert 2 <= len(scenes) <= SITTING.most
    before, after = load_checkpoint(model), load_checkpoint(out / "model")
    assert after.defaults == before.defaults
    assert after.concepts == before.concepts
    old, new = (c.lazy.state_dict() for c in (before, after))
    assert any((old[name] != value).any() for name, value in new.items())


def test_an_interrupted_sitting_goes_on(
    model: Path, bank_folder: Path, word_states: TextEncoder, tmp_path: Path
) -> None:
    out = tmp_path / "sitting"
    short = replace(SITTING, minutes=0.001, most=2)
    train_sitting(model, bank_folder, CONCEPTS, word_states, out, short)
    (shard,) = (out / "shards").glob("*.tar")
    written = shard.stat().st_mtime_ns
    weights = last_weights(out / "lazy", "model")[1]
    train_sitting(model, bank_folder, CONCEPTS, word_states, out, short)
    assert shard.stat().st_mtime_ns == written
    again = last_weights(out / "lazy", "model")[1]
    assert any((weights[name] != value).any() for name, value in again.items())


def test_other_processes_render(
    model: Path, bank_folder: Path, word_states: TextEncoder, tmp_path: Path
) -> None:
    out, begin = tmp_path / "sitting", time.monotonic()
    sitting = replace(SITTING, minutes=0.001, workers=1, most=4)
    train_sitting(model, bank_folder, CONCEPTS, word_states, out, sitting)
    assert (out / "shards" / "shard-00000.tar").exists()
    assert time.monotonic() - begin < 60


def test_a_model_without_a_lexicon_is_refused(
    tiny_folder: Path, bank_folder: Path, word_states: TextEncoder, tmp_path: Path
) -> None:
    with pytest.raises(TrainingError, match="lexicon"):
        train_sitting(tiny_folder, bank_folder, CONCEPTS, word_states, tmp_path / "out", SITTING)


def test_parts_are_small_and_make_the_file_again(tmp_path: Path) -> None:
    data = bytes(range(256)) * 10
    (tmp_path / "weights").write_bytes(data)
    (tmp_path / "empty").write_bytes(b"")
    parts = in_parts([tmp_path / "weights", tmp_path / "empty"], tmp_path / "parts", 1000)
    names = ["weights.000", "weights.001", "weights.002", "empty.000"]
    assert [path.name for path in parts] == names
    assert all(path.stat().st_size <= 1000 for path in parts)
    assert b"".join(path.read_bytes() for path in parts[:3]) == data
