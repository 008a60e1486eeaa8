"""`lazydiff bench latency` and `scaling`: the time of whole edits, by mask and by canvas."""

from __future__ import annotations

import json
import platform
import sys
import time
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tqdm import tqdm

from lazydiff_core.cli.command import Command, Report
from lazydiff_core.cli.hub_models import ensure_installed
from lazydiff_core.cli.values import number, whole_number
from lazydiff_core.storage.safe_files import make_folder, write_files

if TYPE_CHECKING:
    from lazydiff_core.bench.candidates import SharedParts
    from lazydiff_core.bench.latency import LatencyPlan, LatencyRow

DEFAULT_BACKENDS = "lazydiffusion,cached_dit,cached_dit_refresh,regenerate_image,regenerate_crop"
_PUBLIC = ("klein4b", "z-image")
QUICK_BACKENDS = "lazydiffusion,regenerate_image,regenerate_crop"
XL_BACKENDS = "lazydiffusion,regenerate_image,regenerate_crop"


def _add_latency_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--config",
        choices=("bundled", "xl", *_PUBLIC),
        default="bundled",
        help="xl: the paper's sizes with random weights; one step is run, the rest calculated. "
        "klein4b, z-image: FLUX.2 [klein] 4B and Z-Image with random weights, against what is "
        "done with them elsewhere",
    )
    parser.add_argument("--model", default="bundled", help="a trained model of the bundled layout")
    parser.add_argument("--backends", metavar="A,B", help=f"default: {DEFAULT_BACKENDS}")
    parser.add_argument("--ratios", metavar="%,%", type=_ratios, help="default: 2,5,10,25,50,100")
    parser.add_argument(
        "--vae", choices=("kl", "tiny"), default="kl", help="steps of the config xl"
    )
    parser.add_argument(
        "--canvases",
        metavar="N,N",
        type=_sides,
        default=(1024, 2048),
        help="sides in pixels, for klein4b and z-image (default: 1024,2048)",
    )
    parser.add_argument(
        "--blocks",
        metavar="N",
        type=whole_number(1, 99),
        help="time klein4b or z-image with so few blocks of each kind; the rows say so",
    )
    parser.add_argument("--device", metavar="D", help="default: the best available")
    parser.add_argument("--rounds", type=whole_number(1, 99), metavar="N", help="default: 3, xl: 1")
    parser.add_argument("--out", type=Path, metavar="DIR", help="write CSV, JSON, HTML and a plot")
    parser.add_argument(
        "--cpu-time",
        action="store_true",
        help="CPU seconds of all threads instead of the clock's: fair where other programs compute",
    )
    parser.add_argument(
        "--count", action="store_true", help="count the arithmetic instead of timing: any size"
    )
    parser.add_argument("--quick", action="store_true", help="fewer masks and steps, one run each")


def _count(args: Namespace) -> Report:
    import torch

    from lazydiff_core.bench.candidates import random_autoencoder
    from lazydiff_core.bench.latency import RATIOS, STEPS
    from lazydiff_core.bench.latency_count import count_latency, count_text
    from lazydiff_core.model.autoencoders.bundled_autoencoder import Autoencoder
    from lazydiff_core.model.files.config import BUNDLED, XL

    xl = args.config == "xl"
    with torch.device("meta"):
        codec = random_autoencoder(args.vae) if xl else Autoencoder()
    ratios = args.ratios or ((0.1,) if args.quick else RATIOS)
    rows = count_latency(XL if xl else BUNDLED, codec, ratios, STEPS)
    return Report([row.to_dict() for row in rows], count_text(rows))


def _headline(args: Namespace) -> Report:
    """The headline of a public model."""
    from lazydiff_core.bench.headline import RATIOS
    from lazydiff_core.bench.headline_report import headline_plot, headline_text
    from lazydiff_core.bench.headline_run import count_headline, time_headline
    from lazydiff_core.bench.latency_report import pyplot
    from lazydiff_core.model.files.devices import choose_device

    if args.out is not None:
        pyplot()
        make_folder(args.out)
    ratios = args.ratios or ((0.1,) if args.quick else RATIOS)
    canvases = args.canvases[:1] if args.quick else args.canvases
    if args.count:
        rows = count_headline(args.config, canvases, ratios, _say)
    else:
        clock = time.process_time if args.cpu_time else time.perf_counter
        rows = time_headline(
            args.config, canvases, ratios, choose_device(args.device), clock, _say,
            rounds=args.rounds or 1, blocks=args.blocks,
        )  # fmt: skip
    document, text = [row.to_dict() for row in rows], headline_text(rows)
    if args.out is not None:
        name = args.out / f"latency-{args.config}"
        plot = name.with_suffix(".png")
        as_json = (json.dumps(document, indent=1) + "\n").encode()
        write_files({name.with_suffix(".json"): as_json, plot: headline_plot(rows)})
        text += f"\n{plot}"
    return Report(document, text)


def _latency(args: Namespace) -> Report:
    if args.config in _PUBLIC:
        return _headline(args)
    if args.count:
        return _count(args)
    from lazydiff_core.bench.candidates import candidates
    from lazydiff_core.bench.latency import measure_latency
    from lazydiff_core.bench.latency_report import pyplot, text_of

    if args.out is not None:
        pyplot()  # a missing matplotlib is reported now, not after minutes of measuring
        make_folder(args.out)
    shared = _shared(args)
    names = args.backends or _backends(args)
    plan = _plan(args, shared)
    rows = measure_latency(candidates(names.split(","), shared), plan, _say)
    document = [row.to_dict() for row in rows]
    text = text_of(rows)
    if args.out is not None:
        _write(args, rows, document)
        text += f"\n{args.out / 'latency.html'}"
    return Report(document, text)


def _shared(args: Namespace) -> SharedParts:
    from lazydiff_core.bench.candidates import bundled_parts, xl_parts

    if args.config == "xl":
        return xl_parts(args.vae, args.device)
    return bundled_parts(args.model, args.device)


def _backends(args: Namespace) -> str:
    if args.config == "xl":
        return XL_BACKENDS
    return QUICK_BACKENDS if args.quick else DEFAULT_BACKENDS


def _plan(args: Namespace, shared: SharedParts) -> LatencyPlan:
    from lazydiff_core.bench.latency import LatencyPlan

    slow = args.config == "xl" and shared.device.type == "cpu"
    plan: dict[str, Any] = {"rounds": args.rounds or (1 if slow or args.quick else 3)}
    if slow:
        plan["max_steps"] = 1
    if args.quick:
        plan |= {
            "ratios": (0.02, 0.1, 0.25),
            "steps": (4, 20),
            "max_steps": plan.get("max_steps", 4),
        }
    if args.cpu_time:
        plan["clock"] = time.process_time
    if args.ratios:
        plan["ratios"] = args.ratios
    return LatencyPlan(shared.config.side, shared.config.grid, **plan)


def _ratios(text: str) -> tuple[float, ...]:
    """Parse a list of percentages, such as 2,10,25, into ratios."""
    parse = number(0.01, 100)
    return tuple(parse(part) / 100 for part in text.split(","))


def _sides(text: str) -> tuple[int, ...]:
    """Parse a list of sides, such as 1024,2048: each at least the model's own."""
    parse = whole_number(1024, 8192)
    return tuple(sorted(parse(part) // 16 * 16 for part in text.split(",")))


def _write(args: Namespace, rows: list[LatencyRow], document: list[dict[str, Any]]) -> None:
    from lazydiff_core.bench.latency_report import files_of

    machine = _machine(rows[0].device)
    if args.cpu_time:
        machine += " CPU seconds of all threads."
    files = files_of(rows, args.out, machine)
    files[args.out / "latency.json"] = (json.dumps(document, indent=1) + "\n").encode()
    write_files(files)


def _machine(device: str) -> str:
    import torch

    if device.startswith("cuda"):
        return f"{torch.cuda.get_device_name(device)}."
    return (
        f"{platform.machine()} CPU, {torch.get_num_threads()} threads, torch {torch.__version__}."
    )


def _say(news: str) -> None:
    if sys.stderr.isatty():
        tqdm.write(news, file=sys.stderr)


def _add_scaling_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--model", default="bundled", help="bundled, a folder or a hub id")
    parser.add_argument("--backend", metavar="NAME", help="default: the model's own")
    parser.add_argument("--device", metavar="D", help="default: the best available")
    parser.add_argument("--quick", action="store_true", help="three sizes, 4 steps, one run each")


def _scaling(args: Namespace) -> Report:
    from lazydiff_core.bench.scaling import SIDES, measure_scaling
    from lazydiff_core.engine.engine import Engine

    ensure_installed(args.model)
    engine = Engine.load(args.model, backend=args.backend, device=args.device)
    sides, steps, rounds = ((512, 1024, 2048), 4, 1) if args.quick else (SIDES, 20, 3)
    rows = measure_scaling(engine, sides, steps=steps, rounds=rounds, say=_say)
    lines = [
        f"{row.canvas:5}^2  {row.share:6.2%} hole  {row.seconds['total']:7.3f} s  "
        + "  ".join(f"{name} {value:.3f}" for name, value in row.seconds.items() if name != "total")
        for row in rows
    ]
    return Report([row.to_dict() for row in rows], "\n".join(lines))


LATENCY = Command(
    "latency", "Whole edits by mask size, against the baselines.", _latency, _add_latency_arguments
)
SCALING = Command("scaling", "The same hole on growing canvases.", _scaling, _add_scaling_arguments)
