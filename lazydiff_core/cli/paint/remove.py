"""`lazydiff remove`: what is masked goes, and its surroundings continue."""

from __future__ import annotations

import time
from argparse import ArgumentParser, Namespace

from lazydiff_core.cli.command import Command, Report
from lazydiff_core.cli.engine_arguments import settings_of
from lazydiff_core.cli.paint.fill import document_of
from lazydiff_core.cli.paint.picture_files import add_picture_arguments, brought, run
from lazydiff_core.cli.values import setting
from lazydiff_core.contract import CONTENT_AWARE, EditRequest
from lazydiff_core.engine.engine import Engine


def _add_arguments(parser: ArgumentParser) -> None:
    add_picture_arguments(parser, "on what is to go")
    parser.add_argument(
        "--variants",
        metavar="K",
        type=setting("variants"),
        default=1,
        help="how many results; several are written as OUT-1, OUT-2 ... (default: %(default)s)",
    )
    parser.add_argument(
        "--seed", metavar="N", type=setting("seed"), default=0, help="default: %(default)s"
    )
    parser.add_argument(
        "--model",
        metavar="FILE",
        help="a LaMa or MI-GAN network as .onnx (default: one in the user's folder, else patches)",
    )


def _run(args: Namespace) -> Report:
    given = brought(args)
    request = EditRequest(
        given.pixels,
        given.hole,
        settings=settings_of(args),
        cover=given.cover,
        backend=CONTENT_AWARE,
    )
    started = time.perf_counter()
    engine = Engine.load(args.model or CONTENT_AWARE, backend=CONTENT_AWARE)
    load = time.perf_counter() - started
    result = run(given, engine, request, "remove")
    given.write(result)
    document = document_of(result, given, load)
    for of_models_only in ("steps", "tokens"):
        del document[of_models_only]
    text = (
        *map(str, given.targets),
        f"{result.seconds['total']:.2f} s with {result.model}, seed {result.seeds[0]}",
        f"pixels changed outside the mask: {result.pixels_changed_outside_mask}",
    )
    return Report(document, "\n".join(text))


REMOVE = Command("remove", "Remove what is masked from a picture.", _run, _add_arguments)
