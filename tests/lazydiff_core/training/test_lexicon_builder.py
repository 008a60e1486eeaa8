from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from lazydiff_core.errors import TrainingError
from lazydiff_core.model.autoencoders.bundled_autoencoder import Autoencoder
from lazydiff_core.model.checkpoint.checkpoint import Defaults
from lazydiff_core.model.network.decoder import Hole
from lazydiff_core.model.references.lexicon import Lexicon, parts_of
from lazydiff_core.model.references.reference_latents import looks_of
from lazydiff_core.model.references.reference_text_encoder import PicturedText
from lazydiff_core.model.text.text_encoder import TextEncoder
from lazydiff_core.training import lazy_trainer
from lazydiff_core.training.export import (
    continue_from,
    export_model,
    lexicon_of,
    load_lazy,
)
from lazydiff_core.training.held_out import BEST
from lazydiff_core.training.initialise import begin_baseline
from lazydiff_core.training.lazy_trainer import LazyRun, train_lazy
from lazydiff_core.training.lexicon_builder import build_lexicon, give_lexicon, principal_axes
from lazydiff_core.training.stickers import StickerBank

CONCEPTS = {
    "disc": ("Red disc", "disc"), "triangle": ("triangle",), "square": ("square",),
    "grass": ("grass",),
}  # fmt: skip


@pytest.fixture
def lexicon(bank: StickerBank, tiny_autoencoder: Autoencoder, word_states: TextEncoder) -> Lexicon:
    return build_lexicon(bank, CONCEPTS, tiny_autoencoder, word_states, 6)


def test_each_rendering_of_the_bank(
    lexicon: Lexicon, bank: StickerBank, tiny_autoencoder: Autoencoder, word_states: TextEncoder
) -> None:
    assert dict(lexicon.spans) == {
        "disc": (0, 2), "triangle": (2, 3), "square": (3, 4), "grass": (4, 4)
    }  # fmt: skip
    assert lexicon.styles.tolist() == [0, 1, 1, 3]
    assert lexicon.phrases["red disc"] == "disc"
    assert lexicon.find("a square") == "square"
    meaning = word_states.encode(["Red disc", "disc"]).pooled.mean(0)
    assert torch.allclose(lexicon.meanings[0].float(), meaning, atol=1e-3)
    looks = looks_of(tiny_autoencoder, np.asarray(bank.pixels)[2:3])
    codes = (parts_of(looks.fields[:, 0])[0] - lexicon.mean) @ lexicon.axes
    assert torch.allclose(codes, lexicon.codes[2].float(), atol=1e-2)
    assert torch.allclose(lexicon.extents[2].float(), looks.extents[0, 0], atol=1e-3)
    told = lexicon.looks("triangle")
    assert told.extents[0].ne(0).any(1).tolist() == [False, True, False, False]


def test_a_bank_without_any_of_them(
    bank: StickerBank, tiny_autoencoder: Autoencoder, word_states: TextEncoder
) -> None:
    with pytest.raises(TrainingError, match="none of these"):
        build_lexicon(bank, {"grass": ("grass",)}, tiny_autoencoder, word_states)


def test_principal_components_half_whitened() -> None:
    """Independent numbers of spreads 8, 2 and 0.5: codes of spreads in the ratio of their roots."""
    spreads = torch.tensor([2.0, 8.0, 0.5])
    parts = torch.randn(40_000, 3, generator=torch.Generator().manual_seed(0)) * spreads + 5
    mean, axes = principal_axes(parts, 5)
    codes = (parts - mean) @ axes
    assert torch.allclose(mean, torch.full((3,), 5.0), atol=0.2)
    assert codes.square().mean() * 5 / 3 == pytest.approx(1, rel=0.01)
    found = codes.std(0)
    assert (found[0] / found[1]).item() == pytest.approx(2, rel=0.05)
    assert (found[1] / found[2]).item() == pytest.approx(2, rel=0.05)
    assert not found[3:].any()
    assert torch.allclose(torch.corrcoef(codes[:, :3].T), torch.eye(3), atol=0.02)


def test_a_run_keeps_what_it_knows(
    tiny_folder: Path, tmp_path: Path, lexicon: Lexicon, word_states: TextEncoder
) -> None:
    run = tmp_path / "lazy"
    continue_from(tiny_folder, run, tmp_path / "autoencoder")
    before = load_lazy(run)
    for left in ("optimizer.safetensors", BEST):
        (run / left).write_bytes((run / "model.safetensors").read_bytes())
    give_lexicon(run, lexicon)
    after = load_lazy(run)
    assert after.config == replace(before.config, look_styles=4)
    assert not (run / "optimizer.safetensors").exists()
    text = PicturedText(word_states, lexicon)
    hole = Hole(torch.randn(1, 4, 32), torch.arange(4)[None], torch.randn(1, 4, 6))
    x, t = torch.randn(1, 4, 16), torch.tensor([300.0])
    plain = before.decoder(x, t, hole, word_states.encode(["disc"]))
    told = text.encode(["disc"])
    assert told.looks is not None
    assert torch.allclose(after.decoder(x, t, hole, told), plain, atol=1e-5)
    with pytest.raises(TrainingError, match="has a lexicon already"):
        give_lexicon(run, lexicon)


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
        assert torch.equal(known.codes, lexicon.codes)
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
    known = lexicon_of(run)
    assert known is not None
    monkeypatch.setattr(lazy_trainer, "time", clock)
    config = replace(tiny_config, look_styles=4)
    short = LazyRun(minutes=0.3, tokens_per_step=128, draws=2, compiled=False)
    train_lazy(shards, CONCEPTS, PicturedText(word_states, known), run, short, config)
    assert json.loads((run / "config.json").read_text())["look_styles"] == 4
    assert load_file(run / "model.safetensors")["decoder.look.weight"].any()
