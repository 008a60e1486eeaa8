"""Timing whole edits: what is run, what is calculated, and how it is written down."""

from __future__ import annotations

import csv
import dataclasses
import io
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch

from lazydiff_core.bench.candidates import CANDIDATES, RANDOM, Candidate, SharedParts, candidates
from lazydiff_core.bench.latency import (
    LatencyPlan,
    LatencyRow,
    measure_latency,
    some_canvas,
    speedups,
    token_square,
)
from lazydiff_core.bench.latency_report import csv_of, files_of, findings, text_of
from lazydiff_core.contract import EditRequest
from lazydiff_core.errors import InputError

if TYPE_CHECKING:
    from lazydiff_core.model.checkpoint.checkpoint import Checkpoint
    from lazydiff_core.model.text.text_encoder import TextEncoder

# diffusers' DPM-Solver hands a tensor to numpy's constructor
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


def quiet(news: str) -> None: ...


@pytest.fixture(scope="module")
def shared(tiny_checkpoint: Checkpoint, word_states: TextEncoder) -> SharedParts:
    lazy = tiny_checkpoint.lazy
    return SharedParts(
        lazy.config,
        tiny_checkpoint.autoencoder,
        word_states,
        lazy,
        "tiny",
        torch.device("cpu"),
    )


@pytest.mark.parametrize("ratio", [0.001, 0.02, 0.1, 0.25, 0.5, 1.0])
@pytest.mark.parametrize("turn", [0, 1, 7])
def test_a_mask_of_whole_tokens(ratio: float, turn: int) -> None:
    mask = token_square(64, 16, ratio, turn)
    tokens = mask.reshape(16, 4, 16, 4)
    assert (tokens.any((1, 3)) == tokens.all((1, 3))).all()
    assert tokens.any((1, 3)).sum() == max(1, round(ratio * 256))
    rows, columns = np.nonzero(mask)
    assert abs(np.ptp(rows) - np.ptp(columns)) <= 4
    if ratio < 0.5:
        assert not np.array_equal(mask, token_square(64, 16, ratio, turn + 1))


def test_every_contender_paints(
    shared: SharedParts, make_request: Callable[..., EditRequest]
) -> None:
    for candidate in candidates(list(CANDIDATES), shared):
        request = make_request((64, 64), (11, 11, 21, 29), steps=2)
        result = candidate.start(time.perf_counter).run(request)
        assert result.backend == candidate.backend
        assert np.isfinite(result.image).all()
        assert result.tokens.hole == (result.tokens.canvas if candidate.constant else 6) or (
            "dit" in candidate.backend and result.tokens.hole < result.tokens.canvas
        )
        assert candidate.model == ("tiny" if candidate.backend == "lazydiffusion" else RANDOM)


def test_baselines_use_the_same_weights_not_twice_the_memory(shared: SharedParts) -> None:
    (image,) = candidates(["regenerate_image"], shared)
    decoder = image.start(time.perf_counter)._backend.checkpoint.lazy.decoder  # type: ignore[attr-defined]
    for name, p in shared.lazy.decoder.named_parameters():
        assert decoder.get_parameter(name).data_ptr() == p.data_ptr()


def test_a_backend_that_is_not_in_the_race(shared: SharedParts) -> None:
    with pytest.raises(InputError, match="choose from lazydiffusion"):
        candidates(["fake"], shared)


def test_all_that_was_asked_for_is_measured(shared: SharedParts) -> None:
    candidates_in_turn = candidates(["lazydiffusion", "regenerate_image"], shared)
    rows = measure_latency(
        candidates_in_turn, LatencyPlan(64, 8, (0.1, 1.0), (1, 2), rounds=2), quiet
    )
    asked = [
        (b, r, s) for b in ("lazydiffusion", "regenerate_image") for r in (0.1, 1.0) for s in (1, 2)
    ]
    assert [(row.backend, row.mask_ratio, row.steps) for row in rows] == asked
    for row in rows:
        assert (row.runs, row.extrapolated, row.canvas, row.device) == (2, False, 64, "cpu")
        assert {"text", "context", "denoise", "decode", "blend", "total"} <= set(row.seconds)
        assert all(seconds >= 0 for seconds in row.seconds.values())
        assert row.tokens == (
            64 if row.backend == "regenerate_image" else round(64 * row.mask_ratio)
        )


def test_by_another_clock(shared: SharedParts) -> None:
    ticks = iter(range(1000))
    (lazy,) = candidates(["lazydiffusion"], shared)
    plan = LatencyPlan(64, 8, (0.1,), (1,), rounds=1, clock=lambda: float(next(ticks)))
    (row,) = measure_latency([lazy], plan, quiet)
    assert all(row.seconds[stage] == 1.0 for stage in ("text", "context", "denoise", "decode"))


class _Timed:
    """An engine whose steps take one second each, and whose full ones take ten."""

    def __init__(self, candidate: Candidate, full: Callable[[int], int] | None) -> None:
        self.engine, self.full, self.steps = candidate.start(time.perf_counter), full, []

    def run(self, request: EditRequest) -> object:
        steps = request.settings.steps or 1
        self.steps.append(steps)
        full = self.full(steps) if self.full else 0
        denoise = float(10 * full + (steps - full))
        result = self.engine.run(dataclasses.replace(request, steps=1))
        return dataclasses.replace(
            result, seconds={"denoise": denoise, "decode": 3.0, "total": denoise + 3}
        )


@pytest.mark.parametrize("full", [None, lambda steps: -(-steps // 5)], ids=["alike", "refreshed"])
def test_the_rest_is_calculated_from_a_few_steps(
    shared: SharedParts, full: Callable[[int], int] | None
) -> None:
    (lazy,) = candidates(["lazydiffusion"], shared)
    timed = _Timed(lazy, full)
    candidates_in_turn = [dataclasses.replace(lazy, start=lambda clock: timed, full_steps=full)]
    plan = LatencyPlan(64, 8, (0.1, 0.5), (4, 20), rounds=1, max_steps=1)
    rows = measure_latency(candidates_in_turn, plan, quiet)
    assert max(timed.steps) == (1 if full is None else 2)
    for row in rows:
        expected = row.steps if full is None else 9 * full(row.steps) + row.steps
        assert row.extrapolated
        assert row.seconds["denoise"] == pytest.approx(expected)
        assert row.seconds["total"] == pytest.approx(expected + 3)


def test_what_the_mask_cannot_change_is_measured_once(shared: SharedParts) -> None:
    (image,) = candidates(["regenerate_image"], shared)
    timed = _Timed(image, None)
    plan = LatencyPlan(64, 8, (0.02, 0.1, 0.5), (4,), rounds=1, max_steps=1)
    rows = measure_latency([dataclasses.replace(image, start=lambda clock: timed)], plan, quiet)
    assert timed.steps == [1]
    assert [row.seconds["denoise"] for row in rows] == [4.0] * 3
    assert all(row.extrapolated for row in rows)


# --- reports -------------------------------------------------------------------------------------


def some_rows() -> list[LatencyRow]:
    def row(backend: str, ratio: float, total: float, extrapolated: bool = False) -> LatencyRow:
        seconds = {"context": 0.1, "denoise": total - 0.1, "total": total}
        return LatencyRow(backend, "m", "cpu", 512, ratio, 26, 50, seconds, extrapolated, 3)

    return [
        row("lazydiffusion", 0.1, 0.5),
        row("lazydiffusion", 0.5, 2.0),
        row("regenerate_image", 0.1, 6.0, extrapolated=True),
        row("regenerate_image", 0.5, 6.0),
    ]


def test_speedups() -> None:
    assert speedups(some_rows(), "regenerate_image") == {
        ("lazydiffusion", 0.1, 50): 12.0,
        ("lazydiffusion", 0.5, 50): 3.0,
        ("regenerate_image", 0.1, 50): 1.0,
        ("regenerate_image", 0.5, 50): 1.0,
    }
    assert speedups(some_rows(), "absent") == {}
    ahead = speedups(some_rows(), "regenerate_image", ahead=True)
    assert ahead["lazydiffusion", 0.1, 50] == pytest.approx(5.9 / 0.4)


def test_csv() -> None:
    lines = list(csv.DictReader(io.StringIO(csv_of(some_rows()))))
    assert len(lines) == 4
    assert lines[2]["extrapolated"] == "True"
    assert (float(lines[0]["total"]), float(lines[0]["denoise"])) == (0.5, 0.4)


def test_text_marks_what_was_calculated() -> None:
    lines = text_of(some_rows()).splitlines()[:4]
    assert "12.0 x regenerate_image's speed" in lines[0]
    assert ["~" in line for line in lines] == [False, False, True, False]


def test_findings() -> None:
    rows = some_rows()
    slow, fast = (
        dataclasses.replace(
            row, backend="regenerate_crop", seconds=row.seconds | {"total": 1.0}, mask_ratio=ratio
        )
        for row, ratio in zip(rows, (0.5, 0.1), strict=False)
    )
    assert findings([*rows, slow, fast]) == [
        "50 steps, 10% mask: lazydiffusion is 12.0 times as fast as regenerate_image, 14.8 times "
        "with the context ahead.",
        "50 steps: faster than regenerate_crop at masks of 10%.",
    ]
    assert findings(rows[2:]) == []


def test_pictures_and_page(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    files = files_of(some_rows(), tmp_path, "A machine & more.")
    assert sorted(path.name for path in files) == ["latency.csv", "latency.html", "latency.png"]
    assert files[tmp_path / "latency.png"].startswith(b"\x89PNG")
    page = files[tmp_path / "latency.html"].decode()
    assert "A machine &amp; more." in page
    assert "~6.000" in page
    assert "12.0 times as fast as regenerate_image" in page
    assert "13.4x" in page  # the paper's numbers stand beside ours


def test_some_canvas() -> None:
    canvas = some_canvas(96)
    assert canvas.shape == (96, 96, 3)
    assert canvas.std() > 20


def test_a_bank_is_made_ahead_for_the_steps_that_are_timed(shared: SharedParts) -> None:
    (cached,) = candidates(["cached_dit"], shared)
    rows = measure_latency([cached], LatencyPlan(64, 8, (0.1,), (2, 4), rounds=1), quiet)
    assert [row.steps for row in rows] == [2, 4]
    assert all(0 < row.tokens < 64 for row in rows)
