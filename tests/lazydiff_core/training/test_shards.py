from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from lazydiff_core.errors import TrainingError
from lazydiff_core.model.autoencoders.bundled_autoencoder import Autoencoder
from lazydiff_core.model.files.config import LazyConfig
from lazydiff_core.model.references.lexicon import STYLES, Lexicon
from lazydiff_core.model.references.reference_latents import Variation, surface_latents, varied
from lazydiff_core.model.text.prompt import Prompt
from lazydiff_core.training import shards as module
from lazydiff_core.training.batches import BatchMaker
from lazydiff_core.training.samples import read_sample
from lazydiff_core.training.scenes import (
    HELD_OUT_SEED,
    RESERVED_SEED,
    SceneRecipe,
    Subject,
    make_scene,
)
from lazydiff_core.training.shards import bucket_size, load_shards, render_shard, render_shards
from lazydiff_core.training.stickers import StickerBank
from lazydiff_core.training.webshards import find_shards, index_path, open_shards, write_shard
from tests.lazydiff_core.training.drawn import drawn_sample

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


def test_scenes_are_told_of_their_objects_where_they_lie(
    shards: Path,
    bank: StickerBank,
    vocabulary: Vocabulary,
    lexicon: Lexicon,
    tiny_autoencoder: Autoencoder,
) -> None:
    loaded, told = load_shards(shards), 0
    for row in range(24):
        scene = make_scene(bank, vocabulary, row, SMALL)
        cells = loaded.told[row].float()
        if scene.subject < 0:
            assert not cells.any()
            continue
        (target,) = scene.targets
        sticker = bank.stickers[vocabulary[scene.subject].sticker]
        reference = lexicon.reference(sticker.concept, STYLES.index(sticker.style))
        assert reference is not None
        side = 4 * max(1, round(target.place.width / 4))
        wanted = varied(tiny_autoencoder, reference, Variation(target.pose, target.colour), side)
        ys, xs = cells[-1].nonzero().T  # where anything is told
        middle = (ys.min() + ys.max() + 1) * 2, (xs.min() + xs.max() + 1) * 2
        place = target.place
        assert abs(middle[0] - (place.top + place.bottom) / 2) <= 4
        assert abs(middle[1] - (place.left + place.right) / 2) <= 4
        assert cells.square().sum() == pytest.approx(float(wanted.square().sum()), rel=0.02)
        told += 1
    assert told > 15


def test_scenes_of_surfaces_are_told_all_of_them(
    bank: StickerBank,
    vocabulary: Vocabulary,
    tiny_autoencoder: Autoencoder,
    lexicon: Lexicon,
    tiny_config: LazyConfig,
    surfaces: dict[str, tuple[str, ...]],
    tmp_path: Path,
) -> None:
    recipe = SceneRecipe(side=64, surface_share=1, surfaces=tuple(surfaces.items()))
    path = tmp_path / "shard-0.tar"
    made = (bank, vocabulary, tiny_autoencoder, lexicon)
    render_shard(*made, range(4), path, tiny_config, recipe)
    loaded = load_shards(tmp_path)
    for row in range(4):
        scene = make_scene(bank, vocabulary, row, recipe)
        assert scene.ground is not None
        assert loaded.asked[row].concept == scene.surface
        assert loaded.asked[row].style == STYLES[0]
        whole = surface_latents(tiny_autoencoder, scene.ground)[0]
        assert torch.allclose(loaded.told[row, :-1].float(), whole, rtol=2e-3, atol=2e-3)
        assert (loaded.told[row, -1] == 1).all()


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
    lexicon: Lexicon,
    tiny_config: LazyConfig,
    tmp_path: Path,
) -> None:
    path = tmp_path / "again"
    made = (bank, vocabulary, tiny_autoencoder, lexicon)
    render_shard(*made, range(16, 24), path, tiny_config, SMALL)
    assert path.read_bytes() == (shards / "shard-0000016.tar").read_bytes()
    assert sorted(file.name for file in tmp_path.iterdir()) == ["again", "again.index.npy"]


def test_finished_shards_are_kept(
    bank: StickerBank,
    vocabulary: Vocabulary,
    tiny_autoencoder: Autoencoder,
    lexicon: Lexicon,
    tiny_config: LazyConfig,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rendered = []

    def note(*arguments: object) -> None:
        rendered.append(arguments[4])
        assert isinstance(arguments[5], Path)
        index_path(arguments[5]).touch()

    monkeypatch.setattr(module, "render_shard", note)
    made = (bank, vocabulary, tiny_autoencoder, tmp_path / "new")
    for count in (5, 12):
        render_shards(*made, count, lexicon, tiny_config, per_shard=5)
    assert rendered == [range(0, 5), range(5, 10), range(10, 12)]


def test_scenes_kept_for_checks_are_those_of_reserved_seeds(
    bank: StickerBank,
    vocabulary: Vocabulary,
    tiny_autoencoder: Autoencoder,
    lexicon: Lexicon,
    tiny_config: LazyConfig,
    tmp_path: Path,
) -> None:
    made, told = (bank, vocabulary, tiny_autoencoder), (lexicon, tiny_config, SMALL)
    render_shards(*made, tmp_path, 3, *told, per_shard=2, first_seed=HELD_OUT_SEED)
    seeds = range(HELD_OUT_SEED + 2, HELD_OUT_SEED + 3)
    render_shard(*made, lexicon, seeds, tmp_path / "second", tiny_config, SMALL)
    second = (tmp_path / "shard-0000002.tar").read_bytes()
    assert second == (tmp_path / "second").read_bytes()
    assert HELD_OUT_SEED > RESERVED_SEED


def test_no_shards(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="render some first"):
        load_shards(tmp_path)


def test_shards_of_older_versions_are_read_beside_new_ones(shards: Path, tmp_path: Path) -> None:
    """The same scenes, but for the rounding of latents."""
    old = Path(__file__).parent / "old" / "scenes" / "shard-0000016.safetensors"
    for path in (*shards.iterdir(), old):
        shutil.copy(path, tmp_path)
    loaded = load_shards(tmp_path)
    assert len(loaded) == 24 + 8
    assert loaded.asked[24:] == loaded.asked[16:24]
    for name in ("mask", "tokens", "frames"):
        values = getattr(loaded, name)
        assert torch.equal(values[24:], values[16:24])
    for name in ("target", "visible", "told"):
        values = getattr(loaded, name).float()
        assert torch.allclose(values[24:], values[16:24], atol=1e-2)
    assert module.is_rendered(tmp_path / "shard-0000016.tar")


def test_scenes_are_samples_for_any_trainer(
    shards: Path, make_maker: Callable[..., BatchMaker]
) -> None:
    loaded, maker = load_shards(shards), make_maker(look_styles=len(STYLES))
    opened = open_shards(find_shards([shards]))
    samples = [read_sample(*opened.read(k), maker.config) for k in (0, 5)]
    batch = maker.batch(samples)
    for k, row in enumerate((0, 5)):
        assert torch.equal(batch.target[k], loaded.target[row].float())
        assert torch.equal(batch.mask[k], loaded.masks(torch.tensor([row]))[0])
        assert loaded.tokens[row][samples[k].index].all()
    assert isinstance(batch.prompt, Prompt)
    assert batch.prompt.told is not None
    assert torch.equal(batch.prompt.told.cells, loaded.told[[0, 5]].float())


def test_other_samples_are_not_scenes(tmp_path: Path) -> None:
    write_shard(tmp_path / "shard-0.tar", [("a", drawn_sample(0))])
    with pytest.raises(TrainingError, match=r"shard-0\.tar holds no scenes: a lacks"):
        load_shards(tmp_path)
