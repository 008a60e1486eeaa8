from __future__ import annotations

import pytest

from lazydiff_core.evaluation.kit import KIT_STYLES, Kit, load_kit
from lazydiff_core.storage.resources import resource
from lazydiff_core.training.stickers import is_held_out, read_holdout
from lazydiff_core.training.vocabulary import read_concepts


@pytest.fixture(scope="module")
def shipped() -> Kit:
    return load_kit(resource("eval"))


def test_the_shipped_judge_knows_what_the_bundled_model_learned(shipped: Kit) -> None:
    core = read_concepts(resource("train/concepts.toml"))
    assert shipped.judge.config.concepts == tuple(core)
    assert shipped.prompt("apple") == core["apple"][0]


def test_the_shipped_renderings_are_held_out_or_not_as_the_kit_says(shipped: Kit) -> None:
    listed = read_holdout(resource("train/holdout.json"))
    for index, sticker in enumerate(shipped.bank.stickers):
        held = is_held_out(sticker.codepoint, sticker.style, listed)
        assert held == (index in shipped.heldout)
        assert held != (index in shipped.things)
        assert sticker.style in KIT_STYLES


def test_real_renderings_are_near_each_other(shipped: Kit) -> None:
    assert 0 < shipped.reference_scores.frechet < 0.2
    assert shipped.reference_scores.top1 > 0.8
    assert len(shipped.grid_of("noto")) == len(shipped.grids) / 3


def test_forty_things_are_known_in_every_style(shipped: Kit) -> None:
    assert len(shipped.thing_names) == 40
    for concept in shipped.thing_names:
        assert shipped.prompt(concept)
        assert len(shipped.renderings_of(concept)) == len(KIT_STYLES)


def test_the_kit_stays_small() -> None:
    folder = resource("eval")
    sizes = [path.stat().st_size for path in folder.rglob("*") if path.is_file()]
    assert sum(sizes) < 8_000_000
    assert (folder / "judge" / "judge.safetensors").stat().st_size < 4_000_000
