"""`lazydiff models measure`: what may be kept of a model, found out on its own weights."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from dataclasses import asdict

from lazydiff_core.cli.command import Command, Report
from lazydiff_core.cli.hub_models import ensure_installed
from lazydiff_core.cli.progress_bar import counting
from lazydiff_core.load_progress import hearing_of_measures


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("model", help="name of an installed model, or a model folder")
    parser.add_argument("--device", metavar="D", help="default: the best there is")


def _measure(args: Namespace) -> Report:
    from lazydiff_core.backends.cached_dit.loading import measure_model

    ensure_installed(args.model)
    with counting("step") as show, hearing_of_measures(show):
        check = measure_model(args.model, args.device)
    verdict = "it is kept" if check.keeps else "it is computed at each step"
    text = (
        f"Keeping the padding of prompts changes a fill by {check.padding:.4f}, "
        f"keeping the canvas by {check.bank:.4f}: {verdict}."
    )
    return Report({**asdict(check), "padding_kept": check.keeps}, text)


MEASURE = Command(
    "measure",
    "Whether a model's padding may be kept, by its own weights; minutes on a CPU.",
    _measure,
    _add_arguments,
)
