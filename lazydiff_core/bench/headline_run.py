"""Counts or times the headline: what a fill costs with a public model."""

from __future__ import annotations

from collections.abc import Callable
from statistics import median

import torch

from lazydiff_core.bench.candidates import fill_randomly
from lazydiff_core.bench.headline import Amounts, HeadlineRow, Measure, Plan, headline_rows
from lazydiff_core.bench.headline_stages import PaperStages, PublicStages
from lazydiff_core.bench.memory import without_data
from lazydiff_core.bench.public_models import PUBLIC_MODELS, PublicModel
from lazydiff_core.bench.work import work_of
from lazydiff_core.engine.engine import Clock
from lazydiff_core.errors import OutOfMemoryError
from lazydiff_core.model.files.devices import free_bytes, half_of
from lazydiff_core.model.files.weights import SkipRandomInit

# Bytes beside the weights: keys of a canvas of 2048 pixels, and a step over all of it.
_WORK_BYTES = 4_000_000_000

Say = Callable[[str], None]


def count_headline(
    config: str, canvases: tuple[int, ...], ratios: tuple[float, ...], say: Say
) -> list[HeadlineRow]:
    """Rows with "flops" and "bytes" in half precision, without any weights."""

    def counted(run: Callable[[], object], times: int) -> Amounts:
        work = work_of(run) * times
        return {"flops": work.flops, "bytes": work.bytes}

    with without_data():
        model = PUBLIC_MODELS[config](None)
        plan = _plan(model, canvases, ratios)
        return headline_rows(plan, PublicStages(model), counted, PaperStages(), say)


@torch.inference_mode()
def time_headline(
    config: str,
    canvases: tuple[int, ...],
    ratios: tuple[float, ...],
    device: torch.device,
    clock: Clock,
    say: Say,
    *,
    rounds: int = 1,
    blocks: int | None = None,
) -> list[HeadlineRow]:
    """Rows with "seconds", medians of `rounds` runs of networks with random weights.

    blocks: of no network are more blocks of a kind built; the rows' model says so. None = all.

    Raises OutOfMemoryError, before anything is built, where they find no room.
    """
    check_room(config, device, blocks)
    model = _random(config, device, blocks)
    plan, measure = _plan(model, canvases, ratios), timed(clock, device, rounds)
    return headline_rows(plan, PublicStages(model), measure, say=say)


def timed(clock: Clock, device: torch.device, rounds: int) -> Measure:
    """Measures "seconds"."""

    def seconds(run: Callable[[], object], times: int) -> Amounts:
        if device.type != "cpu":
            run()  # a card's first run is slower
        taken = []
        for _ in range(rounds):
            begin = clock()
            for _ in range(times):
                run()
            _wait(device)
            taken.append(clock() - begin)
        return {"seconds": median(taken)}

    return seconds


def check_room(config: str, device: torch.device, blocks: int | None) -> None:
    """Raise OutOfMemoryError where a model with random weights finds no room on a device."""
    with without_data():
        values = PUBLIC_MODELS[config](blocks).values
    needed = values * half_of(device, wide=True).itemsize + _WORK_BYTES
    free = free_bytes(device)
    if needed > free:
        raise OutOfMemoryError(
            f"{config} with random weights needs {needed / 1e9:.1f} GB on {device}, where "
            f"{free / 1e9:.1f} GB are free: count it with --count, or time fewer blocks of it "
            "with --blocks."
        )


def _random(config: str, device: torch.device, blocks: int | None) -> PublicModel:
    before = torch.get_default_dtype()
    torch.set_default_dtype(half_of(device, wide=True))
    try:
        with SkipRandomInit(), torch.device(device):
            model = PUBLIC_MODELS[config](blocks)
    finally:
        torch.set_default_dtype(before)
    for part in model.parts.values():
        fill_randomly(part)
    return model


def _plan(model: PublicModel, canvases: tuple[int, ...], ratios: tuple[float, ...]) -> Plan:
    steps = model.family(min(canvases)).defaults.steps
    return Plan(model.name, steps, model.padded, canvases=canvases, ratios=ratios)


def _wait(device: torch.device) -> None:
    if device.type != "cpu":
        torch.accelerator.synchronize(device)
