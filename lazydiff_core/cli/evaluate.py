"""`lazydiff eval`: what a model can do, measured or laid out to be judged by eye."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path
from statistics import median

from tqdm import tqdm

from lazydiff_core.cli.command import Command, Group, Report
from lazydiff_core.cli.engine_arguments import add_engine_arguments, load_engine
from lazydiff_core.cli.evaluate_cached import EVAL_CACHED
from lazydiff_core.cli.evaluate_model import EVAL_COMPARE, EVAL_KIT, EVAL_MODEL
from lazydiff_core.contact_sheet import contact_sheet
from lazydiff_core.contract import RGB
from lazydiff_core.engine import Engine
from lazydiff_core.errors import InputError
from lazydiff_core.evaluation.prompt_sheet import PROMPTS, SIDE, Fill, fill_prompts
from lazydiff_core.files import check_writable, write_files
from lazydiff_core.images import encode

COLUMNS, WIDTH = 8, 192
PAGE = 120  # fills a page, where there are several
PAGE_COLUMNS, PAGE_WIDTH = 12, 128
AROUND = 300  # canvas pixels about the hole's middle that such a page shows


def _add_sheet_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--out", type=Path, required=True, help="picture to write")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--prompts", nargs="+", default=list(PROMPTS), help="default: forty common")
    what.add_argument(
        "--concepts",
        action="store_true",
        help=f"every concept the model was trained on, {PAGE} a page: OUT-1, OUT-2 ...",
    )
    add_engine_arguments(parser)


def _sheet(args: Namespace) -> Report:
    check_writable(args.out)
    engine, load = load_engine(args)
    prompts = _concepts(engine) if args.concepts else tuple(args.prompts)
    running = fill_prompts(engine, prompts, args.seed, args.steps, args.guidance)
    fills = list(tqdm(running, total=len(prompts), disable=None, leave=False, unit="fill"))
    sheets = _pages(args.out, fills) if args.concepts else {args.out: _sheet_of(fills)}
    write_files({path: encode(sheet, path) for path, sheet in sheets.items()})
    seconds = median(fill.seconds for fill in fills)
    document = {
        "out": str(args.out),
        "pages": [str(path) for path in sheets],
        "prompts": list(prompts),
        "seconds": {"load": load, "median_fill": seconds},
    }
    names = ", ".join(str(path) for path in sheets)
    return Report(document, f"{len(fills)} fills, {seconds:.2f} s each (median): see {names}")


def _concepts(engine: Engine) -> tuple[str, ...]:
    if not engine.info.concepts:
        raise InputError(f"{engine.info.model} does not say what it was trained on: use --prompts.")
    return engine.info.concepts


def _sheet_of(fills: list[Fill]) -> RGB:
    return contact_sheet([f.image for f in fills], [f.prompt for f in fills], COLUMNS, WIDTH)


def _pages(out: Path, fills: list[Fill]) -> dict[Path, RGB]:
    """PAGE fills each, seen from near, under the names OUT-1, OUT-2 ..."""
    parts = [fills[start : start + PAGE] for start in range(0, len(fills), PAGE)]
    start = (SIDE - AROUND) // 2
    middle = slice(start, start + AROUND)
    return {
        out.with_stem(f"{out.stem}-{k + 1}"): contact_sheet(
            [f.image[middle, middle] for f in part],
            [f.prompt for f in part],
            PAGE_COLUMNS,
            PAGE_WIDTH,
        )
        for k, part in enumerate(parts)
    }


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
        EVAL_MODEL,
        EVAL_COMPARE,
        EVAL_CACHED,
        EVAL_KIT,
    ),
)
