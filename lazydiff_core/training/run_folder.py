"""The folder of a run, and what it was begun with.

.lock                          held by the process that writes here
run.json                       {"init": model folder, "recipe": {...}, "precision": "..."}
step-00001000/                 a checkpoint (checkpoints.py)
logs/                          TensorBoard
sheets/step-00001000.png       pictures painted by the running mean of the weights
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from lazydiff_core.errors import TrainingError
from lazydiff_core.storage.locks import locked
from lazydiff_core.storage.safe_files import make_folder, write_files
from lazydiff_core.training.checkpoints import checkpoints
from lazydiff_core.training.recipe import Precision


@dataclass(frozen=True)
class RunNotes:
    """What a run was begun with. `precision`: the one that "auto" stood for on that machine."""

    init: str
    recipe: dict[str, Any]
    precision: Precision


@contextmanager
def claimed(out: Path) -> Iterator[None]:
    """Keep other runs out of a folder, which is made; TrainingError while another is at it.

    Two runs in one folder would remove each other's checkpoints. Ends with the process, too.
    """
    refusal = TrainingError(f"Another run writes to {out}: stop it, or name another.")
    with locked(out / ".lock", refusal):
        yield


def begin(out: Path, notes: RunNotes, *, resume: bool) -> None:
    """Make the folder; TrainingError where it holds a run that is not to be gone on with."""
    make_folder(out)
    if checkpoints(out) and not resume:
        raise TrainingError(f"{out} holds a run already: go on with --resume, or name another.")
    text = json.dumps(asdict(notes), indent=1) + "\n"
    write_files({out / "run.json": text.encode()})


def read_notes(out: Path) -> RunNotes:
    """TrainingError where there is no run."""
    try:
        return RunNotes(**json.loads((out / "run.json").read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise TrainingError(f"{out} is not the folder of a run: {error}.") from error
