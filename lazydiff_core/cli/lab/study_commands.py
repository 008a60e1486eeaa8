"""`lazydiff study`: asks people blindly which of two results they prefer."""

from __future__ import annotations

import getpass
from argparse import ArgumentParser, Namespace
from dataclasses import asdict
from pathlib import Path

from lazydiff_core.cli.command import Command, Group, Report
from lazydiff_core.cli.paint.open_app import open_study
from lazydiff_core.cli.values import whole_number
from lazydiff_core.errors import LazyDiffError
from lazydiff_core.evaluation.study import QUESTION, build_study, load_study, tally


def _add_build_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("first", type=Path, help="folder of pictures")
    parser.add_argument("second", type=Path, help="folder with pictures of the same names")
    parser.add_argument("--out", type=Path, required=True, help="folder for the study")
    parser.add_argument("--question", default=QUESTION, help="default: %(default)s")
    parser.add_argument("--no-ties", action="store_true", help="one of the two must be chosen")
    parser.add_argument("--most", type=whole_number(1, 100_000), help="at most so many pairs")
    parser.add_argument(
        "--key", type=Path, help="file for the solution (default: key.json in the study)"
    )
    parser.add_argument(
        "--seed", type=whole_number(0, 2**31), default=0, help="seed for order and sides"
    )


def _build(args: Namespace) -> Report:
    study = build_study(
        args.first,
        args.second,
        args.out,
        question=args.question,
        ties=not args.no_ties,
        most=args.most,
        seed=args.seed,
        key=args.key,
    )
    document = {"out": str(args.out), "pairs": len(study.pairs)}
    return Report(
        document,
        f"{len(study.pairs)} pairs in {args.out}: ask with `lazydiff study run {args.out}`",
    )


def _add_run_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("study", type=Path, help="folder of `study build`")
    parser.add_argument(
        "--rater", metavar="NAME", help="whose answers these are (default: the user's name)"
    )


def _run(args: Namespace) -> Report:
    load_study(args.study)
    rater = args.rater or getpass.getuser()
    if open_study(args.study, rater) != 0:
        raise LazyDiffError("The study's window could not be used; see above.")
    return Report({"study": str(args.study), "rater": rater}, "The answers are saved.")


def _add_report_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("study", type=Path, help="folder of `study build`")
    parser.add_argument("--key", type=Path, help="the solution, if it was kept elsewhere")


def _report(args: Namespace) -> Report:
    from lazydiff_core.evaluation.intervals import wilson

    counted = tally(args.study, args.key)
    # A tie counts as half a vote for each.
    votes = counted.first_wins + counted.ties / 2
    low, high = wilson(votes, counted.count)
    preference = votes / counted.count
    document = asdict(counted) | {
        "answers": counted.count,
        "preference": preference,
        "interval": [low, high],
    }
    people = "1 person" if counted.raters == 1 else f"{counted.raters} people"
    text = (
        f"{counted.first} was preferred to {counted.second} in {preference:.1%} of "
        f"{counted.count} answers by {people} [{low:.1%}, {high:.1%}]\n"
        f"wins {counted.first_wins}, losses {counted.second_wins}, ties {counted.ties}; "
        f"left was chosen {counted.left_wins} times"
    )
    return Report(document, text)


STUDY = Group(
    "study",
    "Ask people which of two results they prefer.",
    (
        Command("build", "Make blinded pairs of two folders.", _build, _add_build_arguments),
        Command("run", "Show the pairs and record the answers.", _run, _add_run_arguments),
        Command("report", "Count the answers.", _report, _add_report_arguments),
    ),
)
