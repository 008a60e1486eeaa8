"""`lazydiff bench fuzz`: how the readers handle thousands of broken files."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from functools import partial

from lazydiff_core.bench.fuzzing.fuzz_parent import fuzz
from lazydiff_core.bench.fuzzing.target import Tally
from lazydiff_core.cli.command import Command, Report
from lazydiff_core.cli.values import whole_number

# Target -> module to run as the reading process; the core must not import the app.
_TARGETS = {
    "picture": "app.lab.fuzz",
    "project": "app.lab.fuzz",
    "openraster": "app.lab.fuzz",
    "journal": "app.lab.fuzz",
    "settings": "app.lab.fuzz",
    "weights": "lazydiff_core.bench.fuzzing.checkpoints",
    "lexicon": "lazydiff_core.bench.fuzzing.checkpoints",
    "model-config": "lazydiff_core.bench.fuzzing.checkpoints",
}
_QUICK = 700


def _add_arguments(parser: ArgumentParser) -> None:
    cases = whole_number(len(_TARGETS), 10_000_000)
    parser.add_argument("--cases", type=cases, default=20_000, help="number of files in all")
    parser.add_argument("--only", choices=list(_TARGETS), help="files of one kind only")
    parser.add_argument("--seed", type=int, default=0, help="seed for how they are broken")
    parser.add_argument("--quick", action="store_true", help=f"{_QUICK} files")


def _fuzz(args: Namespace) -> Report:
    names = [args.only] if args.only else list(_TARGETS)
    cases = _QUICK if args.quick else args.cases
    total, by_target = Tally(), {}
    for place, name in enumerate(names):
        share = len(range(place, cases, len(names)))
        tell = partial(print, file=sys.stderr)
        tally = fuzz(_TARGETS[name], name, share, args.seed, tell)
        by_target[name] = tally.counts()
        total.add(tally.counts())
    text = (
        "{cases} broken files: {refused} refused by a typed error, {read} read nevertheless; "
        "{untyped} other errors, {crashes} crashes, {slow} too slow, {large} with too much memory"
    ).format(**total.counts())
    return Report(total.counts() | {"by_target": by_target}, text)


FUZZ = Command("fuzz", "Read broken files of every kind.", _fuzz, _add_arguments)
