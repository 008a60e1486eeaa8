from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.engine.estimate.cost_model import (
    MODELS_KEPT,
    RUNS_KEPT,
    Curve,
    Ledger,
    Line,
    Run,
    variants_for,
)
from lazydiff_core.contract import Tokens
from tests.app.doubles import INFO

NUMBERS = st.floats(-1000, 1000)


def run(tokens: int, variants: int = 1, memory: int = 0) -> Run:
    """On a machine whose step takes 10 ms and 0.1 ms a token, and so on."""
    work = tokens * variants
    finish = variants * (0.02 + 0.0002 * tokens)
    return Run(tokens, variants, 5, 0.3, 5 * (0.01 + 1e-4 * work), finish, memory)


def test_a_line_through_points_that_lie_on_it() -> None:
    line = Line.through((x, 3 + 0.5 * x) for x in (1.0, 4.0, 4.0, 9.0))
    assert line is not None
    assert (line.base, line.slope) == pytest.approx((3, 0.5))


def test_a_hiccup_does_not_bend_the_line() -> None:
    points = [(float(x), 2.0 * x) for x in range(1, 10)]
    points[4] = (5.0, 900.0)
    line = Line.through(points)
    assert line is not None
    assert line.at(20) == pytest.approx(40)


@given(st.lists(st.tuples(NUMBERS, NUMBERS), max_size=12))
@example([(0.0, 0.0), (2.225073858507203e-309, 1.0)])
@example([(0.0, 0.0), (5e-324, 1.0), (5e-324, -1.0), (1000.0, 0.0)])
def test_nothing_ever_costs_less_than_nothing(points: list[tuple[float, float]]) -> None:
    line = Line.through(points)
    if line is None:
        assert len({x for x, _ in points}) < 2
    else:
        assert line.at(0) >= 0
        assert line.at(1000) >= line.at(1)


def test_the_price_of_what_was_never_run() -> None:
    curve = Curve.of([run(4), run(64), run(256, 2)])
    assert curve is not None
    price = curve.price(100, 3, 20, context_ready=False)
    assert price.seconds == pytest.approx(20 * (0.01 + 0.03) + 3 * (0.02 + 0.02) + 0.3)
    ready = curve.price(100, 3, 20, context_ready=True)
    assert price.seconds - ready.seconds == pytest.approx(0.3)
    assert price.memory == 0


def test_memory_is_known_from_the_runs_that_counted_and_seconds_from_the_others() -> None:
    slow = [replace(run(n), memory=1000 * n, denoise=99.0) for n in (4, 64)]
    curve = Curve.of([run(4), run(64), *slow])
    assert curve is not None
    price = curve.price(10, 2, 5, context_ready=True)
    assert price.memory == 20_000
    assert price.seconds < 1


def slower(made: Run, times: float) -> Run:
    return replace(
        made,
        context=made.context * times,
        denoise=made.denoise * times,
        finish=made.finish * times,
    )


@pytest.mark.parametrize("times", [6.0, 1 / 6])
def test_the_price_follows_a_change_of_load_within_two_fills(times: float) -> None:
    usual = [run(tokens) for tokens in (4, 16, 64, 100, 144) * 4]
    curve = Curve.of(usual)
    assert curve is not None
    price = curve.price(81, 1, 8, context_ready=True).seconds
    changed = Curve.of([*usual, slower(run(50), times), slower(run(90), times)])
    assert changed is not None
    now = changed.price(81, 1, 8, context_ready=True).seconds
    assert now == pytest.approx(price * times, rel=0.15)


def test_one_hiccup_is_no_change_of_load() -> None:
    usual = [run(tokens) for tokens in (4, 16, 64, 100, 144) * 4]
    for hiccup in ([slower(run(50), 6.0)], [slower(run(50), 6.0), run(50)]):
        curve = Curve.of([*usual, *hiccup])
        assert curve is not None
        assert curve.load == 1.0


@pytest.mark.parametrize("runs", [[], [run(9)], [run(9), run(9)]])
def test_no_price_before_runs_of_different_sizes(runs: list[Run]) -> None:
    assert Curve.of(runs) is None


def test_a_ledger_is_read_as_it_was_written() -> None:
    ledger = Ledger()
    other = replace(INFO, device="cuda")
    for tokens in (4, 9):
        ledger.add(INFO, run(tokens))
    counted = replace(run(16, memory=5), finish=0.5)
    ledger.add(other, counted)
    again = Ledger(ledger.written())
    assert again.runs(INFO) == (run(4), run(9))
    assert again.runs(other) == (counted,)
    assert again.runs(replace(INFO, model="unknown")) == ()


def test_old_runs_and_models_are_forgotten_but_not_counted_memory() -> None:
    ledger = Ledger()
    ledger.add(INFO, run(4, memory=7))
    for tokens in range(1, 3 * RUNS_KEPT):
        ledger.add(INFO, run(tokens))
    kept = ledger.runs(INFO)
    assert [found.tokens for found in kept[1:]] == list(range(2 * RUNS_KEPT, 3 * RUNS_KEPT))
    assert kept[0].memory == 7
    for number in range(MODELS_KEPT):
        ledger.add(replace(INFO, model=str(number)), run(4))
    assert ledger.runs(INFO) == ()
    assert len(ledger.written()) == MODELS_KEPT


@pytest.mark.parametrize(
    "line",
    [
        "",
        "nonsense",
        "[]",
        "7",
        '["a", 3]',
        '["a", [[1, 2]]]',
        '["a", [[1, 1, 0, 1, 1, 1, 1]]]',
        '["a", [[1, 1, 1, NaN, 1, 1, 1]]]',
        '["a", [[1, 1, 1, -1, 1, 1, 1]]]',
        '["a", [["x", 1, 1, 1, 1, 1, 1]]]',
        "[3, [[1, 1, 1, 1, 1, 1, 1]]]",
        "[" * 100_000,
    ],
)
def test_garbage_in_the_settings_is_left_out(line: str) -> None:
    assert Ledger([line]).written() == ()


@pytest.mark.parametrize(
    ("hole", "variants"), [(1, 8), (32, 8), (60, 4), (128, 2), (256, 1), (1024, 1), (0, 1)]
)
def test_a_small_mask_gets_many_variants_and_a_large_one_few(hole: int, variants: int) -> None:
    assert variants_for(Tokens(1024, hole), 8) == variants
