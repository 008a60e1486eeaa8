"""All checks of a machine, one after another."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from lazydiff_core.doctor import machine
from lazydiff_core.doctor.check import Check, CheckError, Question, answer
from lazydiff_core.doctor.fitting import ModelFit
from lazydiff_core.errors import InputError

if TYPE_CHECKING:
    import torch

OnCheck = Callable[[int, int, str], None]
_AGAIN = "pip install --force-reinstall"
_TORCH = f"{_AGAIN} torch"
_MODELS = "pip install --upgrade diffusers transformers"


@dataclass(frozen=True)
class Findings:
    """What was found on a device."""

    device: str
    checks: tuple[Check, ...]
    models: tuple[ModelFit, ...]

    @property
    def ok(self) -> bool:
        return all(check.ok for check in self.checks)

    def to_dict(self) -> dict[str, Any]:
        return {
            "device": self.device,
            "checks": [check.to_dict() for check in self.checks],
            "models": [model.to_dict() for model in self.models],
        }


def examine(
    device: str | None,
    *,
    full: bool = False,
    hub: bool = False,
    window: Callable[[], str] = str,
    on_check: OnCheck = lambda place, of, name: None,
) -> Findings:
    """Examine this machine and one device; nothing is changed.

    full: also training, and every family of models with tiny weights. hub: also ask the model hub.
    window: says in one sentence why the window cannot open here, "" if it can. on_check: is told
    which check of how many begins.
    """
    before = [
        Question("python", machine.python, ""),
        Question("packages", machine.packages, "pip install ."),
    ]
    after = [
        Question("disk", machine.disk, "df -h"),
        Question("window", partial(_window, window), f"{_AGAIN} PySide6-Essentials"),
    ]
    if hub:
        after.append(Question("hub", machine.hub, "pip install --upgrade huggingface_hub"))
    found, on_device = _device(device, full=full)
    asked = [*before, *on_device, *after]
    checks = []
    for place, question in enumerate(asked, start=1):
        on_check(place, len(asked), question.name)
        checks.append(answer(question))
    return Findings(str(found or device or "auto"), tuple(checks), _fits(found))


def _device(name: str | None, *, full: bool) -> tuple[torch.device | None, list[Question]]:
    """The device and what is asked of it; None where torch or the device is not there."""
    try:
        import torch

        from lazydiff_core.model.files.devices import choose_device
    except (ImportError, OSError) as error:  # OSError: of a shared library
        return None, [Question("torch", partial(_no_torch, error), _TORCH)]
    try:
        found = choose_device(name)
    except InputError as error:
        return None, [Question("torch", partial(_absent, torch.__version__, error), _TORCH)]
    return found, list(_questions(found, full=full))


def _fits(device: torch.device | None) -> tuple[ModelFit, ...]:
    if device is None:
        return ()
    from lazydiff_core.doctor.fitting import models_here

    return tuple(models_here(device))


def _questions(device: torch.device, *, full: bool) -> Iterable[Question]:
    from lazydiff_core.doctor import card, models, numbers
    from lazydiff_core.doctor.tiny_pipelines import TINY
    from lazydiff_core.doctor.training_step import training_step

    yield Question("torch", partial(card.torch_build, device), _TORCH)
    yield Question("memory", partial(card.memory, device), "")
    yield Question("number formats", partial(numbers.number_formats, device), _TORCH)
    yield Question("attention", partial(numbers.attention_kernels, device), _TORCH)
    yield Question("bundled model", partial(models.bundled, device), f"{_AGAIN} .")
    if not full:
        return
    nested = partial(numbers.nested_attention, device)
    yield Question("nested attention", nested, _TORCH)
    yield Question("T5 visit", partial(models.text_visit, device), _MODELS)
    yield Question("training step", partial(training_step, device), _TORCH)
    for name, save in TINY.items():
        ask = partial(models.family, save, device)
        yield Question(f"family {name}", ask, _MODELS)


def _window(why_not: Callable[[], str]) -> str:
    sentence = why_not()
    if not sentence:
        return "can open here"
    command = sentence.partition("`")[2].partition("`")[0]
    if command.startswith("sudo"):
        raise CheckError(sentence, command)
    return f"cannot open here, which only matters if you want it: {sentence}"


def _absent(version: str, error: InputError) -> str:
    sentence = str(error)
    command = re.search(r"pip install [^,]+", sentence)  # for a card that torch was not built for
    raise CheckError(
        f"{sentence} This torch is {version}.",
        command[0] if command else "python -m torch.utils.collect_env  # what torch finds, and why",
    )


def _no_torch(error: Exception) -> str:
    raise CheckError(f"torch cannot be imported: {error}.", _TORCH)
