from __future__ import annotations

from pathlib import Path

import pytest
import torch

from lazydiff_core.errors import TrainingError
from lazydiff_core.model.autoencoders.bundled_autoencoder import Autoencoder
from lazydiff_core.model.files.config import LazyConfig
from lazydiff_core.model.references.variations import POSES
from lazydiff_core.training import shards as module
from lazydiff_core.training.scenes import (
    HELD_OUT_SEED,
    RESERVED_SEED,
    SceneRecipe,
    Subject,
    make_scene,
)
from lazydiff_core.training.shards import bucket_size, load_shards, render_shard, render_shards
from lazydiff_core.training.stickers import StickerBank

Vocabulary = tuple[Subject, ...]
SMALL = SceneRecipe(side=64)


def test_shards_hold_the_scenes_of_their_seeds(
    shards: Path, bank: StickerBank, vocabulary: Vocabulary, tiny_autoencoder: Autoencoder
) -> None:
    loaded = load_shards(shards)
    assert len(loaded) == 24
    masks = loaded.masks(torch.arange(24))
    for row in (0, 7, 23):
        scene = make_scene(bank, vocabulary, row, SMALL)
        mask = torch.from_numpy(scene.mask)
        assert torch.equal(masks[row, 0].bool(), mask)
        image = torch.from_numpy(scene.image).permute(2, 0, 1)[None].float() / 127.5 - 1
        with torch.no_grad():
            target, visible = (tiny_autoencoder.encode(x)[0] for x in (image, image * ~mask))
        assert torch.allclose(loaded.target[row].float(), target, rtol=2e-3, atol=2e-3)
        assert torch.allclose(loaded.visible[row].float(), visible, rtol=2e-3, atol=2e-3)
        empty = scene.subject < 0
        named = "" if empty else bank.stickers[vocabulary[scene.subject].sticker].concept
        assert loaded.asked[row].concept == named
        assert POSES[loaded.asked[row].pose] == scene.pose


def test_hole_tokens_cover_the_mask_and_fill_a_bucket(shards: Path) -> None:
    loaded = load_shards(shards)
    cells = loaded.masks(torch.arange(24)).view(24, 8, 8, 8, 8).amax((2, 4)).bool().flatten(1)
    assert (loaded.tokens | ~cells).all()
    counts = loaded.tokens.sum(1)
    assert (counts % 4 == 0).all()
    assert (counts - cells.sum(1) < 4).all()
    assert not loaded.frames[~loaded.tokens].any()
    assert loaded.frames[loaded.tokens].any(-1).all()


@pytest.mark.parametrize(("count", "size"), [(1, 4), (64, 4), (65, 8), (128, 8), (129, 16)])
def test_larger_holes_have_coarser_buckets(count: int, size: int) -> None:
    assert bucket_size(count) == size


def test_the_same_seeds_give_the_same_file(
    shards: Path,
    bank: StickerBank,
    vocabulary: Vocabulary,
    tiny_autoencoder: Autoencoder,
    tmp_path: Path,
) -> None:
    path = tmp_path / "again"
    render_shard(bank, vocabulary, tiny_autoencoder, range(16, 24), path, 8, SMALL)
    assert path.read_bytes() == (shards / "shard-0000016.safetensors").read_bytes()
    assert [file.name for file in tmp_path.iterdir()] == ["again"]


def test_finished_shards_are_kept(
    bank: StickerBank,
    vocabulary: Vocabulary,
    tiny_autoencoder: Autoencoder,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rendered = []

    def note(*arguments: object, crop: LazyConfig | None) -> None:
        rendered.append(arguments[3])
        assert isinstance(arguments[4], Path)
        arguments[4].touch()

    monkeypatch.setattr(module, "render_shard", note)
    for count in (5, 12):
        render_shards(bank, vocabulary, tiny_autoencoder, tmp_path / "new", count, 8, per_shard=5)
    assert rendered == [range(0, 5), range(5, 10), range(10, 12)]


def test_scenes_kept_for_checks_are_those_of_reserved_seeds(
    bank: StickerBank, vocabulary: Vocabulary, tiny_autoencoder: Autoencoder, tmp_path: Path
) -> None:
    made = (bank, vocabulary, tiny_autoencoder)
    render_shards(*made, tmp_path, 3, 8, SMALL, per_shard=2, first_seed=HELD_OUT_SEED)
    seeds = range(HELD_OUT_SEED + 2, HELD_OUT_SEED + 3)
    render_shard(*made, seeds, tmp_path / "second", 8, SMALL)
    second = (tmp_path / "shard-0000002.safetensors").read_bytes()
    assert second == (tmp_path / "second").read_bytes()
    assert HELD_OUT_SEED > RESERVED_SEED


def test_no_shards(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="render some first"):
        load_shards(tmp_path)
