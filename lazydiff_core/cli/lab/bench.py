"""`lazydiff bench`: benchmarks on this machine."""

from __future__ import annotations

import logging
import time
from argparse import ArgumentParser, Namespace

from lazydiff_core.cli.command import Command, Group, Report
from lazydiff_core.cli.lab.bench_cached import CACHED
from lazydiff_core.cli.lab.bench_crash import CRASH
from lazydiff_core.cli.lab.bench_fuzz import FUZZ
from lazydiff_core.cli.lab.bench_latency import LATENCY, SCALING
from lazydiff_core.cli.lab.bench_latents import LATENTS
from lazydiff_core.cli.lab.bench_memory import MEMORY
from lazydiff_core.cli.lab.bench_window import CANCEL, CLOSE, HEARTBEAT, MOVE, STARTUP, STROKE

_LOG = logging.getLogger(__name__)


def _add_step_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--config", choices=("bundled", "xl"), default="bundled")
    parser.add_argument(
        "--cpu-time",
        action="store_true",
        help="CPU seconds of all threads: fair where other programs compute",
    )
    parser.add_argument("--quick", action="store_true", help="fewer sizes, one run each")


def _step(args: Namespace) -> Report:
    from lazydiff_core.bench.step_cost import RATIOS, measure_steps
    from lazydiff_core.model.files.config import BUNDLED, XL

    config = {"bundled": BUNDLED, "xl": XL}[args.config]
    # A quick run leaves out large masks: at paper scale, the full canvas alone takes a minute.
    times = 1 if args.quick or args.config == "xl" else 3
    ratios = (0.05, 0.1) if args.quick else RATIOS
    clock = time.process_time if args.cpu_time else time.perf_counter

    def show(tokens: int, seconds: float, floor_seconds: float) -> None:
        _LOG.info("%d tokens: %.2f s, floor %.2f s", tokens, seconds, floor_seconds)

    rows = measure_steps(args.config, config, ratios, times, clock, show)
    lines = [
        f"{row.mask_ratio:6.0%} {row.tokens:5} tokens  {row.seconds * 1000:9.1f} ms  "
        f"{row.seconds / row.floor_seconds:5.2f} x floor"
        + (f"  {row.ratio_to_full:5.1f} x full's speed" if row.ratio_to_full else "")
        for row in rows
    ]
    return Report([row.to_dict() for row in rows], "\n".join(lines))


def _add_poisson_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--quick", action="store_true", help="one size, one run each")


def _poisson(args: Namespace) -> Report:
    from lazydiff_core.bench.blend_cost import measure_blend

    cases = [(512, 0.11)] if args.quick else [(512, 0.11), (1024, 0.11), (1024, 0.64)]
    rows = [measure_blend(canvas, ratio, 1 if args.quick else 3) for canvas, ratio in cases]
    lines = [
        f"{row.canvas}^2 {row.mask_ratio:4.0%}  ours {row.ours_ms:7.1f} ms  "
        f"seamlessClone {row.seamless_clone_ms:7.1f} ms  exact {row.exact_ms:7.0f} ms  "
        f"error mean {row.mean_error:.2f}, p99 {row.p99_error:.2f} of 255"
        for row in rows
    ]
    return Report([row.to_dict() for row in rows], "\n".join(lines))


BENCH = Group(
    "bench",
    "Measure what things cost here.",
    (
        Command("step", "One decoder evaluation by mask size.", _step, _add_step_arguments),
        LATENCY,
        SCALING,
        CACHED,
        LATENTS,
        MEMORY,
        Command(
            "poisson", "Blending against OpenCV's and the exact.", _poisson, _add_poisson_arguments
        ),
        STROKE,
        MOVE,
        STARTUP,
        HEARTBEAT,
        CANCEL,
        CLOSE,
        CRASH,
        FUZZ,
    ),
)
