"""`lazydiff doctor`: what this machine can run, what is wrong, the command that mends it."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from textwrap import TextWrapper
from typing import TYPE_CHECKING

from lazydiff_core.cli.command import Command, Report
from lazydiff_core.cli.paint.open_app import why_no_window

if TYPE_CHECKING:
    from lazydiff_core.doctor.check import Check
    from lazydiff_core.doctor.examination import Findings
    from lazydiff_core.doctor.fitting import ModelFit

_NAME = 24
_WRAPPED = TextWrapper(width=100, subsequent_indent=" " * (_NAME + 6), break_on_hyphens=False)


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--device", metavar="D", help="cpu, cuda, mps ... (default: the best there is)"
    )
    parser.add_argument(
        "--full", action="store_true", help="also training and every family of models (a minute)"
    )
    parser.add_argument("--hub", action="store_true", help="also ask whether the model hub answers")


def _doctor(args: Namespace) -> Report:
    from lazydiff_core.doctor.examination import examine

    findings = examine(
        args.device, full=args.full, hub=args.hub, window=why_no_window, on_check=_tell
    )
    return Report(findings.to_dict(), _text(findings), 0 if findings.ok else 2)


def _tell(place: int, of: int, name: str) -> None:
    print(f"{place}/{of} {name}", file=sys.stderr, flush=True)


def _text(findings: Findings) -> str:
    lines = [f"This machine, with {findings.device}:", ""]
    for check in findings.checks:
        lines += _lines(check)
    if findings.models:
        lines += ["", "Models:", *(_fit(model) for model in findings.models)]
    wrong = sum(not check.ok for check in findings.checks)
    lines += ["", f"{wrong} of {len(findings.checks)} checks failed." if wrong else "All is well."]
    return "\n".join(lines)


def _lines(check: Check) -> list[str]:
    lines = _WRAPPED.wrap(f"{'ok' if check.ok else 'NO':4}{check.name:{_NAME}}  {check.detail}")
    return lines if check.ok else [*lines, f"{'':{_NAME + 4}}  {check.fix}"]


def _fit(model: ModelFit) -> str:
    return f"{'ok' if model.fits else 'NO':4}{model.id:{_NAME}}  {model.gb:g} GB {model.plan}"


DOCTOR = Command(
    "doctor",
    "What this machine can run, what is wrong, and the command that mends it.",
    _doctor,
    _add_arguments,
)
