from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from lazydiff_core.engine.engine import Engine
from lazydiff_core.errors import ModelError, OutOfMemoryError, TrainingError
from lazydiff_core.model.checkpoint.checkpoint import load_checkpoint, save_checkpoint
from lazydiff_core.model.references.reference_text_encoder import ReferenceTextEncoder
from lazydiff_core.model.text.text_encoder import TextEncoder
from lazydiff_core.training import streams
from lazydiff_core.training.batches import BatchMaker
from lazydiff_core.training.checkpoints import last_weights
from lazydiff_core.training.encode_shards import encode_shards, shard_name
from lazydiff_core.training.learners.lazy import LazyLearner
from lazydiff_core.training.model_run import export_run, train_model
from lazydiff_core.training.recipe import Recipe
from lazydiff_core.training.run_folder import RunNotes, begin, read_notes
from lazydiff_core.training.samples import read_sample
from lazydiff_core.training.webshards import find_shards, open_shards
from tests.lazydiff_core.tiny import tiny_lexicon

RECIPE = Recipe(
    steps=2, batch=2, micro_batch=2, rate=1e-3, workers=0, save_every=2, sample_every=2,
    samples=1, sample_steps=1, precision="float32",
)  # fmt: skip


def quietly(news: object) -> None: ...


@pytest.fixture
def paper_run(parts_folder: Path, web_shards: Path, tmp_path: Path) -> Path:
    """The paper's kind of model, tiny: SD autoencoder and T5 encode as it trains."""
    train_model(parts_folder, [str(web_shards)], RECIPE, tmp_path / "run", False, quietly)
    return tmp_path / "run"


def test_the_papers_model_trains_and_fills(
    paper_run: Path, parts_folder: Path, tmp_path: Path, make_request: Callable[..., object]
) -> None:
    assert export_run(paper_run, tmp_path / "model") == 2
    trained, before = load_checkpoint(tmp_path / "model"), load_checkpoint(parts_folder)
    step, ema = last_weights(paper_run)
    assert step == 2
    now, then = trained.lazy.state_dict(), before.lazy.state_dict()
    assert all(torch.equal(value, ema[name]) for name, value in now.items())
    assert any(not torch.equal(value, then[name]) for name, value in now.items())
    assert (trained.defaults, trained.concepts) == (before.defaults, before.concepts)
    engine = Engine.load(str(tmp_path / "model"), device="cpu")
    result = engine.run(make_request(steps=2))
    assert result.pixels_changed_outside_mask == 0
    assert (paper_run / "sheets" / "step-00000002.png").is_file()


def test_a_model_that_has_moved_is_named(paper_run: Path, parts_folder: Path) -> None:
    moved = shutil.copytree(parts_folder, paper_run.parent / "moved")
    notes = read_notes(paper_run)
    assert notes.init == str(parts_folder)
    begin(paper_run, replace(notes, init="gone"), resume=True)
    out = paper_run.parent / "model"
    with pytest.raises(ModelError, match="no model folder gone"):
        export_run(paper_run, out)
    assert export_run(paper_run, out, moved) == 2


def test_another_model_does_not_fit_a_run(paper_run: Path, tiny_folder: Path) -> None:
    with pytest.raises(ModelError, match=r"is not the model that .* was begun with"):
        export_run(paper_run, paper_run.parent / "model", tiny_folder)


def test_the_bundled_layout_stays_its_own(
    make_maker: Callable[..., BatchMaker], web_shards: Path, tmp_path: Path
) -> None:
    maker = make_maker()
    save_checkpoint(tmp_path / "init", maker.checkpoint)
    encode_shards(maker, [str(web_shards)], tmp_path / "encoded", 0, 1)
    run = tmp_path / "run"
    train_model(tmp_path / "init", [str(tmp_path / "encoded")], RECIPE, run, False, quietly)
    export_run(run, tmp_path / "model")
    assert sorted(p.name for p in (tmp_path / "model").iterdir()) == [
        "autoencoder.safetensors",
        "config.json",
        "lazy.safetensors",
    ]
    assert load_checkpoint(tmp_path / "model").concepts == ("cat", "dog")


def test_a_run_is_gone_on_with_only_when_asked(paper_run: Path, parts_folder: Path) -> None:
    data = [str(paper_run.parent)]
    with pytest.raises(TrainingError, match="There are no shards"):
        train_model(parts_folder, data, RECIPE, paper_run, False, quietly)
    notes = RunNotes("x", RECIPE.to_dict(), "float32")
    with pytest.raises(TrainingError, match="holds a run already: go on with --resume"):
        begin(paper_run, notes, resume=False)


def test_no_run_no_model(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="holds no checkpoint yet"):
        export_run(tmp_path, tmp_path / "model")
    with pytest.raises(TrainingError, match="is not the folder of a run"):
        read_notes(tmp_path)


def test_memory_that_ends_is_said(
    parts_folder: Path, web_shards: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: LazyLearner, batch: object, moment: object) -> None:
        raise torch.OutOfMemoryError("CUDA out of memory")

    monkeypatch.setattr(LazyLearner, "loss", full)
    with pytest.raises(OutOfMemoryError, match="micro-batch of 2 does not fit"):
        train_model(parts_folder, [str(web_shards)], RECIPE, tmp_path / "run", False, quietly)


# --- encoding ahead ----------------------------------------------------------------------------


def test_encoded_shards_hold_what_training_would_encode(
    make_maker: Callable[..., BatchMaker], web_shards: Path, tmp_path: Path
) -> None:
    maker = make_maker()
    told: list[tuple[int, int]] = []
    encode_shards(maker, [str(web_shards)], tmp_path, 0, 1, lambda *news: told.append(news))
    assert told == [(k, 12) for k in range(1, 13)]
    plain, encoded = (open_shards(find_shards([folder])) for folder in (web_shards, tmp_path))
    assert len(plain) == len(encoded) == 12
    for number in (0, 7, 11):
        one, other = (
            read_sample(*shards.read(number), maker.config) for shards in (plain, encoded)
        )
        assert other.images is None
        assert torch.equal(one.index, other.index)
        assert np.array_equal(one.frame, other.frame)
        for a, b in zip(maker.latents(one), maker.latents(other), strict=True):
            assert torch.allclose(a, b, atol=2e-2)
        first, second = maker.prompts([one, other])
        assert torch.allclose(first.states, second.states, atol=2e-2)
        assert torch.allclose(first.pooled, second.pooled, atol=2e-2)


def test_what_words_look_like_is_encoded_ahead_as_well(
    make_maker: Callable[..., BatchMaker],
    web_shards: Path,
    tmp_path: Path,
    word_states: TextEncoder,
) -> None:
    plain = open_shards(find_shards([web_shards]))
    caption = read_sample(*plain.read(0), make_maker().config).caption
    lexicon = tiny_lexicon({caption: "it", "nothing": "nothing"})
    maker = make_maker(look_styles=4)
    maker.text = ReferenceTextEncoder(word_states, lexicon)
    encode_shards(maker, [str(web_shards)], tmp_path, 0, 1)
    encoded = open_shards(find_shards([tmp_path]))
    first = read_sample(*plain.read(0), maker.config)
    told, wanted = (
        maker.prompts([read_sample(*encoded.read(0), maker.config)])[0].told,
        maker.prompts([first])[0].told,
    )
    assert told is not None
    assert wanted is not None
    assert wanted.cells.any()
    assert torch.allclose(told.cells, wanted.cells, atol=2e-2)
    assert torch.equal(told.styles, wanted.styles)
    other = make_maker(look_styles=3)
    with pytest.raises(TrainingError, match="Stored cells must be of"):
        other.prompts([read_sample(*encoded.read(0), other.config)])
    without = make_maker()
    assert without.prompts([read_sample(*encoded.read(0), without.config)])[0].told is None


def test_several_machines_share_the_shards(
    make_maker: Callable[..., BatchMaker], web_shards: Path, tmp_path: Path
) -> None:
    maker = make_maker()
    assert [encode_shards(maker, [str(web_shards)], tmp_path, part, 2) for part in (0, 1)] == [2, 1]
    assert (
        encode_shards(maker, [str(web_shards)], tmp_path, 0, 2) == 0
    )  # it goes on where it stopped
    assert len(find_shards([tmp_path])) == 3
    with pytest.raises(TrainingError, match="have the same name"):
        encode_shards(maker, [str(web_shards)] * 2, tmp_path / "two", 0, 1)


def test_latents_of_another_model_are_refused(
    make_maker: Callable[..., BatchMaker], web_shards: Path, tmp_path: Path
) -> None:
    encode_shards(make_maker(), [str(web_shards)], tmp_path, 0, 1)
    key, files = open_shards(find_shards([tmp_path])).read(0)
    other = make_maker(latent_scale=8, patch=1)
    with pytest.raises(TrainingError, match="Stored latents must be target and visible of"):
        other.latents(read_sample(key, files, other.config))
    narrow = make_maker(text_width=16)
    with pytest.raises(TrainingError, match="Stored prompts must be 16 wide"):
        narrow.prompts([read_sample(key, files, narrow.config)])


def test_streams_are_encoded_as_folders_are(
    make_maker: Callable[..., BatchMaker], web_shards: Path, tmp_path: Path
) -> None:
    maker, told = make_maker(), list[tuple[int, int]]()
    pipes = [f"pipe:cat {path}" for path in sorted(web_shards.glob("*.tar"))]
    encode_shards(maker, [str(web_shards)], tmp_path / "folder", 0, 1)
    done = encode_shards(maker, pipes, tmp_path / "stream", 0, 1, lambda *news: told.append(news))
    assert done == 3
    assert told == [(k, 0) for k in range(1, 13)]  # how many there are is not known
    for path in sorted((tmp_path / "folder").iterdir()):
        assert (tmp_path / "stream" / path.name).read_bytes() == path.read_bytes()
    assert encode_shards(maker, pipes, tmp_path / "stream", 0, 1) == 0


def test_a_stream_that_fails_leaves_no_shard(
    make_maker: Callable[..., BatchMaker], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "WAITS", ())
    with pytest.raises(TrainingError, match=r"gone\.tar"):
        encode_shards(make_maker(), ["pipe:cat gone.tar"], tmp_path / "out", 0, 1)
    assert not list((tmp_path / "out").iterdir())


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("s3://bucket/a/0001.tar", "0001.tar"),
        ("https://store/a.b-01.tar?key=x/y", "a.b-01.tar"),
        ("pipe:aws s3 cp 's3://bucket/01.tar' -", "01.tar"),
        ("pipe:curl --key=old.tar.key https://store/new.tar", "new.tar"),
    ],
)
def test_an_encoded_shard_is_called_as_the_one_that_is_streamed(address: str, name: str) -> None:
    assert shard_name(address) == name


def test_a_command_without_a_name_is_refused() -> None:
    with pytest.raises(TrainingError, match="does not name a shard"):
        shard_name("pipe:produce 7")
