"""Building the bank from packages as npm unpacks them, and what must never enter it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from lazydiff_core.errors import TrainingError
from lazydiff_core.model.references.variations import LEANING, STANDING
from lazydiff_core.training.scenery import draw_scenery
from lazydiff_core.training.stickers import (
    ICON_SETS,
    STICKER_SIZE,
    StickerBank,
    build_bank,
    is_held_out,
    read_holdout,
)

# codepoint -> short name, category
EMOJI = {
    "1F34E": ("red_apple", "Food & Drink"),
    "2600-FE0F": ("sunny", "Travel & Places"),
    "1F5FF": ("moyai", "Objects"),
    "1F1FA": ("letter", "Flags"),
}
STYLES = ("fluent-3d", *ICON_SETS)


def write(path: Path, value: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value))


@pytest.fixture
def assets(tmp_path: Path) -> Path:
    modules = tmp_path / "assets" / "node_modules"
    kinds = {"Food & Drink": "food-fruit", "Travel & Places": "sky & weather"}
    rows = [
        {
            "unified": code,
            "short_name": name,
            "category": category,
            "subcategory": kinds.get(category, "place-other"),
            "sort_order": k,
            "name": "A B",
        }
        for k, (code, (name, category)) in enumerate(EMOJI.items())
    ]
    write(modules / "emoji-datasource" / "emoji.json", rows[::-1])
    plain = [code.lower().removesuffix("-fe0f") for code in EMOJI]
    wide = np.zeros((40, 90, 4), np.uint8)
    wide[10:30, 5:85] = (0, 0, 200, 255)  # BGRA: a red bar
    data = cv2.imencode(".webp", wide, [cv2.IMWRITE_WEBP_QUALITY, 101])[1].tobytes()
    folder = modules / "@lobehub" / "fluent-emoji-3d" / "assets"
    folder.mkdir(parents=True)
    for code in plain[:2]:  # no moyai in this style
        (folder / f"{code}.webp").write_bytes(data)
    body = '<circle cx="16" cy="16" r="8" fill="#ffcc00"/>'
    for name in ICON_SETS.values():
        icons = {f"icon-{code}": {"body": body} for code in plain}
        write(modules / "@iconify-json" / name / "icons.json", {"icons": icons, "width": 32})
        chars = {code: f"icon-{code}" for code in plain}
        write(modules / "@iconify-json" / name / "chars.json", chars)
    return tmp_path / "assets"


@pytest.fixture
def holdout(tmp_path: Path) -> frozenset[tuple[str, str]]:
    pairs = [
        {"concept": "apple", "codepoint": "1f34e", "style": "noto"},
        {"concept": "sun", "codepoint": "2600", "style": "fluent-3d"},
        {"concept": "moyai", "codepoint": "1f5ff-fe0f", "style": "twemoji"},
    ]
    write(tmp_path / "holdout.json", {"note": "never", "pairs": pairs})
    return read_holdout(tmp_path / "holdout.json")


def test_held_out_renderings_never_enter(
    assets: Path, tmp_path: Path, holdout: frozenset[tuple[str, str]]
) -> None:
    bank = build_bank(assets, tmp_path / "bank", holdout)
    entered = {(s.concept, s.style) for s in bank.stickers}
    drawable = {
        (name, style)
        for name, category in EMOJI.values()
        for style in STYLES
        if category != "Flags" and (name, style) != ("moyai", "fluent-3d")
    }
    held_out = {("red_apple", "noto"), ("sunny", "fluent-3d"), ("moyai", "twemoji")}
    scenery = {(name, STYLES[0]) for name in draw_scenery()}
    assert entered == (drawable - held_out) | scenery
    assert not any(is_held_out(s.codepoint, s.style, holdout) for s in bank.stickers)


@pytest.mark.parametrize(
    ("codepoint", "style", "held"),
    [
        ("1F34E", "noto", True),
        ("1f34e-fe0f", "noto", True),
        ("1f34e", "twemoji", False),
        ("1f5ff", "twemoji", True),
        ("1F5FF-FE0F", "twemoji", True),
        ("2600-FE0F", "fluent-3d", True),
    ],
)
def test_the_variation_selector_is_ignored(
    holdout: frozenset[tuple[str, str]], codepoint: str, style: str, held: bool
) -> None:
    assert is_held_out(codepoint, style, holdout) == held


def test_a_statue_must_not_lean(assets: Path, tmp_path: Path) -> None:
    bank = build_bank(assets, tmp_path / "bank", frozenset())
    poses = {sticker.concept: sticker.poses for sticker in bank.stickers}
    assert {"red_apple": LEANING, "sunny": LEANING, "moyai": STANDING}.items() <= poses.items()


def test_renderings_are_tight_and_centred(assets: Path, tmp_path: Path) -> None:
    bank = build_bank(assets, tmp_path / "bank", frozenset())
    assert bank.pixels.shape == (len(bank.stickers), STICKER_SIZE, STICKER_SIZE, 4)
    assert bank.pixels.dtype == np.uint8
    bar, disc = (bank.of("red_apple", style) for style in ("fluent-3d", "noto"))
    assert bar is not None
    assert disc is not None
    ys, xs = np.nonzero(bank.pixels[bar][..., 3] > 128)
    assert (xs.min(), xs.max()) == (0, STICKER_SIZE - 1)
    assert ys.min() + ys.max() == pytest.approx(STICKER_SIZE - 1, abs=1)
    assert ys.max() - ys.min() + 1 == pytest.approx(64, abs=2)
    assert abs(bank.pixels[bar][128, 128].astype(int) - (200, 0, 0, 255)).max() <= 2
    assert abs(bank.pixels[disc][128, 128].astype(int) - (255, 204, 0, 255)).max() <= 2
    assert (bank.pixels[disc][..., 3] > 128).mean() == pytest.approx(np.pi / 4, abs=0.02)


def test_a_bank_survives_its_folder(bank_folder: Path, bank: StickerBank) -> None:
    loaded = StickerBank.load(bank_folder)
    assert loaded.stickers == bank.stickers
    assert (loaded.pixels == bank.pixels).all()
    assert loaded.of("disc", "noto") == 1
    assert loaded.of("disc", "twemoji") is None


@pytest.mark.parametrize("lost", ["stickers.json", "stickers.npy"])
def test_an_incomplete_bank(bank_folder: Path, lost: str) -> None:
    (bank_folder / lost).unlink()
    with pytest.raises(TrainingError, match="build it first"):
        StickerBank.load(bank_folder)


def test_packages_that_are_not_installed(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="lacks emoji-datasource"):
        build_bank(tmp_path, tmp_path / "bank", frozenset())
