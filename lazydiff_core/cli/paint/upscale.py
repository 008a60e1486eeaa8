"""`lazydiff upscale`: a larger picture, its details drawn anew by the model."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from dataclasses import replace

import numpy as np

from lazydiff_core.cli.command import Command, Report
from lazydiff_core.cli.engine_arguments import add_engine_arguments, load_engine, settings_of
from lazydiff_core.cli.paint.fill import document_of
from lazydiff_core.cli.paint.picture_files import Brought, add_file_arguments, run, to_change
from lazydiff_core.cli.values import number, setting
from lazydiff_core.contract import EditRequest, EditResult, Pixels
from lazydiff_core.generation_settings import REDRAW_STRENGTH
from lazydiff_core.geometry.pixels import alpha_of
from lazydiff_core.geometry.resample import fill_from_nearest
from lazydiff_core.images.masks import MaskRead
from lazydiff_core.images.picture import Picture
from lazydiff_core.images.reading import check_area, read_picture
from lazydiff_core.images.resizing import resized
from lazydiff_core.images.writing import encode
from lazydiff_core.storage.safe_files import write_files


def _add_arguments(parser: ArgumentParser) -> None:
    add_file_arguments(parser)
    parser.add_argument(
        "--factor",
        metavar="F",
        type=number(1, 8),
        default=2.0,
        help="how many times as wide and high (default: %(default)g)",
    )
    parser.add_argument(
        "--strength",
        metavar="F",
        type=setting("strength"),
        default=REDRAW_STRENGTH,
        help="how much of the detail is drawn anew: 0 is the least (default: %(default)g)",
    )
    parser.add_argument(
        "--prompt", metavar="TEXT", default="", help="what the picture shows (default: nothing)"
    )
    add_engine_arguments(parser)
    parser.set_defaults(variants=1)


def _run(args: Namespace) -> Report:
    picture = read_picture(args.image)
    size = [round(side * args.factor) for side in picture.pixels.shape[:2]]
    check_area(args.image, size[1], size[0])
    large = resized(picture.pixels, (size[0], size[1]))
    alpha = alpha_of(large)
    colours = np.ascontiguousarray(large[..., :3])
    if alpha is not None:  # what nobody sees must not colour what is drawn
        colours = fill_from_nearest(colours, alpha == 0)
    everything = np.full(colours.shape[:2], 255, np.uint8)
    given = to_change(
        args,
        Picture(large, None, picture.metadata),
        MaskRead(everything, "All of the picture is drawn anew."),
    )
    request = EditRequest(
        colours,
        given.hole,
        settings=replace(settings_of(args), scope="tiles"),
        sketch=np.dstack([colours, everything]),
        backend=args.backend,
    )
    engine, load = load_engine(args)
    result = run(given, engine, request, "upscale")
    _write(given, result, alpha)
    document = document_of(result, given, load) | {"size": [size[1], size[0]]}
    height, width = picture.pixels.shape[:2]
    text = (
        str(args.out),
        f"{width}x{height} -> {size[1]}x{size[0]}, {result.seconds['total']:.2f} s with "
        f"{result.model} ({result.backend}) on {result.device}, seed {result.seeds[0]}",
    )
    return Report(document, "\n".join(text))


def _write(given: Brought, result: EditResult, alpha: Pixels | None) -> None:
    """Write the picture, as transparent as it was."""
    drawn = result.image if alpha is None else np.dstack([result.image, alpha])
    (path,) = given.targets
    data = encode(drawn, path, given.picture, generated=given.says_generated)
    write_files({path: data}, backup=given.replaces_source)


UPSCALE = Command("upscale", "Enlarge a picture and draw its details anew.", _run, _add_arguments)
