"""`lazydiff eval`: what a model can do, measured or laid out to be judged by eye."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path
from statistics import median

from tqdm import tqdm

from lazydiff_core.cli.command import Command, Group, Report
from lazydiff_core.cli.engine_arguments import add_engine_arguments, load_engine
from lazydiff_core.contact_sheet import contact_sheet
from lazydiff_core.evaluation.prompt_sheet import PROMPTS, fill_prompts
from lazydiff_core.files import check_writable, write_files
from lazydiff_core.images import encode


def _add_sheet_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--out", type=Path, required=True, help="picture to write")
    parser.add_argument("--prompts", nargs="+", default=list(PROMPTS), help="default: forty common")
    add_engine_arguments(parser)


def _sheet(args: Namespace) -> Report:
    check_writable(args.out)
    engine, load = load_engine(args)
    prompts = tuple(args.prompts)
    running = fill_prompts(engine, prompts, args.seed, args.steps, args.guidance)
    fills = list(tqdm(running, total=len(prompts), disable=None, leave=False, unit="fill"))
    sheet = contact_sheet([f.image for f in fills], [f.prompt for f in fills], 8, 192)
    write_files({args.out: encode(sheet, args.out)})
    seconds = median(fill.seconds for fill in fills)
    document = {
        "out": str(args.out),
        "prompts": list(prompts),
        "seconds": {"load": load, "median_fill": seconds},
    }
    return Report(document, f"{len(fills)} fills, {seconds:.2f} s each (median): see {args.out}")


EVAL = Group(
    "eval",
    "Judge a model.",
    (
        Command(
            "sheet",
            "Fill a disc with each of forty prompts, first seed, uncurated.",
            _sheet,
            _add_sheet_arguments,
        ),
    ),
)
