"""The folder of a run: checkpoints that are complete or not there, and what the run was begun with.

.lock                          held by the process that writes here
run.json                       {"init": model folder, "recipe": {...}, "precision": "..."}
step-00001000/                 model, ema, optimizer.safetensors: full tensors by parameter name;
                               reader.safetensors: where streamed lanes go on
logs/                          TensorBoard
sheets/step-00001000.png       pictures painted by the running mean of the weights
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from filelock import FileLock, Timeout
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

from lazydiff_core.errors import TargetError, TrainingError
from lazydiff_core.model.files.tensors import write_tensors
from lazydiff_core.storage.safe_files import make_folder, sync_folder, write_files
from lazydiff_core.training.lanes import Mark
from lazydiff_core.training.recipe import Precision

PARTS = ("model", "ema", "optimizer")
Tensors = Mapping[str, Tensor]


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
    make_folder(out)
    lock = FileLock(out / ".lock")
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise TrainingError(f"Another run writes to {out}: stop it, or name another.") from error
    except NotImplementedError:  # some network disks have no locks: they are trusted
        pass
    try:
        yield
    finally:
        lock.release()


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


def checkpoints(out: Path) -> list[tuple[int, Path]]:
    """(step, folder) of every checkpoint, the oldest first."""
    found = [(p.name.removeprefix("step-"), p) for p in out.glob("step-*") if p.is_dir()]
    return sorted((int(number), path) for number, path in found if number.isdecimal())


def save_checkpoint(out: Path, step: int, parts: Mapping[str, Tensors], keep: int) -> Path:
    """Write one checkpoint, then remove all but the `keep` youngest.

    Raises TargetError where the disk refuses it; older checkpoints then are as they were.
    """
    folder = out / f"step-{step:08d}"
    staged = out / f".step-{step:08d}.tmp"
    shutil.rmtree(staged, ignore_errors=True)
    try:
        staged.mkdir()
        for name, tensors in parts.items():
            write_tensors(staged / f"{name}.safetensors", tensors)
        sync_folder(staged)
        shutil.rmtree(folder, ignore_errors=True)
        staged.replace(folder)
        sync_folder(out)
    except (OSError, TargetError) as error:
        kept = f" The last checkpoint is {_last_name(out)}." if checkpoints(out) else ""
        raise TargetError(f"Step {step} cannot be saved in {out}: {error}{kept}") from error
    finally:
        shutil.rmtree(staged, ignore_errors=True)
    for _, old in checkpoints(out)[:-keep]:
        shutil.rmtree(old)
    return folder


def _last_name(out: Path) -> str:
    return checkpoints(out)[-1][1].name


def load_part(folder: Path, part: str) -> dict[str, Tensor]:
    """Tensors of a checkpoint; TrainingError where they cannot be read."""
    try:
        return load_file(folder / f"{part}.safetensors")
    except (OSError, SafetensorError) as error:
        raise TrainingError(f"The checkpoint {folder} cannot be read: {error}.") from error


def marked(marks: Iterable[tuple[int, Mark]]) -> dict[str, Tensor]:
    """Where lanes go on, as a checkpoint's part: (lanes, 4) int64, the lane's number first."""
    return {"marks": torch.tensor([[lane, *mark] for lane, mark in sorted(marks)])}


def marks_in(part: Tensors) -> dict[int, Mark]:
    """The inverse."""
    return {int(lane): Mark(*map(int, mark)) for lane, *mark in part["marks"].tolist()}
