"""`lazydiff eval`: measures a model, or makes sheets to judge it by eye."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from tqdm import tqdm

from lazydiff_core.cli.command import Command, Group, Report
from lazydiff_core.cli.engine_arguments import add_engine_arguments, load_engine, settings_of
from lazydiff_core.cli.lab.evaluate_cached import EVAL_CACHED
from lazydiff_core.cli.lab.evaluate_model import EVAL_COMPARE, EVAL_KIT, EVAL_MODEL
from lazydiff_core.cli.lab.evaluate_paper import EVAL_FILLS, EVAL_PAPER
from lazydiff_core.contract import RGB
from lazydiff_core.engine.engine import Engine
from lazydiff_core.errors import InputError
from lazydiff_core.evaluation.prompt_sheet import (
    PROMPTS,
    SHAPED,
    SHAPES,
    SIDE,
    Fill,
    fill_prompts,
    fill_shapes,
)
from lazydiff_core.images.contact_sheet import contact_sheet
from lazydiff_core.images.writing import encode
from lazydiff_core.storage.safe_files import check_writable, write_files

COLUMNS, WIDTH = 8, 192
PAGE = 120  # fills per page, if there are several pages
PAGE_COLUMNS, PAGE_WIDTH = 12, 128
AROUND = 300  # side of the square around the hole that a page shows, in canvas pixels


def _add_sheet_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--out", type=Path, required=True, help="picture to write")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--prompts", nargs="+", default=list(PROMPTS), help="default: forty common")
    what.add_argument(
        "--concepts",
        action="store_true",
        help=f"every concept the model was trained on, {PAGE} a page: OUT-1, OUT-2 ...",
    )
    what.add_argument(
        "--shapes",
        action="store_true",
        help="ten prompts, each in masks of six shapes that have nothing to do with them",
    )
    add_engine_arguments(parser)


def _sheet(args: Namespace) -> Report:
    check_writable(args.out)
    engine, load = load_engine(args)
    how = settings_of(args)
    if args.shapes:
        fills = _counted(fill_shapes(engine, how), len(SHAPED) * len(SHAPES))
        sheets = {args.out: _near(fills, len(SHAPED))}
    elif args.concepts:
        concepts = _concepts(engine)
        fills = _counted(fill_prompts(engine, concepts, how), len(concepts))
        sheets = _pages(args.out, fills)
    else:
        fills = _counted(fill_prompts(engine, tuple(args.prompts), how), len(args.prompts))
        images, captions = [f.image for f in fills], [f.prompt for f in fills]
        sheets = {args.out: contact_sheet(images, captions, COLUMNS, WIDTH)}
    write_files({path: encode(sheet, path) for path, sheet in sheets.items()})
    seconds = median(fill.seconds for fill in fills)
    document = {
        "out": str(args.out),
        "pages": [str(path) for path in sheets],
        "prompts": [fill.prompt for fill in fills],
        "seconds": {"load": load, "median_fill": seconds},
    }
    names = ", ".join(str(path) for path in sheets)
    return Report(document, f"{len(fills)} fills, {seconds:.2f} s each (median): see {names}")


def _concepts(engine: Engine) -> tuple[str, ...]:
    if not engine.info.concepts:
        raise InputError(f"{engine.info.model} does not say what it was trained on: use --prompts.")
    return engine.info.concepts


def _counted(running: Iterator[Fill], total: int) -> list[Fill]:
    """Run all fills with a progress bar."""
    return list(tqdm(running, total=total, disable=None, leave=False, unit="fill"))


def _pages(out: Path, fills: list[Fill]) -> dict[Path, RGB]:
    """Sheets of PAGE fills each, with the file names OUT-1, OUT-2 ..."""
    parts = [fills[start : start + PAGE] for start in range(0, len(fills), PAGE)]
    return {
        out.with_stem(f"{out.stem}-{k + 1}"): _near(part, PAGE_COLUMNS)
        for k, part in enumerate(parts)
    }


def _near(fills: list[Fill], columns: int) -> RGB:
    """A contact sheet of the surroundings of the holes."""
    start = (SIDE - AROUND) // 2
    middle = slice(start, start + AROUND)
    pictures = [fill.image[middle, middle] for fill in fills]
    return contact_sheet(pictures, [fill.prompt for fill in fills], columns, PAGE_WIDTH)


EVAL = Group(
    "eval",
    "Judge a model.",
    (
        Command(
            "sheet",
            "Fill masks with many prompts, first seed, uncurated.",
            _sheet,
            _add_sheet_arguments,
        ),
        EVAL_MODEL,
        EVAL_COMPARE,
        EVAL_CACHED,
        EVAL_KIT,
        EVAL_FILLS,
        EVAL_PAPER,
    ),
)
