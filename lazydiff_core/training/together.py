"""Several processes that fail together: one that ended alone would leave the others waiting.

What only the first does, and what each does for itself, ends with the same error in all of them.
Every process must call these together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import torch
from accelerate import Accelerator
from accelerate.utils import broadcast_object_list, gather_object

from lazydiff_core.errors import LazyDiffError, TrainingError

Result = TypeVar("Result")


def first_does(accelerator: Accelerator | None, work: Callable[[], Result]) -> Result:
    """Let the first process work while the others wait; all get its result, or raise its error.

    accelerator: None where this process is the only one.
    """
    if accelerator is None:
        return work()
    done: list[Result] = []
    error: Exception | None = None
    if accelerator.is_main_process:
        try:
            done.append(work())
        except Exception as caught:
            error = caught
    told: list[object] = [done, _said(error)]
    broadcast_object_list(told)
    if error is not None:  # in the process where it happened, with its traceback
        raise error
    given, refused = told
    if isinstance(refused, LazyDiffError):
        raise refused
    assert isinstance(given, list)
    result: Result = given[0]
    return result


@contextmanager
def each_does(accelerator: Accelerator) -> Iterator[None]:
    """What every process does for itself: where one fails, all raise the first one's error."""
    error: Exception | None = None
    try:
        yield
    except Exception as caught:
        error = caught
    if not anyone(accelerator, error is not None):
        return
    all_said = gather_object([_said(error)])
    if error is not None:
        raise error
    raise next(one for one in all_said if one is not None)


def anyone(accelerator: Accelerator, answer: bool) -> bool:
    """Whether any process says yes: one number a process, cheap enough for every micro-batch."""
    if accelerator.num_processes == 1:
        return answer
    said = torch.tensor([float(answer)], device=accelerator.device)
    return bool(accelerator.reduce(said, "sum").item())


def _said(error: Exception | None) -> LazyDiffError | None:
    """An error as the other processes are to raise it: a fault of the program is told in words."""
    if error is None or isinstance(error, LazyDiffError):
        return error
    return TrainingError(f"Another process of this run ended with an unexpected fault: {error!r}.")
