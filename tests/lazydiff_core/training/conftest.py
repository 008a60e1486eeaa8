"""A bank of drawn shapes, so that training is tested without any download."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
import torch

from lazydiff_core.model.autoencoders.bundled_autoencoder import Autoencoder
from lazydiff_core.model.checkpoint.checkpoint import Checkpoint, Defaults
from lazydiff_core.model.files.config import LazyConfig
from lazydiff_core.model.network.lazy_model import LazyDiffusion
from lazydiff_core.model.references.lexicon import Lexicon
from lazydiff_core.model.text.text_encoder import TextEncoder
from lazydiff_core.training.batches import BatchMaker
from lazydiff_core.training.lexicon_builder import build_lexicon
from lazydiff_core.training.scenes import SceneRecipe, Subject
from lazydiff_core.training.shards import render_shard
from lazydiff_core.training.stickers import Sticker, StickerBank
from tests.lazydiff_core.tiny import Clock, polygon
from tests.lazydiff_core.training.drawn import write_drawn_shards
from tests.lazydiff_core.training.driving import stop_at


@pytest.fixture(autouse=True)
def _plain_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Which format is fastest here is measured, and so changes from run to run."""
    for module in ("shards", "learners.autoencoder", "learners.scenes"):
        path = f"lazydiff_core.training.{module}.fast_dtype"
        monkeypatch.setattr(path, lambda device: torch.float32)


@pytest.fixture(scope="session")
def bank() -> StickerBank:
    """A red disc in two styles, a green triangle and a blue square in one."""
    stickers = (
        Sticker("disc", "25cf", "fluent-3d", "disc"),
        Sticker("disc", "25cf", "noto", "disc"),
        Sticker("triangle", "25b2", "noto", "triangle"),
        Sticker("square", "25a0", "twemoji", "square"),
    )
    shapes = [
        polygon((220, 30, 30), 60),
        polygon((200, 60, 90), 40),
        polygon((30, 180, 60), 3),
        polygon((30, 60, 220), 4),
    ]
    return StickerBank(stickers, np.stack(shapes))


@pytest.fixture(scope="session")
def vocabulary() -> tuple[Subject, ...]:
    return (Subject(0, ("red disc",)), Subject(2, ("triangle",)), Subject(3, ("square",)))


@pytest.fixture
def bank_folder(bank: StickerBank, tmp_path: Path) -> Path:
    folder = tmp_path / "bank"
    folder.mkdir()
    np.save(folder / "stickers.npy", bank.pixels)
    listed = [asdict(sticker) for sticker in bank.stickers]
    (folder / "stickers.json").write_text(json.dumps(listed))
    return folder


SURFACES = {"grass": ("grass", "green grass"), "plain_red": ("red background",)}


@pytest.fixture(scope="session")
def surfaces() -> dict[str, tuple[str, ...]]:
    """Some surfaces and their prompts."""
    return SURFACES


@pytest.fixture(scope="session")
def lexicon(bank: StickerBank, tiny_autoencoder: Autoencoder) -> Lexicon:
    """What the bank's shapes look like."""
    things = {"disc": ("red disc", "disc"), "triangle": ("triangle",), "square": ("square",)}
    return build_lexicon(bank, things, SURFACES, tiny_autoencoder, 64)


@pytest.fixture(scope="session")
def shards(
    bank: StickerBank,
    vocabulary: tuple[Subject, ...],
    tiny_autoencoder: Autoencoder,
    lexicon: Lexicon,
    tiny_config: LazyConfig,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """24 scenes of 64 pixels, encoded."""
    folder = tmp_path_factory.mktemp("shards")
    for first in (0, 16):
        path, seeds = folder / f"shard-{first:07d}.tar", range(first, min(first + 16, 24))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("lazydiff_core.training.shards.fast_dtype", lambda device: torch.float32)
            made = (bank, vocabulary, tiny_autoencoder, lexicon)
            render_shard(*made, seeds, path, tiny_config, SceneRecipe(side=64))
    return folder


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def web_shards(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """12 samples in 3 shards."""
    folder = tmp_path_factory.mktemp("web")
    write_drawn_shards(folder)
    return folder


@pytest.fixture
def make_maker(
    make_lazy: Callable[..., LazyDiffusion], tiny_autoencoder: Autoencoder, word_states: TextEncoder
) -> Callable[..., BatchMaker]:
    """A batch maker and, in it, a random tiny model of this config."""

    def make(**changes: object) -> BatchMaker:
        lazy = make_lazy(**changes)
        checkpoint = Checkpoint("tiny", lazy, tiny_autoencoder, Defaults(), ("cat", "dog"))
        maker = BatchMaker(checkpoint, torch.device("cpu"), torch.float32)
        maker.text = word_states
        return maker

    return make


@pytest.fixture
def stops_at(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Stops the next run before its step of this number."""
    return lambda count: stop_at(monkeypatch, count)
