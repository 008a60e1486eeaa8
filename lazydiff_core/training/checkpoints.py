"""Checkpoints of a run: complete or not there, sharded as the weights are, safetensors only.

A checkpoint is a folder `step-00001000` of the run, in which each process has written its part
(torch.distributed.checkpoint in Hugging Face's layout, which has no pickle). It fits any number of
processes. Tensors are named by what they belong to:

model.NAME              a weight or buffer
ema.NAME                the running mean of a weight
optimizer.STATE:NAME    what an optimizer keeps of a weight
loop.NAME               where data go on, and how far the schedule is

Folders that older versions wrote, whole tensors in a file for each of these, are read as well.
"""

from __future__ import annotations

import shutil
import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

import torch
from accelerate import Accelerator
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.distributed.checkpoint.api import CheckpointException
from torch.distributed.checkpoint.hf_storage import (
    HuggingFaceStorageReader,
    HuggingFaceStorageWriter,
)
from torch.distributed.checkpoint.metadata import TensorStorageMetadata
from torch.distributed.checkpoint.state_dict_loader import load
from torch.distributed.checkpoint.state_dict_saver import save

from lazydiff_core.errors import TargetError, TrainingError
from lazydiff_core.storage.safe_files import make_folder, sync_folder
from lazydiff_core.training.together import first_does

MODEL, EMA, OPTIMIZER, LOOP = PARTS = ("model", "ema", "optimizer", "loop")
_PER_FILE: Final = 2**30  # bytes: a file is put together in memory
_OLD_LOOP: Final = "reader"  # the name of its file in old folders

Tensors = Mapping[str, Tensor]


def checkpoints(out: Path) -> list[tuple[int, Path]]:
    """(step, folder) of every checkpoint of a run, the oldest first.

    A run of an older version whose only checkpoint lies in its own folder has that one.
    """
    found = [(p.name.removeprefix("step-"), p) for p in out.glob("step-*") if p.is_dir()]
    numbered = sorted((int(number), path) for number, path in found if number.isdecimal())
    return numbered or _unnumbered(out)


def _unnumbered(out: Path) -> list[tuple[int, Path]]:
    path = out / f"{MODEL}.safetensors"
    if not path.exists():
        return []
    try:
        with safe_open(path, "pt") as file:
            return [(int((file.metadata() or {}).get("step", 0)), out)]
    except (OSError, SafetensorError) as error:
        raise TrainingError(f"{path} cannot be read: {error}.") from error


def named(part: str, tensors: Iterable[tuple[str, Tensor]]) -> dict[str, Tensor]:
    """Tensors under their names in a checkpoint."""
    return {f"{part}.{name}": value for name, value in tensors}


# --- writing --------------------------------------------------------------------------------------


def save_checkpoint(
    out: Path, step: int, tensors: Tensors, keep: int, accelerator: Accelerator | None = None
) -> Path:
    """Write one checkpoint, then remove all but the `keep` youngest; every process takes part.

    accelerator: None where only this process writes. Raises TargetError, in all processes, where
    the disk of any refuses it; older checkpoints then are as they were.
    """
    folder, staged = out / f"step-{step:08d}", out / f".step-{step:08d}.tmp"

    def begin() -> None:
        make_folder(out)
        shutil.rmtree(staged, ignore_errors=True)
        staged.mkdir()

    def finish() -> None:
        sync_folder(staged)
        shutil.rmtree(folder, ignore_errors=True)
        staged.replace(folder)
        sync_folder(out)
        for _, old in checkpoints(out)[:-keep]:
            shutil.rmtree(old)

    try:
        with _refusals(out, step):
            first_does(accelerator, begin)
            _write(staged, tensors)
            first_does(accelerator, finish)
    finally:
        if accelerator is None or accelerator.is_main_process:
            shutil.rmtree(staged, ignore_errors=True)
    return folder


@contextmanager
def _refusals(out: Path, step: int) -> Iterator[None]:
    try:
        yield
    except (OSError, SafetensorError, TargetError) as error:
        saved = checkpoints(out)
        kept = f" The last checkpoint is {saved[-1][1].name}." if saved else ""
        raise TargetError(f"Step {step} cannot be saved in {out}: {error}{kept}") from error


def _write(folder: Path, tensors: Tensors) -> None:
    whole = {name: value.detach().contiguous() for name, value in tensors.items()}
    writer = HuggingFaceStorageWriter(str(folder), _files(whole), save_distributed=True)
    with _all_or_none():
        save(whole, storage_writer=writer)


def _files(tensors: Tensors) -> dict[str, int]:
    """Which file of a process holds what of a tensor, counted from 1; alike in all processes."""
    files, filled = dict[str, int](), 0
    for name, value in tensors.items():
        filled += value.nbytes
        files[name] = 1 + filled // _PER_FILE
    used = {number: k for k, number in enumerate(sorted(set(files.values())), start=1)}
    return {name: used[number] for name, number in files.items()}


@contextmanager
def _all_or_none() -> Iterator[None]:
    """Raises what any process met, in all of them."""
    try:
        with warnings.catch_warnings():  # that there is one process is no news
            warnings.filterwarnings("ignore", "torch.distributed is disabled", UserWarning)
            yield
    except CheckpointException as error:  # a BaseException
        met = next(iter(error.failures.values()))[0]
        if isinstance(met, Exception):
            raise met from error
        raise


# --- reading --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Saved:
    """A checkpoint to be read."""

    folder: Path

    @cached_property
    def sizes(self) -> dict[str, tuple[torch.Size, torch.dtype]]:
        """Shape and type of each tensor, by its name; TrainingError where a part is missing."""
        if self._is_old:
            return {name: (value.shape, value.dtype) for name, value in self._old.items()}
        with self._readable():
            stored = self._reader().read_metadata().state_dict_metadata
            found = dict[str, tuple[torch.Size, torch.dtype]]()
            for name, kind in stored.items():
                assert isinstance(kind, TensorStorageMetadata)
                if sum(chunk.sizes.numel() for chunk in kind.chunks) != kind.size.numel():
                    raise OSError(f"a part of {name} is missing")
                found[name] = (kind.size, kind.properties.dtype)
        return found

    def names(self, part: str) -> list[str]:
        """Of the tensors of a part, without its own name."""
        start = f"{part}."
        return [name.removeprefix(start) for name in self.sizes if name.startswith(start)]

    def read(self, part: str) -> dict[str, Tensor]:
        """Whole tensors of a part on the CPU, in this process alone."""
        targets = {name: torch.empty(0) for name in self.names(part)}
        for name in targets:
            size, dtype = self.sizes[f"{part}.{name}"]
            targets[name] = torch.empty(size, dtype=dtype)
        self.load(named(part, targets.items()), alone=True)
        return targets

    @torch.no_grad()
    def load(self, targets: Tensors, *, alone: bool = False) -> None:
        """Fill tensors in place, sharded as they are; every process takes part, unless `alone`.

        TrainingError where one is not there or has another shape.
        """
        for name, target in targets.items():
            if name not in self.sizes or self.sizes[name][0] != target.shape:
                told = name.partition(".")[2]
                raise TrainingError(f"The checkpoint is another model's: {told} does not fit.")
        if self._is_old:
            for name, target in targets.items():
                target.copy_(placed(self._old[name], target))
        elif targets:
            with self._readable(), _all_or_none():
                load(dict(targets), storage_reader=self._reader(), no_dist=alone)

    def load_module(self, part: str, targets: Tensors) -> None:
        """`load` of a part that must hold these tensors and no others."""
        extra = set(self.names(part)) - set(targets)
        if extra:
            raise TrainingError(f"The checkpoint is another model's: {min(extra)} does not fit.")
        self.load(named(part, targets.items()))

    @contextmanager
    def _readable(self) -> Iterator[None]:
        try:
            yield
        except (OSError, SafetensorError, ValueError, LookupError, AssertionError) as error:
            raise TrainingError(f"The checkpoint {self.folder} cannot be read: {error}.") from error

    def _reader(self) -> HuggingFaceStorageReader:
        return HuggingFaceStorageReader(str(self.folder))

    @property
    def _is_old(self) -> bool:
        return (self.folder / f"{MODEL}.safetensors").exists()

    @cached_property
    def _old(self) -> dict[str, Tensor]:
        found: dict[str, Tensor] = {}
        for part, file in ((MODEL, MODEL), (EMA, EMA), (OPTIMIZER, OPTIMIZER), (LOOP, _OLD_LOOP)):
            path = self.folder / f"{file}.safetensors"
            with self._readable():
                tensors = load_file(path) if path.exists() else {}
            found |= named(part, tensors.items())
        return found


def placed(value: Tensor, like: Tensor) -> Tensor:
    """A whole tensor on the device of `like`, and sharded as that is."""
    from torch.distributed.tensor import DTensor, distribute_tensor

    moved = value.to(like.device, like.dtype)
    if not isinstance(like, DTensor):
        return moved
    return distribute_tensor(moved, like.device_mesh, like.placements)


def last_weights(run: Path, part: str = EMA) -> tuple[int, dict[str, Tensor]]:
    """Step and whole weights of a run's last checkpoint: their running mean where there is one.

    Raises TrainingError where there is no checkpoint.
    """
    saved = checkpoints(run)
    if not saved:
        raise TrainingError(f"{run} holds no checkpoint yet.")
    step, folder = saved[-1]
    opened = Saved(folder)
    return step, opened.read(part if opened.names(part) else MODEL)


# --- optimizers -----------------------------------------------------------------------------------


def optimizer_tensors(
    model: nn.Module, optimizers: Iterable[torch.optim.Optimizer]
) -> dict[str, Tensor]:
    """What optimizers keep, as "exp_avg:blocks.0.weight" -> tensor."""
    names: dict[Tensor, str] = {parameter: name for name, parameter in model.named_parameters()}
    return {
        f"{key}:{names[parameter]}": torch.as_tensor(value)
        for optimizer in optimizers
        for parameter, state in optimizer.state.items()
        for key, value in state.items()
    }


def restore_optimizers(
    model: nn.Module, optimizers: Mapping[str, torch.optim.Optimizer], saved: Saved
) -> None:
    """The inverse; groups keep their present settings. TrainingError for foreign names."""
    parameters = dict(model.named_parameters())
    owner = {p: one for one in optimizers.values() for group in one.param_groups
             for p in group["params"]}  # fmt: skip
    targets: dict[str, Tensor] = {}
    for stored in saved.names(OPTIMIZER):
        key, name = _key_and_name(stored, model, optimizers)
        if name not in parameters:
            raise TrainingError(f"The checkpoint is another model's: it has no {name}.")
        parameter = parameters[name]
        if parameter not in owner:  # it is not trained now
            continue
        size, dtype = saved.sizes[f"{OPTIMIZER}.{stored}"]
        # AdamW counts steps in a number of its own, on the CPU and never sharded.
        alike = size == parameter.shape and key != "step"
        own = torch.zeros_like(parameter) if alike else torch.zeros(size, dtype=dtype)
        owner[parameter].state[parameter][key] = targets[stored] = own
    saved.load(named(OPTIMIZER, targets.items()))


def _key_and_name(
    stored: str, model: nn.Module, optimizers: Mapping[str, torch.optim.Optimizer]
) -> tuple[str, str]:
    key, colon, name = stored.partition(":")
    if colon:
        return key, name
    # An old run of several optimizers counts the parameters of each: "muon.3.momentum".
    one, number, key = stored.split(".", 2)
    names = {parameter: name for name, parameter in model.named_parameters()}
    owned = [p for group in optimizers[one].param_groups for p in group["params"]]
    return key, names[owned[int(number)]]
