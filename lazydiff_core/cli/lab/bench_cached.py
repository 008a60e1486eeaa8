"""`lazydiff bench cached`: what a KV cache saves the denoiser of a public DiT."""

from __future__ import annotations

import time
from argparse import ArgumentParser, Namespace

from lazydiff_core.cli.command import Command, Report
from lazydiff_core.cli.values import number, setting


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--mask", type=number(0.1, 100), default=10, metavar="%", help="default: 10"
    )
    parser.add_argument("--steps", type=setting("steps"), default=20, metavar="N")
    parser.add_argument(
        "--cpu-time",
        action="store_true",
        help="CPU seconds of all threads: fair where other programs compute",
    )
    parser.add_argument("--quick", action="store_true", help="a smaller model, one run each")


def _cached(args: Namespace) -> Report:
    from lazydiff_core.bench.cached_cost import (
        QUICK,
        SMALL,
        XL,
        count_cached,
        measure_cached,
    )

    clock = time.process_time if args.cpu_time else time.perf_counter
    sizes, times = (QUICK, 1) if args.quick else (SMALL, 3)
    timed = measure_cached(sizes, args.mask / 100, args.steps, times, clock=clock)
    counted = count_cached(XL, args.mask / 100, args.steps)
    lines = []
    for title, rows in (("timed, small", timed), ("counted, PixArt-XL at 1024", counted)):
        for row in rows:
            lines.append(
                f"{title:27} {row.way:8} {row.full:2} of {row.steps} full  "
                f"{row.hole:4} of {row.tokens} tokens  {row.flops / 1e12:8.3f} TFLOP"
                f"  {row.flops_to_full:5.2f} x less"
                + (f"  {row.seconds:7.2f} s  {row.seconds_to_full:5.2f} x" if row.seconds else "")
            )
    document = {
        "timed": [row.to_dict() for row in timed],
        "counted": [row.to_dict() for row in counted],
    }
    return Report(document, "\n".join(lines))


CACHED = Command("cached", "Hole tokens with kept keys against all.", _cached, _add_arguments)
