"""Checks with models: the bundled one, T5, a training step, a fill by each family of models."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import torch

from lazydiff_core.contract import RGB, EditRequest, EditResult
from lazydiff_core.doctor.check import CheckError
from lazydiff_core.doctor.tiny_pipelines import save_t5
from lazydiff_core.engine.engine import Engine
from lazydiff_core.model.text.t5 import T5States
from lazydiff_core.model_store.registry import BUNDLED

# Of 256 levels: what half precision may change in a fill, on average and somewhere. Random weights
# amplify rounding more than trained ones.
_MEAN_LEVELS, _MOST_LEVELS = 6.0, 96.0
_REINSTALL = "pip install --force-reinstall --no-deps lazydiff"
CPU = torch.device("cpu")


def bundled(device: torch.device) -> str:
    """A fill by the bundled model, compared with the CPU's where the device is another."""
    return _compared(BUNDLED, device, "a red mushroom", 256, _REINSTALL)


def family(save: Callable[[Path], Path], device: torch.device) -> str:
    """A fill of a few steps by a pipeline with tiny weights, compared with the CPU's."""
    with TemporaryDirectory(prefix="lazydiff-") as folder, quiet():
        model = str(save(Path(folder) / "tiny"))
        return _compared(model, device, "red apple", 96, "pip install --upgrade diffusers")


def text_visit(device: torch.device) -> str:
    """T5 whose layers visit the device while they compute, against the CPU's states."""
    prompts = ["a red apple", "b", "a longer prompt than the others"]
    with TemporaryDirectory(prefix="lazydiff-") as folder, quiet():
        folders = save_t5(Path(folder))
        exact, found = (T5States(folders, 40, 32, where).encode(prompts) for where in (CPU, device))
        resident = T5States(folders, 40, 32, device, resident=True).encode(prompts)
    for states in (found, resident):
        error = (states.states.cpu() - exact.states).abs().max() / exact.states.std()
        if not float(error) < 0.1 or not torch.equal(states.mask.cpu(), exact.mask):
            raise CheckError(
                f"Its states are wrong by {float(error):.0%} of their spread.",
                "pip install --upgrade transformers",
            )
    return f"{len(prompts)} prompts in one visit, right"


def _compared(model: str, device: torch.device, prompt: str, side: int, fix: str) -> str:
    found = _fill(model, device, prompt, side)
    if device.type == "cpu":
        again = _fill(model, device, prompt, side)
        if not np.array_equal(found.image, again.image):
            raise CheckError("The same request gives other pixels the second time.", fix)
        return f"{_work(found)}, the same pixels twice"
    exact = _fill(model, CPU, prompt, side)
    differ = np.abs(_hole(found).astype(np.float64) - _hole(exact))
    told = f"{differ.mean():.1f} levels on average, {differ.max():.0f} at most"
    if differ.mean() > _MEAN_LEVELS or differ.max() > _MOST_LEVELS:
        raise CheckError(f"The fill is not the CPU's: it differs by {told}.", fix)
    return f"{_work(found)}, as on the CPU ({told})"


def _work(result: EditResult) -> str:
    seconds = result.seconds["total"]
    return f"{result.tokens.hole} of {result.tokens.canvas} tokens in {seconds:.2f} s"


def _fill(model: str, device: torch.device, prompt: str, side: int) -> EditResult:
    """A few steps on a canvas of soft colours, a ninth of it masked."""
    y, x = np.mgrid[:side, :side] / side
    image = (255 * np.stack([y, x, 1 - y], axis=-1)).astype(np.uint8)
    mask = np.zeros((side, side), np.bool_)
    third = slice(side // 3, 2 * side // 3)
    mask[third, third] = True
    engine = Engine.load(model, device=str(device))
    steps = min(4, engine.info.default_steps)
    result = engine.run(EditRequest(image, mask, prompt=prompt, seed=1, steps=steps))
    if result.pixels_changed_outside_mask:
        raise CheckError("It changes pixels outside the mask.", _REINSTALL)
    return result


def _hole(result: EditResult) -> RGB:
    return result.patches[0]


@contextmanager
def quiet() -> Iterator[None]:
    """Without what libraries say of models that are no real ones."""
    import diffusers.utils.logging as diffusers_news
    import transformers.utils.logging as transformers_news

    for news in (diffusers_news, transformers_news):
        news.disable_progress_bar()
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)
        for news in (diffusers_news, transformers_news):
            news.enable_progress_bar()
