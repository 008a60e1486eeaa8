"""`lazydiff eval cached`: the quality that a DiT loses when it is made lazy without training."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from dataclasses import replace
from pathlib import Path

from tqdm import tqdm

from lazydiff_core.cli.command import Command, Report
from lazydiff_core.cli.engine_arguments import add_sampling_arguments, settings_of
from lazydiff_core.cli.hub_models import installed
from lazydiff_core.cli.values import whole_number
from lazydiff_core.errors import InputError
from lazydiff_core.images.contact_sheet import contact_sheet
from lazydiff_core.images.writing import encode
from lazydiff_core.storage.resources import resource
from lazydiff_core.storage.safe_files import check_writable, write_files

SHOWN, WIDTH = 8, 176  # trials on the sheet, width of a picture in pixels


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "model", help="what `--backend cached_dit` runs: a pipeline, or a regenerate_image model"
    )
    parser.add_argument(
        "--trials",
        type=whole_number(1, 10_000),
        default=48,
        metavar="N",
        help="canvases with held-out renderings (default: %(default)s)",
    )
    parser.add_argument(
        "--out", type=Path, metavar="PNG", help=f"sheet of the first {SHOWN} trials, a row each"
    )
    parser.add_argument("--quick", action="store_true", help="4 trials of 4 steps")
    parser.add_argument("--device", metavar="D", help="cpu, cuda ... (default: the best available)")
    add_sampling_arguments(parser)


def _cached(args: Namespace) -> Report:
    from lazydiff_core.backends.cached_dit.family import open_family
    from lazydiff_core.backends.cached_dit.pipeline_reader import open_folder
    from lazydiff_core.evaluation.approximation import (
        measure_approximation,
        some_trials,
        text_of,
        ways_of,
    )
    from lazydiff_core.evaluation.kit import load_kit
    from lazydiff_core.model.files.devices import choose_device

    if args.out is not None:
        check_writable(args.out)
    count, steps = (4, 4) if args.quick else (args.trials, args.steps)
    family = open_family(open_folder(installed(args.model)), choose_device(args.device))
    kit = load_kit(resource("eval"))
    trials = some_trials(family, kit, count)
    if not trials:
        raise InputError("The model knows none of the concepts that are held out for trials.")
    settings = replace(settings_of(args), steps=steps)
    ways = ways_of(family)
    with tqdm(
        total=len(trials) * len(ways), file=sys.stderr, disable=None, leave=False, unit="fill"
    ) as bar:
        rows = measure_approximation(family, kit, trials, settings, ways, lambda: bar.update())
    if args.out is not None:
        shown = [row.pictures[k] for k in range(min(SHOWN, len(trials))) for row in rows]
        captions = [row.way for row in rows] * (len(shown) // len(rows))
        write_files({args.out: encode(contact_sheet(shown, captions, len(rows), WIDTH), args.out)})
    return Report([row.to_dict() for row in rows], text_of(rows))


EVAL_CACHED = Command("cached", "Lazy runs of a DiT against full ones.", _cached, _add_arguments)
