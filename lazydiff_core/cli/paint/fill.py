"""`lazydiff fill`: one edit of one picture."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from dataclasses import replace
from pathlib import Path
from typing import Any

from lazydiff_core.cli.command import Command, Report
from lazydiff_core.cli.engine_arguments import (
    add_control_argument,
    add_engine_arguments,
    add_reference_argument,
    load_engine,
    settings_of,
)
from lazydiff_core.cli.paint.picture_files import Brought, add_picture_arguments, brought, run
from lazydiff_core.cli.paint.understood import sentences
from lazydiff_core.cli.values import setting
from lazydiff_core.contract import EditRequest, EditResult
from lazydiff_core.control_files import SKETCH
from lazydiff_core.engine.recipe_note import recipe_note
from lazydiff_core.errors import InputError
from lazydiff_core.images.reading import check_same_size, read_rgba
from lazydiff_core.model_store import default_taught_words
from lazydiff_core.prompts.markup import choices_in, chosen

SKETCH_STRENGTH = 0.6


def _add_arguments(parser: ArgumentParser) -> None:
    add_picture_arguments(parser, "where to paint")
    parser.add_argument("--prompt", metavar="TEXT", required=True, help="what to paint there")
    parser.add_argument(
        "--edit",
        action="store_true",
        help="the prompt says how to change what is there, such as 'make it winter'",
    )
    parser.add_argument("--negative", metavar="TEXT", help="what to avoid")
    parser.add_argument(
        "--variants",
        metavar="K",
        type=setting("variants"),
        default=1,
        help="how many results; several are written as OUT-1, OUT-2 ... (default: %(default)s)",
    )
    parser.add_argument(
        "--sketch",
        metavar="S",
        type=Path,
        help="picture of the same size to start from, or that --control follows",
    )
    parser.add_argument(
        "--strength",
        metavar="F",
        type=setting("strength"),
        help="0 keeps the colours of the sketch, 1 ignores them (default: "
        f"{SKETCH_STRENGTH}, or 1 where --control follows it)",
    )
    parser.add_argument(
        "--write-recipe",
        action="store_true",
        help="write prompt and settings into the picture, after those that it has",
    )
    add_reference_argument(parser)
    add_control_argument(parser)
    add_engine_arguments(parser)


def _run(args: Namespace) -> Report:
    if args.strength is not None and args.sketch is None:
        raise InputError("--strength only applies to a sketch: give one with --sketch.")
    given = brought(args)
    request = _request(args, given)
    engine, load = load_engine(args, default_taught_words().pictures())
    result = run(given, engine, request, args.prompt)
    given.write(result, recipe_note(request, result, engine.info) if args.write_recipe else "")
    reading = engine.read(args.prompt, args.language, result.seeds[0])
    for sentence in sentences(reading, engine):
        print(sentence, file=sys.stderr)
    document = document_of(result, given, load)
    document["understood"] = [part.understood() for part in reading.parts]
    if reading.language:
        document["language"] = reading.language
    if choices_in(args.prompt) > 1:
        document["prompts"] = [chosen(args.prompt, seed) for seed in result.seeds]
    return Report(document, _text(result, given.targets))


def _request(args: Namespace, given: Brought) -> EditRequest:
    sketch = None
    if args.sketch is not None:
        sketch = read_rgba(args.sketch)
        check_same_size(given.pixels, sketch, "sketch")
    settings = settings_of(args)
    follows_sketch = args.control is not None and args.control[1] == SKETCH
    if sketch is not None and args.strength is None and not follows_sketch:
        settings = replace(settings, strength=SKETCH_STRENGTH)
    return EditRequest(
        given.pixels,
        given.hole,
        settings=settings,
        cover=given.cover,
        sketch=sketch,
        backend=args.backend,
    )


def document_of(result: EditResult, given: Brought, load: float) -> dict[str, Any]:
    """What `--json` says of a result; load: seconds that loading the engine took."""
    return {
        "out": [str(path) for path in given.targets],
        "seed": result.seeds[0],
        "device": result.device,
        "backend": result.backend,
        "model": result.model,
        "steps": result.steps,
        "tokens": {"canvas": result.tokens.canvas, "hole": result.tokens.hole},
        "seconds": {"load": load, **result.seconds},
        "pixels_changed_outside_mask": result.pixels_changed_outside_mask,
        "mask": given.read.notice,
        **({"notice": result.notice} if result.notice else {}),
    }


def _text(result: EditResult, targets: list[Path]) -> str:
    return "\n".join(
        (
            *(str(path) for path in targets),
            f"{result.tokens.hole} of {result.tokens.canvas} tokens, {result.steps} steps, "
            f"{result.seconds['total']:.2f} s with {result.model} ({result.backend}) "
            f"on {result.device}, seed {result.seeds[0]}",
            f"pixels changed outside the mask: {result.pixels_changed_outside_mask}",
            *([result.notice] if result.notice else []),
        )
    )


FILL = Command("fill", "Generate the masked region of a picture.", _run, _add_arguments)
