"""`lazydiff bench stroke|move|startup|heartbeat|cancel|close`: how fast the app responds.

The core must not import the app, so these commands run the app's measurements as programs.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from argparse import ArgumentParser, Namespace
from statistics import median
from typing import Any

from lazydiff_core.cli.command import Command, Report
from lazydiff_core.cli.values import whole_number


def _add_stroke_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--canvas", type=whole_number(64, 8192), default=2048, help="side of the canvas"
    )
    parser.add_argument(
        "--brush", type=whole_number(1, 1000), default=48, help="diameter of the brush"
    )
    parser.add_argument(
        "--layers", type=whole_number(0, 500), default=0, help="layers of 300 pixels beneath"
    )
    parser.add_argument("--quick", action="store_true", help="fewer strokes")


def _stroke(args: Namespace) -> Report:
    strokes = 3 if args.quick else 10
    found = _measured(
        *("stroke", f"--canvas={args.canvas}", f"--brush={args.brush}"),
        *(f"--strokes={strokes}", f"--layers={args.layers}"),
    )
    text = (
        f"{args.canvas}^2, brush {args.brush} px: event to paint p50 {found['p50_ms']:.1f} ms, "
        f"p99 {found['p99_ms']:.1f} ms, max {found['max_ms']:.1f} ms; "
        f"of it computing p99 {found['cpu_p99_ms']:.1f} ms, max {found['cpu_max_ms']:.1f} ms"
    )
    if args.layers:
        text += (
            f"; {args.layers} layers, opacity of one: computing p50 "
            f"{found['opacity_cpu_p50_ms']:.1f} ms, p99 {found['opacity_cpu_p99_ms']:.1f} ms"
        )
    return Report(found, text)


def _add_move_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--canvas", type=whole_number(300, 8192), default=2048, help="side of the canvas"
    )
    parser.add_argument(
        "--layers", type=whole_number(1, 500), default=60, help="layers of 300 pixels"
    )
    parser.add_argument("--quick", action="store_true", help="fewer drags")


def _move(args: Namespace) -> Report:
    drags = 1 if args.quick else 5
    found = _measured(
        *("moving", f"--canvas={args.canvas}", f"--layers={args.layers}", f"--drags={drags}")
    )
    text = (
        f"{args.canvas}^2, one of {args.layers} layers dragged: a move p50 "
        f"{found['move_p50_ms']:.1f} ms, p99 {found['move_p99_ms']:.1f} ms, max "
        f"{found['move_max_ms']:.1f} ms; the drop p50 {found['drop_p50_ms']:.1f} ms"
    )
    return Report(found, text)


def _add_startup_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--quick", action="store_true", help="one start instead of five")


def _startup(args: Namespace) -> Report:
    starts = [_measured("startup", repr(time.time())) for _ in range(1 if args.quick else 5)]
    found = {
        "window_ms": median(start["window_ms"] for start in starts),
        "torch_imported": any(start["torch_imported"] for start in starts),
    }
    torch = "torch is imported before" if found["torch_imported"] else "without torch"
    return Report(found, f"window painted after {found['window_ms']:.0f} ms, {torch}")


def _add_heartbeat_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--model", default="bundled", help="backend to fill with")
    parser.add_argument(
        "--canvas", type=whole_number(512, 8192), default=1024, help="side of the canvas"
    )
    parser.add_argument(
        "--rounds", type=whole_number(1, 1000), default=5, help="seed of the session"
    )
    parser.add_argument("--quick", action="store_true", help="one round with the fake model")


def _heartbeat(args: Namespace) -> Report:
    model, rounds = ("fake:slow=0.05", 1) if args.quick else (args.model, args.rounds)
    how = f"--model={model}", f"--canvas={args.canvas}", f"--rounds={rounds}"
    found = _measured("heartbeat", *how)
    text = (
        "between two ticks of 8 ms: p50 {p50_ms:.0f} ms, p99 {p99_ms:.0f} ms, max {max_ms:.0f} ms; "
        "of it computed by this program p99 {own_p99_ms:.0f} ms, max {own_max_ms:.0f} ms; while "
        "the model was loading max {loading_max_ms:.0f} ms, computed {loading_own_max_ms:.0f} ms"
    ).format(**found)
    return Report(found, text)


def _add_cancel_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--model", default="bundled", help="backend to fill with")
    parser.add_argument("--cancels", type=whole_number(1, 10_000), default=200, help="how many")
    parser.add_argument("--seed", type=int, default=0, help="seed for the moments")
    parser.add_argument("--quick", action="store_true", help="20 times, with the fake model")


def _cancel(args: Namespace) -> Report:
    model, count = ("fake:slow=0.02", 20) if args.quick else (args.model, args.cancels)
    found = _measured("cancel", f"--model={model}", f"--cancels={count}", f"--seed={args.seed}")
    text = (
        "{cancels} fills cancelled, {stale} results landed nevertheless; the window was idle after "
        "{window_max_ms:.0f} ms at most, the worker after {worker_max_ms:.0f} ms "
        "(p50 {worker_p50_ms:.0f} ms; the longest step takes {longest_step_ms:.0f} ms)"
    ).format(**found)
    return Report(found, text)


def _add_close_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--model", default="fake:slow=0.1", help="backend to fill with")
    parser.add_argument("--closings", type=whole_number(1, 10_000), default=200, help="how many")
    parser.add_argument("--seed", type=int, default=0, help="seed for the moments")
    parser.add_argument("--quick", action="store_true", help="ten times only")


def _close(args: Namespace) -> Report:
    count = 10 if args.quick else args.closings
    found = _measured(
        "closing", f"--model={args.model}", f"--closings={count}", f"--seed={args.seed}"
    )
    text = (
        "closed {closings} times while it generated: gone after p50 {p50_ms:.0f} ms, "
        "{max_ms:.0f} ms at most; {bad_exit_codes} bad exit codes, {with_warnings} with warnings, "
        "{threads_left} with threads left, {ended_by_force} ended by force"
    ).format(**found)
    return Report(found, text)


def _measured(name: str, *arguments: str) -> dict[str, Any]:
    """Run `app.lab.measure.NAME` without a screen; returns the JSON it prints."""
    done = subprocess.run(
        [sys.executable, "-m", f"app.lab.measure.{name}", *arguments],
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


STROKE = Command("stroke", "From pointer event to paint.", _stroke, _add_stroke_arguments)
MOVE = Command("move", "Dragging a layer.", _move, _add_move_arguments)
HEARTBEAT = Command(
    "heartbeat", "How long the window does not answer.", _heartbeat, _add_heartbeat_arguments
)
CANCEL = Command("cancel", "From the click to an idle engine.", _cancel, _add_cancel_arguments)
CLOSE = Command("close", "Close the window while it fills.", _close, _add_close_arguments)
STARTUP = Command("startup", "Until the window shows.", _startup, _add_startup_arguments)
