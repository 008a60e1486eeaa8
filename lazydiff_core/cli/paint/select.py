"""`lazydiff select`: a mask of the object in a box or at a point."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from pathlib import Path

import numpy as np

from lazydiff_core.cli.command import Command, Report
from lazydiff_core.contract import Box
from lazydiff_core.geometry.pixels import cover_of
from lazydiff_core.images.reading import read_rgba
from lazydiff_core.images.writing import check_target, encode
from lazydiff_core.model_store.segmenters import segmenter_folder
from lazydiff_core.selection import find_object
from lazydiff_core.selection.grabcut import Point
from lazydiff_core.storage.safe_files import write_files


def _numbers(text: str, count: int) -> list[int]:
    try:
        found = [int(part) for part in text.split(",")]
    except ValueError:
        found = []
    return found if len(found) == count else []


def _box(text: str) -> Box:
    edges = _numbers(text, 4)
    if not edges or edges[0] >= edges[2] or edges[1] >= edges[3]:
        raise ArgumentTypeError(f"{text!r} is not X0,Y0,X1,Y1 with X0 < X1 and Y0 < Y1, in pixels")
    return Box(*edges)


def _point(text: str) -> Point:
    found = _numbers(text, 2)
    if not found:
        raise ArgumentTypeError(f"{text!r} is not X,Y, in pixels")
    return found[0], found[1]


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("image", metavar="IN", type=Path, help="the picture")
    parser.add_argument(
        "--box",
        metavar="X0,Y0,X1,Y1",
        type=_box,
        action="append",
        default=[],
        help="around an object, X1 and Y1 not included; may be repeated",
    )
    parser.add_argument(
        "--point",
        metavar="X,Y",
        type=_point,
        action="append",
        default=[],
        help="on an object, or in a box to help it; may be repeated",
    )
    parser.add_argument(
        "--out",
        metavar="MASK",
        type=Path,
        required=True,
        help="the mask, white on the objects: .png or .webp",
    )


def _run(args: Namespace) -> Report:
    image = read_rgba(args.image)
    if (image[..., 3] == 255).all():
        image = image[..., :3]
    check_target(args.out, image)
    found = find_object(image, args.box, args.point, segmenter_folder())
    write_files({args.out: encode(cover_of(found.mask), args.out)})
    pixels = int(np.count_nonzero(found.mask))
    document = {"mask": str(args.out), "pixels": pixels, "by": found.by}
    return Report(document, f"{args.out}\n{pixels} pixels, found by {found.by}")


SELECT = Command("select", "Mask the object in a box or at a point.", _run, _add_arguments)
