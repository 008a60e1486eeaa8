from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from lazydiff_core.engine.engine import Engine
from lazydiff_core.errors import InputError
from lazydiff_core.evaluation.paper_fills import paper_fills
from lazydiff_core.generation_settings import GenerationSettings
from lazydiff_core.training.webshards import WebShards, find_shards, open_shards, write_shard
from tests.lazydiff_core.training.drawn import CAPTIONS, drawn_sample

HOW = GenerationSettings(steps=1, seed=4)


@pytest.fixture(scope="module")
def shards(tmp_path_factory: pytest.TempPathFactory) -> WebShards:
    folder = tmp_path_factory.mktemp("shards")
    samples = ((f"more/{k}", drawn_sample(k)) for k in range(8))
    write_shard(folder / "a.tar", samples)
    return open_shards(find_shards([folder]))


def test_samples_are_filled_and_the_rest_stays(shards: WebShards, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    given = (Engine.load("fake"), shards, tmp_path, 5, HOW)
    assert paper_fills(*given, lambda *news: told.append(news)) == 5
    assert told == [(k, 5) for k in range(1, 6)]
    names = sorted(path.stem for path in (tmp_path / "fills").glob("*.png"))
    assert len(names) == 5
    for name in names:
        files = drawn_sample(int(name.removeprefix("more-")))
        real, filled = (
            np.asarray(Image.open(tmp_path / folder / f"{name}.png"))
            for folder in ("images", "fills")
        )
        (tmp_path / "mask.png").write_bytes(files["mask.png"])
        hole = np.asarray(Image.open(tmp_path / "mask.png")) > 127
        assert (filled[hole] != real[hole]).any()
        assert np.array_equal(filled[~hole], real[~hole])
        assert (tmp_path / "fills" / f"{name}.txt").read_text() in CAPTIONS


def test_it_goes_on_where_it_stopped(shards: WebShards, tmp_path: Path) -> None:
    engine = Engine.load("fake")
    paper_fills(engine, shards, tmp_path / "whole", 6, HOW)

    def stop(done: int, of: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        paper_fills(engine, shards, tmp_path / "broken", 6, HOW, stop)
    assert paper_fills(engine, shards, tmp_path / "broken", 6, HOW) == 3
    for path in (tmp_path / "whole").rglob("*.*"):
        other = tmp_path / "broken" / path.relative_to(tmp_path / "whole")
        assert other.read_bytes() == path.read_bytes()
    assert paper_fills(engine, shards, tmp_path / "all", 10_000, HOW) == 8


def test_encoded_shards_have_no_pictures(tmp_path: Path) -> None:
    write_shard(tmp_path / "a.tar", [("x", {"safetensors": b"", "mask.png": b"", "txt": b""})])
    shards = open_shards([tmp_path / "a.tar"])
    with pytest.raises(InputError, match="These shards were encoded"):
        paper_fills(Engine.load("fake"), shards, tmp_path / "out", 1, HOW)
