"""`lazydiff bench batch`: several small masks in one batch against one after the other."""

from __future__ import annotations

import time
from argparse import ArgumentParser, Namespace

from lazydiff_core.cli.command import Command, Report


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--model", default="bundled", help="default: %(default)s")
    parser.add_argument("--device", help="default: the graphics card if there is one")
    parser.add_argument(
        "--cpu-time",
        action="store_true",
        help="CPU seconds of all threads: fair where other programs compute",
    )
    parser.add_argument("--quick", action="store_true", help="one size, few steps")


def _batch(args: Namespace) -> Report:
    from lazydiff_core.bench.batch_cost import MASKS, measure_batch
    from lazydiff_core.engine.engine import Engine

    engine = Engine.load(args.model, device=args.device)
    clock = time.process_time if args.cpu_time else time.perf_counter
    native = engine.info.native_side
    shares = (6,) if args.quick else (12, 6, 3)
    steps, times = (4, 1) if args.quick else (engine.info.default_steps, 3)
    rows = [measure_batch(engine, native // k, steps, times, clock) for k in shares]
    lines = [
        f"{MASKS} masks of {row.side} px ({row.tokens} tokens)  apart {row.apart_seconds:6.2f} s  "
        f"together {row.together_seconds:6.2f} s  {row.gain:4.2f} x  "
        f"differing by {row.difference} of 255"
        for row in rows
    ]
    return Report([row.to_dict() for row in rows], "\n".join(lines))


BATCH = Command("batch", "Several masks in one batch, or apart.", _batch, _add_arguments)
