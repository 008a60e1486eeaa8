"""The cost model: predicts the cost of a fill from earlier runs on this machine. Qt-free."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, fields, replace
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from lazydiff_core.contract import EditResult, EngineInfo, Tokens
from lazydiff_core.generation_settings import LIMITS

RUNS_KEPT = 24  # per model and device, so that an old driver or a busy hour is forgotten
MODELS_KEPT = 8
_BUDGET = 4  # the token budget for variants is the window's tokens divided by this

Numbers: TypeAlias = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Run:
    """The measured cost of one run. Times in seconds; a stage that did not run is 0.

    memory: peak bytes of tensors; 0 = not measured.
    """

    tokens: int
    variants: int
    steps: int
    context: float
    denoise: float
    finish: float
    memory: int = 0

    @classmethod
    def of(cls, result: EditResult) -> Run:
        spent = result.seconds
        return cls(
            tokens=result.tokens.hole,
            variants=len(result.seeds),
            steps=result.steps,
            context=0.0 if result.context_reused else spent.get("context", 0.0),
            denoise=spent.get("denoise", 0.0),
            finish=spent.get("text", 0.0) + spent.get("decode", 0.0) + spent.get("blend", 0.0),
            memory=result.peak_bytes,
        )


@dataclass(frozen=True)
class Price:
    """Predicted seconds until the result, and peak bytes of memory; 0 bytes = unknown."""

    seconds: float
    memory: int


_NOISE = 0.25  # share of a run's time: smaller differences tell nothing of the machine
_STEEPEST = 1e100  # small enough that sums and products do not overflow


@dataclass(frozen=True)
class Line:
    """base + slope * x, neither of them negative."""

    base: float
    slope: float

    @classmethod
    def through(cls, points: Iterable[tuple[float, float]]) -> Line | None:
        """The Theil-Sen line: the median slope over all pairs, which ignores outliers.

        None if the points do not differ in x.
        """
        x, y = np.array(list(points), np.float64).reshape(-1, 2).T
        first, second = np.triu_indices(x.size, 1)
        apart = x[first] != x[second]
        if not apart.any():
            return None
        with np.errstate(over="ignore"):  # points very close in x
            slopes = (y[first] - y[second])[apart] / (x[first] - x[second])[apart]
        slopes = np.clip(slopes, -_STEEPEST, _STEEPEST)
        slope = max(float(np.median(slopes)), 0.0)
        return cls(max(float(np.median(y - slope * x)), 0.0), slope)

    def at(self, x: float) -> float:
        return self.base + self.slope * x


@dataclass(frozen=True)
class Curve:
    """The price of a run on one machine, by tokens, variants and steps.

    step:    seconds of one denoising step, by tokens of all variants.
    finish:  seconds of decoding and blending one variant, by its tokens.
    context: seconds of the encoder, by hole tokens; it encodes the window, so the slope is small.
    memory:  peak bytes, by tokens of all variants; None = not measured.
    load:    by which factor the last two runs were slower than the lines, as far as both agree;
             below 1 = faster. 1 for differences under a quarter.
    """

    step: Line
    finish: Line
    context: Line
    memory: Line | None
    load: float = 1.0

    @classmethod
    def of(cls, runs: Sequence[Run]) -> Curve | None:
        """The curve fitted to some runs; None without runs of different sizes."""
        counted = [run for run in runs if run.memory > 0]
        runs = [run for run in runs if run.memory == 0]  # measuring memory slows a run down
        step = Line.through((run.tokens * run.variants, run.denoise / run.steps) for run in runs)
        finish = Line.through((run.tokens, run.finish / run.variants) for run in runs)
        new = [run for run in runs if run.context > 0]
        context = Line.through((run.tokens, run.context) for run in new)
        if step is None or finish is None:
            return None
        curve = cls(
            step,
            finish,
            context or Line(float(np.median([run.context for run in new] or [0.0])), 0.0),
            Line.through((run.tokens * run.variants, run.memory) for run in counted),
        )
        return replace(curve, load=curve.load_of(runs[-2:]))

    def load_of(self, runs: Sequence[Run]) -> float:
        """The factor by which all of these runs were slower, or all faster, than the lines."""
        ratios = []
        for run in runs:
            ready = run.context == 0
            told = self.price(run.tokens, run.variants, run.steps, context_ready=ready).seconds
            took = run.context + run.denoise + run.finish
            ratios.append(took / told if told > 0 and took > 0 else 1.0)
        least, most = min(ratios), max(ratios)
        agreed = least if least > 1 else most if most < 1 else 1.0
        return agreed if abs(agreed - 1) >= _NOISE else 1.0

    def price(self, tokens: int, variants: int, steps: int, *, context_ready: bool) -> Price:
        work = tokens * variants
        seconds = steps * self.step.at(work) + variants * self.finish.at(tokens)
        seconds += 0.0 if context_ready else self.context.at(tokens)
        return Price(self.load * seconds, 0 if self.memory is None else round(self.memory.at(work)))


class Ledger:
    """The latest runs of every model on every device, with a text form for the settings file."""

    def __init__(self, written: Iterable[str] = ()) -> None:
        """Restore a ledger from `written`; invalid lines are ignored."""
        self._runs: dict[str, tuple[Run, ...]] = {}
        for line in written:
            read = _read(line)
            if read is not None:
                self._runs[read[0]] = read[1]

    def runs(self, info: EngineInfo) -> tuple[Run, ...]:
        """The runs of a model on its device, oldest first."""
        return self._runs.get(_key(info), ())

    def add(self, info: EngineInfo, run: Run) -> None:
        runs = (*self._runs.pop(_key(info), ()), run)
        self._runs[_key(info)] = _kept(runs)
        for old in list(self._runs)[:-MODELS_KEPT]:
            del self._runs[old]

    def written(self) -> tuple[str, ...]:
        """The ledger as lines of text, for `Ledger`."""
        return tuple(
            json.dumps([key, [[_short(value) for value in astuple(run)] for run in runs]])
            for key, runs in self._runs.items()
        )


def variants_for(tokens: Tokens, most: int = LIMITS["variants"].high) -> int:
    """As many variants as the token budget allows: many for a small mask, few for a large one."""
    if not tokens.hole:
        return 1
    return min(max(tokens.canvas // _BUDGET // tokens.hole, 1), most)


def _kept(runs: tuple[Run, ...]) -> tuple[Run, ...]:
    """The newest runs, and those with measured memory, since only calibration measures it."""
    new = runs[-RUNS_KEPT:]
    return (*(run for run in runs[:-RUNS_KEPT] if run.memory), *new)[-2 * RUNS_KEPT :]


def _key(info: EngineInfo) -> str:
    return f"{info.model} {info.backend} {info.device}"


def _short(value: float) -> float:
    return value if isinstance(value, int) else round(value, 4)


def _read(line: str) -> tuple[str, tuple[Run, ...]] | None:
    try:
        key, rows = json.loads(line)
        runs = tuple(_run(row) for row in rows)
    except (ValueError, TypeError, RecursionError):
        return None
    return (key, runs) if isinstance(key, str) else None


def _run(row: Any) -> Run:
    """A run from its numbers; raises ValueError or TypeError if they are invalid."""
    names = [field.name for field in fields(Run)]
    whole = {"tokens", "variants", "steps", "memory"}
    values: Mapping[str, Any] = dict(zip(names, row, strict=True))
    numbers: Any = {n: int(v) if n in whole else float(v) for n, v in values.items()}
    run = Run(**numbers)
    found = astuple(run)
    if not (np.isfinite(found).all() and min(found) >= 0 and min(run.variants, run.steps) > 0):
        raise ValueError("no run")
    return run
