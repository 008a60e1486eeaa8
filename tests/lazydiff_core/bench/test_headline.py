"""What is counted of each way to fill a hole, and what the rows say of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from math import isclose

import pytest
import torch

from lazydiff_core.backends.cached_dit.cache_settings import CacheSettings
from lazydiff_core.bench import headline_run
from lazydiff_core.bench.headline import (
    RATIOS,
    HeadlineRow,
    Plan,
    headline_rows,
    window_of,
)
from lazydiff_core.bench.headline_report import findings, headline_plot, headline_text, times_less
from lazydiff_core.bench.headline_run import check_room, timed
from lazydiff_core.bench.headline_stages import (
    Context,
    Decode,
    Encode,
    Piece,
    PublicStages,
    Read,
    Run,
    Step,
)
from lazydiff_core.bench.latent_cost import middle_square
from lazydiff_core.bench.memory import without_data
from lazydiff_core.bench.public_models import PUBLIC_MODELS
from lazydiff_core.bench.work import work_of
from lazydiff_core.contract import Computed
from lazydiff_core.errors import OutOfMemoryError


class Pieces:
    """Costs of pieces that can be reckoned by hand: a token costs 1 and a pixel nothing."""

    def __init__(self) -> None:
        self.made: list[Piece] = []

    def run(self, piece: Piece) -> Run:
        self.made.append(piece)
        costs = {Read: 100.0, Encode: 10.0, Decode: 5.0, Context: 7.0}
        cost = costs.get(type(piece), 0.0)
        if isinstance(piece, Step):
            cost = float(piece.tokens + piece.text)
        if isinstance(piece, Decode) and piece.part is not None:
            cost = 1.0
        return lambda: cost


def reckoned(run: Callable[[], object], times: int) -> dict[str, float]:
    cost = run()
    assert isinstance(cost, float)
    return {"flops": cost * times, "bytes": 2 * cost * times}


def rows_of(plan: Plan, paper: bool = True) -> list[HeadlineRow]:
    return headline_rows(plan, Pieces(), reckoned, Pieces() if paper else None)


@pytest.fixture(scope="module")
def both() -> list[HeadlineRow]:
    """Rows of both canvases and of all masks."""
    return rows_of(Plan("klein4b", 4, 512))


PLAN = Plan("klein4b", 4, 512, canvases=(1024,), ratios=(0.1,))


def of(rows: list[HeadlineRow], label: str, canvas: int = 1024) -> HeadlineRow:
    return next(row for row in rows if (row.label, row.canvas) == (label, canvas))


def test_ways_of_a_model_that_sees_padding() -> None:
    rows = rows_of(PLAN)
    assert [row.label for row in rows] == [
        "whole_canvas", "crop_and_stitch", "crop_and_stitch_enlarged",
        "whole_canvas_and_reference", "refresh", "bank", "reference", "refresh, padding kept",
        "bank, padding kept", "reference, padding kept",
        "lazydiffusion",
    ]  # fmt: skip
    whole, crop = rows[0].amounts["flops"], rows[1]
    assert whole["next_variant"] == 4 * (4096 + 512) + 5
    assert whole["first_image"] == 100 + 10 + whole["next_variant"]
    assert rows[3].amounts["flops"]["next_variant"] == 4 * (2 * 4096 + 512) + 5
    # 324 pixels, 64 on each side, in whole tokens.
    assert crop.tokens == 29**2


def test_ways_of_a_model_that_sees_none() -> None:
    labels = [row.label for row in rows_of(Plan("z", 8, None, canvases=(1024,), ratios=(0.1,)))]
    assert labels == [
        "whole_canvas", "crop_and_stitch", "crop_and_stitch_enlarged", "refresh", "bank",
        "lazydiffusion",
    ]  # fmt: skip


def test_what_lazy_ways_compute() -> None:
    rows = rows_of(PLAN)
    tokens = int(window_of(1024, middle_square(1024, 0.1), CacheSettings().computed())[0].sum())
    bank, kept, reference, refresh = (
        of(rows, label) for label in ("bank", "bank, padding kept", "reference", "refresh")
    )
    assert bank.tokens == kept.tokens == tokens
    assert bank.amounts["flops"]["denoise"] == 4 * (tokens + 512)
    assert kept.amounts["flops"]["denoise"] == 4 * (tokens + 32)
    assert bank.amounts["flops"]["context"] == 4 * (4096 - tokens + 512)
    assert reference.amounts["flops"]["context"] == 4096 - tokens
    assert refresh.amounts["flops"]["context"] == 0
    assert refresh.amounts["flops"]["denoise"] == 4096 + 512 + 3 * (tokens + 512)
    for row in (bank, kept, reference, refresh):
        flops = row.amounts["flops"]
        assert flops["next_variant"] == flops["denoise"] + 1
        assert flops["first_image"] == 100 + 10 + flops["context"] + flops["denoise"] + 5


def test_a_larger_canvas_has_the_same_holes_too(both: list[HeadlineRow]) -> None:
    rows = both
    large = sorted({row.mask_ratio for row in rows if row.canvas == 2048})
    assert large == sorted({*RATIOS, *(ratio / 4 for ratio in RATIOS)})
    same = [row for row in rows if row.canvas == 2048 and isclose(row.mask_ratio, 0.025)]
    assert of(same, "bank", 2048).amounts == next(
        row.amounts for row in rows if (row.label, row.mask_ratio) == ("bank", 0.1)
    )


def test_pieces_are_measured_once() -> None:
    pieces = Pieces()
    headline_rows(PLAN, pieces, reckoned)
    steps = [piece for piece in pieces.made if piece == Step(1024, 4096, 512)]
    assert len(steps) == 2  # four steps of the whole canvas, and the one of a refresh


def test_the_window_is_the_engines() -> None:
    hole = middle_square(2048, 0.1)  # 648 pixels
    assert window_of(2048, hole, Computed())[0].sum() == 42**2
    assert window_of(2048, hole, Computed(rim=1))[0].sum() == 44**2
    small = middle_square(1024, 0.1)  # pixels 350 to 674
    assert window_of(1024, small, Computed())[1] == small.grow(4), "what the blender looks at"
    # Too small to be left so: it is enlarged.
    assert window_of(1024, middle_square(1024, 0.02), Computed())[0].sum() > 10**2


def test_what_is_said(both: list[HeadlineRow]) -> None:
    rows = both
    less = times_less(rows, "next_variant")
    assert less[0] == 1
    text = headline_text(rows)
    assert len(text.splitlines()) == len(rows) + 2 + 1 + len(findings(rows))
    first, second = findings(rows)
    kept = next(
        x for row, x in zip(rows, less, strict=True)
        if (row.label, row.mask_ratio) == ("bank, padding kept", 0.1)
    )  # fmt: skip
    assert f"{kept:.1f} times less than whole_canvas" in first
    assert second == "The same hole in 2048^2 takes 1.00 of that."
    assert json.loads(json.dumps(rows[0].to_dict()))["flops"]["text"] == 100
    assert findings(rows_of(Plan("z", 8, None, ratios=(0.05,)))) == []


def test_the_plot(both: list[HeadlineRow]) -> None:
    pytest.importorskip("matplotlib")
    assert headline_plot(both).startswith(b"\x89PNG")


@pytest.mark.parametrize("name", PUBLIC_MODELS)
def test_pieces_of_the_real_networks(name: str) -> None:
    """Of each network one block: what is computed grows with the tokens, and keys cost little."""
    with without_data():
        stages = PublicStages(PUBLIC_MODELS[name](1))

        def flops(piece: Piece) -> float:
            return work_of(stages.run(piece)).flops

        whole = flops(Step(1024, 4096, 32))
        hole = flops(Step(1024, 400, 32, kept=3696))
        assert 0.08 * whole < hole < 0.12 * whole
        assert flops(Step(2048, 16384, 32)) > 4 * whole
        assert flops(Decode(1024)) > 9e12
        assert flops(Encode(1024)) < 5e12
        assert flops(Read()) > 1e9
        with pytest.raises(ValueError, match="Context"):
            stages.run(Context(3))


def test_timed() -> None:
    ticks = iter(range(100))
    ran: list[int] = []
    measure = timed(lambda: float(next(ticks)), torch.device("cpu"), 3)
    assert measure(lambda: ran.append(1), 4) == {"seconds": 1.0}
    assert len(ran) == 3 * 4


def test_no_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(headline_run, "free_bytes", lambda device: 10**9)
    with pytest.raises(OutOfMemoryError, match=r"klein4b .* needs .* --count"):
        check_room("klein4b", torch.device("cpu"), 1)
