"""The registry of subcommands: a file beside this one plus one line here."""

from __future__ import annotations

from lazydiff_core.cli.bench import BENCH
from lazydiff_core.cli.command import Command, Group
from lazydiff_core.cli.data import DATA
from lazydiff_core.cli.demo import DEMO
from lazydiff_core.cli.evaluate import EVAL
from lazydiff_core.cli.fill import FILL
from lazydiff_core.cli.models import MODELS
from lazydiff_core.cli.study import STUDY
from lazydiff_core.cli.train import TRAIN
from lazydiff_core.cli.words import WORDS

COMMANDS: tuple[Command | Group, ...] = (
    FILL, DEMO, MODELS, WORDS, DATA, TRAIN, EVAL, STUDY, BENCH,
)  # fmt: skip
