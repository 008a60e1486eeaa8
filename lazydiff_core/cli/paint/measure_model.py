"""`lazydiff models measure`: what may be kept of a model, found out on its own weights."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from dataclasses import asdict
from typing import Final

from lazydiff_core.cli.command import Command, Report
from lazydiff_core.cli.hub_models import ensure_installed
from lazydiff_core.cli.progress_bar import counting
from lazydiff_core.load_progress import hearing_of_measures

_VERDICTS: Final = {
    "kept": "it is kept for all",
    "kept_by_prompt": "it is kept for each",
    "computed": "it is computed at each step",
}


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("model", help="name of an installed model, or a model folder")
    parser.add_argument("--device", metavar="D", help="default: the best there is")


def _measure(args: Namespace) -> Report:
    from lazydiff_core.backends.cached_dit.loading import measure_model

    ensure_installed(args.model)
    with counting("step") as show, hearing_of_measures(show):
        check = measure_model(args.model, args.device)
    text = (
        f"Keeping the canvas changes a fill by {check.bank:.4f}, keeping the padding of prompts by "
        f"{check.padding:.4f} for all prompts, {check.own:.4f} for each: {_VERDICTS[check.mode]}."
    )
    return Report({**asdict(check), "mode": check.mode}, text)


MEASURE = Command(
    "measure",
    "Whether a model's padding may be kept, by its own weights; minutes on a CPU.",
    _measure,
    _add_arguments,
)
