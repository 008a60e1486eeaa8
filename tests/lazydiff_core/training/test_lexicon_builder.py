from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from lazydiff_core.errors import TrainingError
from lazydiff_core.model.autoencoders.bundled_autoencoder import Autoencoder
from lazydiff_core.model.checkpoint.checkpoint import Defaults
from lazydiff_core.model.files.tensors import write_tensors
from lazydiff_core.model.network.decoder import Hole
from lazydiff_core.model.references.lexicon import Lexicon
from lazydiff_core.model.references.reference_latents import references_of
from lazydiff_core.model.text.prompt import Told
from lazydiff_core.model.text.text_encoder import TextEncoder
from lazydiff_core.training import loop
from lazydiff_core.training.checkpoints import Saved, checkpoints, last_weights, save_checkpoint
from lazydiff_core.training.export import (
    continue_from,
    export_model,
    lexicon_of,
    load_lazy,
)
from lazydiff_core.training.held_out import BEST
from lazydiff_core.training.initialise import begin_baseline
from lazydiff_core.training.learners.scenes import LazyRun, train_lazy
from lazydiff_core.training.lexicon_builder import PICTURES, build_lexicon, give_lexicon
from lazydiff_core.training.stickers import StickerBank

CONCEPTS = {
    "disc": ("Red disc", "disc"), "triangle": ("triangle",), "square": ("square",),
    "grass": ("grass",),
}  # fmt: skip


def test_each_rendering_of_the_bank(
    lexicon: Lexicon, bank: StickerBank, tiny_autoencoder: Autoencoder
) -> None:
    assert dict(lexicon.spans) == {
        "disc": (0, 2), "triangle": (2, 3), "square": (3, 4), "grass": (4, 4), "plain_red": (4, 4)
    }  # fmt: skip
    assert lexicon.styles.tolist() == [0, 1, 1, 3]
    assert lexicon.phrases["red disc"] == "disc"
    assert lexicon.surface_phrases["green grass"] == "grass"
    (wanted,) = references_of(tiny_autoencoder, np.asarray(bank.pixels)[2:3], [1])
    known = lexicon.reference("triangle")
    assert known is not None
    assert known.style == 1
    assert known.extents == pytest.approx(wanted.extents, abs=1e-3)
    assert (known.cells - wanted.cells).abs().max() < 0.01 * wanted.cells.abs().max()


def test_pictures_of_each_surface(lexicon: Lexicon, tiny_autoencoder: Autoencoder) -> None:
    assert dict(lexicon.grounds) == {"grass": (0, PICTURES), "plain_red": (PICTURES, 2 * PICTURES)}
    assert lexicon.surfaces.shape == (2 * PICTURES, 4, 16, 16)
    shown = [lexicon.surface("grass", seed) for seed in range(PICTURES)]
    assert len({one.numpy().tobytes() for one in shown if one is not None}) == PICTURES


def test_a_bank_without_any_of_them(bank: StickerBank, tiny_autoencoder: Autoencoder) -> None:
    with pytest.raises(TrainingError, match="none of these"):
        build_lexicon(bank, {"cloud": ("cloud",)}, {}, tiny_autoencoder, 64)


def test_a_run_keeps_what_it_knows(
    tiny_folder: Path, tmp_path: Path, lexicon: Lexicon, word_states: TextEncoder
) -> None:
    run = tmp_path / "lazy"
    continue_from(tiny_folder, run, tmp_path / "autoencoder")
    before = load_lazy(run)
    write_tensors(run / BEST, before.state_dict())
    kept = {f"model.{name}": value for name, value in before.state_dict().items()}
    kept["optimizer.step:decoder.out.bias"] = torch.ones(())
    save_checkpoint(run, 7, kept, keep=1)
    give_lexicon(run, lexicon)
    after = load_lazy(run)
    assert after.config == replace(before.config, look_styles=4)
    ((step, folder),) = checkpoints(run)
    assert (step, Saved(folder).names("optimizer")) == (7, [])
    hole = Hole(torch.randn(1, 4, 32), torch.arange(4)[None], torch.randn(1, 4, 6))
    x, t = torch.randn(1, 4, 16), torch.tensor([300.0])
    plain = before.decoder(x, t, hole, word_states.encode(["disc"]))
    cells = Told(torch.randn(1, 5, 16, 16), torch.eye(4)[:1])
    told = replace(word_states.encode(["disc"]), told=cells)
    assert torch.allclose(after.decoder(x, t, hole, told), plain, atol=1e-5)
    with pytest.raises(TrainingError, match="has a lexicon already"):
        give_lexicon(run, lexicon)
    give_lexicon(run, replace(lexicon, phrases={}), anew=True)
    assert lexicon_of(run).phrases == {}


def test_from_a_run_to_a_model_and_back(
    tiny_folder: Path, tmp_path: Path, lexicon: Lexicon
) -> None:
    run, autoencoder, model = tmp_path / "lazy", tmp_path / "autoencoder", tmp_path / "model"
    continue_from(tiny_folder, run, autoencoder)
    give_lexicon(run, lexicon)
    export_model(run, autoencoder, model, Defaults(2, 2.0), ("disc",))
    again, crop = tmp_path / "again", tmp_path / "crop"
    continue_from(model, again, tmp_path / "other")
    config = begin_baseline(model, "regenerate_crop", crop)
    assert config.look_styles == 4
    for folder in (again, crop):
        known = lexicon_of(folder)
        assert known is not None
        assert torch.equal(known.cells, lexicon.cells)
        assert known.phrases == lexicon.phrases


def test_a_new_run_reads_it_from_the_start_and_learns_from_renderings(
    tmp_path: Path,
    shards: Path,
    lexicon: Lexicon,
    word_states: TextEncoder,
    tiny_config: Any,
    clock: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run = tmp_path / "run"
    assert lexicon_of(run) is None
    give_lexicon(run, lexicon)
    monkeypatch.setattr(loop, "time", clock)
    config = replace(tiny_config, look_styles=4)
    short = LazyRun(minutes=0.3, tokens_per_step=128, draws=2)
    train_lazy(shards, CONCEPTS, word_states, run, short, config)
    assert json.loads((run / "config.json").read_text())["look_styles"] == 4
    assert last_weights(run, "model")[1]["decoder.look.weight"].any()
