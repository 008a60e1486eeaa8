"""`lazydiff thumbnail`: a small picture of a project, for file managers."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

import cv2
import numpy as np

from lazydiff_core.cli.command import Command, Report
from lazydiff_core.cli.values import whole_number
from lazydiff_core.images.writing import encode
from lazydiff_core.storage.safe_files import write_files


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("file", metavar="IN", type=Path, help="a project or a picture")
    parser.add_argument("out", metavar="OUT", type=Path, help="the small picture, a PNG")
    parser.add_argument(
        "--size",
        metavar="N",
        type=whole_number(16, 4096),
        default=256,
        help="its longer side in pixels (default: %(default)s)",
    )


def _run(args: Namespace) -> Report:
    from app.storage.formats import read  # free of Qt

    path = args.file.absolute()
    pixels = read(path).picture.pixels()
    height, width = pixels.shape[:2]
    scale = min(1.0, args.size / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    small = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
    write_files({args.out: encode(small, args.out.with_suffix(".png"))})
    return Report({"out": str(args.out), "width": size[0], "height": size[1]}, str(args.out))


THUMBNAIL = Command("thumbnail", "Make a small picture of a project.", _run, _add_arguments)
