from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest

from lazydiff_core.errors import ModelError, TrainingError
from lazydiff_core.evaluation import kit_builder
from lazydiff_core.evaluation.judge import Judge, save_judge
from lazydiff_core.evaluation.kit import KIT_STYLES, load_kit
from lazydiff_core.evaluation.kit_builder import build_kit
from lazydiff_core.training.stickers import Sticker, StickerBank


@pytest.fixture
def sources(
    shapes: StickerBank, judge: Judge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[Path, Path, Path]:
    """Bank, hold-out list and judge on disk; one disc held out, drawn in white."""
    np.save(tmp_path / "stickers.npy", shapes.pixels)
    (tmp_path / "stickers.json").write_text(json.dumps([asdict(s) for s in shapes.stickers]))
    pairs = [
        {"concept": "disc", "codepoint": "3c", "style": "noto"},
        {"concept": "disc", "codepoint": "3c", "style": "twemoji"},
        {"concept": "unknown", "codepoint": "ff", "style": "noto"},
    ]
    (tmp_path / "holdout.json").write_text(json.dumps({"pairs": pairs}))
    save_judge(tmp_path / "judge", judge)
    monkeypatch.setattr(kit_builder, "GRID_CONCEPTS", ("triangle", "square"))
    monkeypatch.setattr(kit_builder, "MORE_THINGS", ())

    def render(assets: Path, wanted: list[Sticker]) -> list[tuple[Sticker, np.ndarray]]:
        return [(s, np.full((256, 256, 4), 255, np.uint8)) for s in wanted]

    monkeypatch.setattr(kit_builder, "render_stickers", render)
    return tmp_path, tmp_path / "holdout.json", tmp_path / "judge"


def test_a_kit_comes_back_as_it_was_built(
    sources: tuple[Path, Path, Path], shapes: StickerBank, tmp_path: Path
) -> None:
    bank, holdout, judge = sources
    built = build_kit(bank, tmp_path / "assets", holdout, judge, tmp_path / "kit")
    kit = load_kit(tmp_path / "kit")
    assert kit.bank.stickers == built.bank.stickers
    assert [kit.bank.stickers[k].style for k in kit.heldout] == ["noto"]
    assert len(kit.grids) == 2 * len(KIT_STYLES)
    assert kit.thing_names == ("triangle", "square")
    assert built.reference_scores == kit.reference_scores
    stored = kit.bank.pixels[kit.grids[0]].astype(int)
    real = shapes.pixels[shapes.of("triangle", "fluent-3d") or 0]
    assert np.abs(stored - real)[..., 3].mean() < 1  # stored smaller, so only edges differ
    assert kit.reference.count == 3 * kit_builder.REFERENCE_ROUNDS
    assert kit.reference_scores.frechet > 0
    assert 0 <= kit.reference_scores.top1 <= 1


def test_a_style_that_the_bank_lacks_is_told(
    sources: tuple[Path, Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bank, holdout, judge = sources
    monkeypatch.setattr(kit_builder, "GRID_CONCEPTS", ("whale",))
    with pytest.raises(TrainingError, match="lacks whale"):
        build_kit(bank, tmp_path, holdout, judge, tmp_path / "kit")


def test_an_incomplete_kit_is_told(sources: tuple[Path, Path, Path], tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no complete evaluation kit"):
        load_kit(tmp_path / "nothing")
    bank, holdout, judge = sources
    build_kit(bank, tmp_path, holdout, judge, tmp_path / "kit")
    next((tmp_path / "kit" / "stickers").rglob("*.webp")).unlink()
    with pytest.raises(ModelError, match="no complete evaluation kit"):
        load_kit(tmp_path / "kit")
