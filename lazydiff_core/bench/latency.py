"""The paper's figure 5 on this machine: time of an edit by the size of its mask (section 4.2).

Candidates take turns, so that other load on the machine affects all of them, and medians are
reported. Every run is the next edit of a session: another place and prompt, on the canvas that the
previous run left. If a run would take hours, fewer steps are run and the rest is extrapolated.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from math import ceil, sqrt
from statistics import median
from typing import Any

import cv2
import numpy as np

from lazydiff_core.bench.candidates import Candidate
from lazydiff_core.contract import RGB, EditRequest, Mask, Scope
from lazydiff_core.engine.engine import Clock

RATIOS = (0.02, 0.05, 0.1, 0.25, 0.5, 1.0)
STEPS = (4, 20, 50)
PAPER_SPEEDUP = (0.1, 50, 10.0)  # mask, steps, times (section 4.2; 1024x1024 on an A100)

Say = Callable[[str], None]


@dataclass(frozen=True)
class LatencyRow:
    """Time of one backend for one mask and number of steps.

    tokens:       tokens that the backend computes at each step.
    seconds:      medians of each stage and of "total".
    extrapolated: calculated from a run of fewer steps, or of another mask if that cannot matter.
    runs:         number of timed runs.
    """

    backend: str
    model: str
    device: str
    canvas: int
    mask_ratio: float
    tokens: int
    steps: int
    seconds: dict[str, float]
    extrapolated: bool
    runs: int

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class LatencyPlan:
    """What to measure.

    canvas, grid: side of the canvas in pixels, and in tokens.
    rounds:       timed runs of each case; the very first run, which is slower, does not count.
    max_steps:    runs of more steps are extrapolated; None = none are.
    """

    canvas: int
    grid: int
    ratios: tuple[float, ...] = RATIOS
    steps: tuple[int, ...] = STEPS
    rounds: int = 3
    max_steps: int | None = None
    clock: Clock = time.perf_counter


@dataclass(frozen=True)
class _Case:
    candidate: Candidate
    ratio: float
    steps: int


@dataclass(frozen=True)
class _Run:
    seconds: dict[str, float]
    tokens: int
    device: str


def token_square(canvas: int, grid: int, ratio: float, turn: int = 0) -> Mask:
    """(canvas, canvas) bool: `ratio` of all tokens, as near to a square as possible.

    It covers whole tokens, because a mask costs as much as all the tokens it touches.
    turn: moves the square, so that two turns in a row lie in different places.
    """
    count = max(1, round(ratio * grid**2))
    width = min(grid, ceil(sqrt(count)))
    tokens = np.zeros((grid, grid), np.bool_)
    rows, rest = divmod(count, width)
    tokens[:rows, :width] = True
    tokens[rows : rows + 1, :rest] = True
    room = grid - rows - bool(rest), grid - width
    left, top = turn * 3 % (room[1] + 1), turn * 5 % (room[0] + 1)
    moved = np.roll(tokens, (top, left), (0, 1))
    size = canvas // grid
    return moved.repeat(size, 0).repeat(size, 1)


def inset(mask: Mask, token: int) -> Mask:
    """A mask of whole tokens, so far inside them that none beside them is computed (ADR 0003).

    token: its side in pixels of the canvas.
    """
    square = np.ones((2 * ((token - 1) // 2) + 1,) * 2, np.uint8)
    return np.asarray(cv2.erode(mask.view(np.uint8), square), np.uint8).view(np.bool_)


def some_canvas(side: int) -> RGB:
    """(side, side, 3) uint8: a canvas of soft colours."""
    coarse = np.random.default_rng(0).integers(30, 226, (9, 9, 3), np.uint8)
    return np.asarray(cv2.resize(coarse, (side, side), interpolation=cv2.INTER_CUBIC), np.uint8)


def measure_latency(
    candidates: Sequence[Candidate], plan: LatencyPlan, say: Say = print
) -> list[LatencyRow]:
    """Time the candidates; rows in the order backend, mask, steps."""
    session = _Session(plan)
    cases = list(_cases(candidates, plan))
    for candidate in candidates:
        if plan.max_steps == 1 and candidate.constant:
            continue  # minutes, of which hardly any are spent on starting
        say(f"{candidate.backend}: first run")
        session.run(_Case(candidate, plan.ratios[0], min(_steps_run(plan))))
    runs: dict[_Case, list[_Run]] = {case: [] for case in cases}
    for turn in range(plan.rounds):
        for case in cases:
            say(
                f"round {turn + 1}/{plan.rounds}: {case.candidate.backend}, "
                f"{case.ratio:.0%}, {case.steps} steps"
            )
            runs[case].append(session.run(case))
    measured = {case: _row(case, plan, taken) for case, taken in runs.items()}
    return [
        _answer(candidate, ratio, steps, measured)
        for candidate in candidates
        for ratio in plan.ratios
        for steps in plan.steps
    ]


def _steps_run(plan: LatencyPlan) -> tuple[int, ...]:
    if plan.max_steps is None:
        return plan.steps
    return tuple(sorted({min(steps, plan.max_steps) for steps in plan.steps}))


def _cases(candidates: Sequence[Candidate], plan: LatencyPlan) -> Iterator[_Case]:
    """The cases to run; candidates alternate, so that they meet the same conditions."""
    for steps in _steps_run(plan):
        for ratio in plan.ratios:
            for candidate in candidates:
                if plan.max_steps is None or not candidate.constant or ratio == _typical(plan):
                    yield _Case(candidate, ratio, steps)
                    if plan.max_steps is not None and candidate.full_steps is not None:
                        yield _Case(candidate, ratio, steps + 1)


def _typical(plan: LatencyPlan) -> float:
    return min(plan.ratios, key=lambda ratio: abs(ratio - 0.1))


class _Session:
    """Runs one edit after another; each candidate works on its own canvas."""

    def __init__(self, plan: LatencyPlan) -> None:
        self.plan = plan
        self.canvases: dict[str, RGB] = {}
        self.steps: dict[str, int] = {}
        self.turn = 0

    def run(self, case: _Case) -> _Run:
        engine, backend = case.candidate.start(self.plan.clock), case.candidate.backend
        image = self.canvases.get(backend)
        image = some_canvas(self.plan.canvas) if image is None else image
        request = self._request(case, image)
        if backend == "cached_dit":
            # The app fills the bank while the artist types, for the steps of the last run.
            if self.steps.get(backend) != case.steps:
                engine.run(request)
                self.steps[backend] = case.steps
                request = self._request(case, image)
            engine.prepare(request.image, request.mask, request.settings.scope)
        result = engine.run(request)
        self.canvases[backend] = result.image
        return _Run(result.seconds, result.tokens.hole, result.device)

    def _request(self, case: _Case, image: RGB) -> EditRequest:
        """The next edit: another place, prompt and seed.

        The window is the whole canvas, so that the mask keeps its share of the tokens: by default,
        small holes are magnified (ADR 0002). regenerate_crop's window is always tight.
        """
        self.turn += 1
        canvas, grid = self.plan.canvas, self.plan.grid
        mask = inset(token_square(canvas, grid, case.ratio, self.turn), canvas // grid)
        prompt = f"a red mushroom and {self.turn} leaves"
        scope: Scope = "auto" if case.candidate.backend == "regenerate_crop" else "whole"
        seed, steps = self.turn, case.steps
        return EditRequest(image, mask, prompt=prompt, seed=seed, steps=steps, scope=scope)


def _row(case: _Case, plan: LatencyPlan, runs: list[_Run]) -> LatencyRow:
    seconds = {
        stage: median(run.seconds.get(stage, 0.0) for run in runs) for stage in runs[0].seconds
    }
    return LatencyRow(
        case.candidate.backend, case.candidate.model, runs[0].device, plan.canvas, case.ratio,
        runs[0].tokens, case.steps, seconds, False, len(runs),
    )  # fmt: skip


def _answer(
    candidate: Candidate, ratio: float, steps: int, measured: dict[_Case, LatencyRow]
) -> LatencyRow:
    """The measured row, or one extrapolated from measured rows."""
    own = {
        (case.ratio, case.steps): row
        for case, row in measured.items()
        if case.candidate is candidate
    }
    if (ratio, steps) in own:
        return own[ratio, steps]
    near = min(own, key=lambda key: (abs(key[0] - ratio), -key[1]))[0]
    counts = sorted(count for other, count in own if other == near)
    row = own[near, counts[0]]
    denoise = row.seconds["denoise"]
    if candidate.full_steps is not None and len(counts) > 1:
        more = own[near, counts[1]].seconds["denoise"] - denoise
        full = candidate.full_steps(steps)
        needed = full * denoise / counts[0] + (steps - full) * more
    else:
        needed = denoise * steps / counts[0]
    seconds = row.seconds | {"denoise": needed}
    seconds["total"] += needed - denoise
    return replace(row, mask_ratio=ratio, steps=steps, seconds=seconds, extrapolated=True)


def speedups(
    rows: Sequence[LatencyRow], over: str, *, ahead: bool = False
) -> dict[tuple[str, float, int], float]:
    """(backend, mask ratio, steps) -> how many times faster than `over` in the same session.

    ahead: do not count the context, which the app computes while the artist types.
    """
    base = {(r.mask_ratio, r.steps): _waited(r, ahead) for r in rows if r.backend == over}
    return {
        (r.backend, r.mask_ratio, r.steps): base[r.mask_ratio, r.steps] / _waited(r, ahead)
        for r in rows
        if (r.mask_ratio, r.steps) in base
    }


def _waited(row: LatencyRow, ahead: bool) -> float:
    return row.seconds["total"] - (row.seconds.get("context", 0.0) if ahead else 0.0)
