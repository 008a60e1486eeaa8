"""`lazydiff extend`: new room at the sides of a picture, filled."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from dataclasses import replace

from lazydiff_core.cli.command import Command, Report
from lazydiff_core.cli.engine_arguments import (
    add_engine_arguments,
    add_reference_argument,
    load_engine,
    settings_of,
)
from lazydiff_core.cli.paint.fill import document_of
from lazydiff_core.cli.paint.picture_files import add_file_arguments, run, to_change
from lazydiff_core.cli.values import setting, whole_number
from lazydiff_core.contract import CONTENT_AWARE, EditRequest
from lazydiff_core.geometry.pixels import cover_of
from lazydiff_core.images.margins import Margins
from lazydiff_core.images.masks import MaskRead
from lazydiff_core.images.reading import check_area, read_picture
from lazydiff_core.model_store import default_taught_words
from lazydiff_core.model_store.registry import BUNDLED

_MAX_MARGIN = 65_500


def _add_arguments(parser: ArgumentParser) -> None:
    add_file_arguments(parser)
    for side in ("left", "right", "top", "bottom"):
        parser.add_argument(
            f"--{side}",
            metavar="N",
            type=whole_number(0, _MAX_MARGIN),
            default=0,
            help=f"pixels to add at the {side}",
        )
    parser.add_argument(
        "--prompt",
        metavar="TEXT",
        default="",
        help="what to paint there (default: the picture continues)",
    )
    parser.add_argument("--negative", metavar="TEXT", help="what to avoid")
    parser.add_argument(
        "--variants",
        metavar="K",
        type=setting("variants"),
        default=1,
        help="how many results; several are written as OUT-1, OUT-2 ... (default: %(default)s)",
    )
    add_reference_argument(parser)
    add_engine_arguments(parser, "bundled with a prompt; without one, patches of the picture")


def _run(args: Namespace) -> Report:
    margins = Margins(args.left, args.right, args.top, args.bottom)
    picture = read_picture(args.image)
    height, width = picture.pixels.shape[:2]
    new = margins.mask((height, width))
    check_area(args.image, new.shape[1], new.shape[0])
    given = to_change(
        args, margins.around(picture), MaskRead(cover_of(new), "The mask is what was added.")
    )
    settings = replace(settings_of(args), scope="tiles")
    request = EditRequest(given.pixels, given.hole, settings=settings, backend=args.backend)
    args.model = args.model or (CONTENT_AWARE if _asks_for_nothing(args) else BUNDLED)
    engine, load = load_engine(args, default_taught_words().pictures())
    result = run(given, engine, request, "extend")
    given.write(result)
    document = document_of(result, given, load) | {"size": [new.shape[1], new.shape[0]]}
    text = (
        *map(str, given.targets),
        f"{width}x{height} -> {new.shape[1]}x{new.shape[0]}, {result.seconds['total']:.2f} s with "
        f"{result.model} ({result.backend}) on {result.device}, seed {result.seeds[0]}",
        f"pixels changed in the picture as it was: {result.pixels_changed_outside_mask}",
    )
    return Report(document, "\n".join(text))


def _asks_for_nothing(args: Namespace) -> bool:
    """Whether nothing is said that needs a model: the picture's own patches continue it then."""
    said = (args.prompt.strip(), args.negative, args.backend, args.steps, args.guidance)
    return not any((*said, args.sampler))


EXTEND = Command("extend", "Extend a picture at its sides.", _run, _add_arguments)
