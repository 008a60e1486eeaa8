"""The table of subcommands; a new one is a file beside this one and one line here."""

from __future__ import annotations

from lazydiff_core.cli.command import Command, Group
from lazydiff_core.cli.lab.bench import BENCH
from lazydiff_core.cli.lab.data import DATA
from lazydiff_core.cli.lab.doctor import DOCTOR
from lazydiff_core.cli.lab.evaluate import EVAL
from lazydiff_core.cli.lab.study_commands import STUDY
from lazydiff_core.cli.lab.train import TRAIN
from lazydiff_core.cli.paint.demo import DEMO
from lazydiff_core.cli.paint.extend import EXTEND
from lazydiff_core.cli.paint.fill import FILL
from lazydiff_core.cli.paint.model_commands import MODELS
from lazydiff_core.cli.paint.remove import REMOVE
from lazydiff_core.cli.paint.select import SELECT
from lazydiff_core.cli.paint.self_test import SELF_TEST
from lazydiff_core.cli.paint.serve import SERVE
from lazydiff_core.cli.paint.thumbnail import THUMBNAIL
from lazydiff_core.cli.paint.upscale import UPSCALE
from lazydiff_core.cli.paint.word_commands import WORDS

COMMANDS: tuple[Command | Group, ...] = (
    FILL, REMOVE, EXTEND, UPSCALE, SELECT, DEMO, THUMBNAIL, SERVE, MODELS, WORDS, DATA, TRAIN, EVAL,
    STUDY, BENCH, DOCTOR, SELF_TEST,
)  # fmt: skip
