"""`lazydiff demo`: paints a picture step by step from a blank canvas, by itself."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Any

from lazydiff_core.cli.command import Command, Report
from lazydiff_core.cli.engine_arguments import add_engine_arguments, load_engine, settings_of
from lazydiff_core.cli.paint.demo_script import EDITS, backdrop, blank, mask_of
from lazydiff_core.cli.progress_bar import progress_bar
from lazydiff_core.contract import RGB, EditRequest, EditResult
from lazydiff_core.engine.engine import Engine
from lazydiff_core.images.contact_sheet import contact_sheet
from lazydiff_core.images.writing import encode
from lazydiff_core.storage.safe_files import check_writable, make_folder, write_files

SHEET_COLUMNS = 5
SHEET_WIDTH = 288


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--out", type=Path, required=True, help="folder for the pictures")
    add_engine_arguments(parser)


def _run(args: Namespace) -> Report:
    sheet = args.out / "contact-sheet.png"
    make_folder(args.out)
    check_writable(sheet)
    engine, load = load_engine(args)
    results = _paint(engine, args)
    states = [blank(), results[0].canvas, *(result.image for result in results)]
    captions = ["blank canvas", "backdrop (drawn by the script)", *(e.prompt for e in EDITS)]
    pictures = {args.out / f"{k:02}.png": state for k, state in enumerate(states)}
    pictures[sheet] = contact_sheet(states, captions, SHEET_COLUMNS, SHEET_WIDTH)
    write_files({path: encode(picture, path) for path, picture in pictures.items()})
    return Report(_document(pictures, results, load), f"{len(results)} edits painted: see {sheet}")


def _paint(engine: Engine, args: Namespace) -> list[EditResult]:
    """Run the edits of the demonstration, each on the result of the one before."""
    canvas: RGB = backdrop()
    results = []
    for number, edit in enumerate(EDITS, 1):
        request = EditRequest(
            canvas,
            mask_of(edit),
            settings=settings_of(args),
            prompt=edit.prompt,
            backend=args.backend,
        )
        with progress_bar(f"{number}/{len(EDITS)} {edit.prompt}") as on_progress:
            results.append(engine.run(request, on_progress))
        canvas = results[-1].image
    return results


def _document(pictures: dict[Path, RGB], results: list[EditResult], load: float) -> dict[str, Any]:
    *states, sheet = (str(path) for path in pictures)
    return {
        "out": states,
        "contact_sheet": sheet,
        "device": results[0].device,
        "backend": results[0].backend,
        "model": results[0].model,
        "steps": results[0].steps,
        "edits": [_edit(result, edit.prompt) for result, edit in zip(results, EDITS, strict=True)],
        "seconds": {"load": load, "total": sum(r.seconds["total"] for r in results)},
        "pixels_changed_outside_mask": sum(r.pixels_changed_outside_mask for r in results),
    }


def _edit(result: EditResult, prompt: str) -> dict[str, Any]:
    box = result.box
    return {
        "prompt": prompt,
        "seed": result.seeds[0],
        "box": [box.left, box.top, box.right, box.bottom],
        "tokens": {"canvas": result.tokens.canvas, "hole": result.tokens.hole},
        "seconds": result.seconds["total"],
    }


DEMO = Command(
    "demo", "Paint a picture step by step, from a blank canvas on.", _run, _add_arguments
)
