from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from lazydiff_core.errors import TrainingError
from lazydiff_core.model.autoencoders.bundled_autoencoder import Autoencoder
from lazydiff_core.model.files.config import LazyConfig, baseline
from lazydiff_core.model.references.lexicon import Lexicon
from lazydiff_core.training.scenes import Scene, SceneRecipe, Subject, make_scene
from lazydiff_core.training.shards import load_shards, render_shards
from lazydiff_core.training.stickers import StickerBank
from lazydiff_core.training.whole import shards_for, with_every_token


def test_a_lazy_model_trains_on_the_hole(shards: Path, tiny_config: LazyConfig) -> None:
    assert torch.equal(shards_for(tiny_config, shards).tokens, load_shards(shards).tokens)


def test_a_baseline_trains_on_every_token(shards: Path, tiny_config: LazyConfig) -> None:
    given, every = (
        load_shards(shards),
        shards_for(baseline(tiny_config, "regenerate_image"), shards),
    )
    assert every.tokens.all()
    assert torch.equal(every.frames[given.tokens], given.frames[given.tokens])
    assert every.frames.any(-1).all()
    assert every.asked == given.asked


def test_no_frames_where_the_model_reads_none(shards: Path, tiny_config: LazyConfig) -> None:
    config = replace(baseline(tiny_config, "regenerate_image"), hole_frame=False)
    given = load_shards(shards)
    assert torch.equal(with_every_token(given, config).frames, given.frames)


def test_scenes_of_another_size_are_refused(shards: Path, tiny_config: LazyConfig) -> None:
    with pytest.raises(TrainingError, match=r"64 tokens and the model takes 16: .* with --crop"):
        shards_for(baseline(tiny_config, "regenerate_crop"), shards)


def test_crops_are_rendered_for_the_crops_model(
    bank: StickerBank,
    vocabulary: tuple[Subject, ...],
    tiny_autoencoder: Autoencoder,
    lexicon: Lexicon,
    tiny_config: LazyConfig,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    config = baseline(tiny_config, "regenerate_crop")
    monkeypatch.setattr("lazydiff_core.training.shards.make_scene", _small_scenes)
    render_shards(bank, vocabulary, tiny_autoencoder, tmp_path, 3, lexicon, config)
    crops = shards_for(config, tmp_path)
    assert crops.target.shape == crops.visible.shape == (3, 4, 8, 8)
    assert crops.told.shape == (3, 5, 8, 8)
    assert crops.masks(torch.arange(3)).shape == (3, 1, 32, 32)
    with pytest.raises(TrainingError, match="without --crop"):
        shards_for(tiny_config, tmp_path)


def _small_scenes(*given: Any) -> Scene:
    bank, vocabulary, seed, _ = given
    return make_scene(bank, vocabulary, seed, SceneRecipe(side=64))
