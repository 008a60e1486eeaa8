"""The score by which the best weights of a run are kept: the loss of scenes it never trains on.

Scenes, noise and wordings are the same at every check and in every run, so the score compares runs
as well. Ours.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

import torch
from safetensors import safe_open
from torch import Tensor

from lazydiff_core.model.files.tensors import write_tensors
from lazydiff_core.model.network.lazy_model import LazyDiffusion

log = logging.getLogger(__name__)
BEST = "best.safetensors"

Losses = Callable[[LazyDiffusion], list[Tensor]]


class HeldOut:
    """Keeps the best running mean of a run's weights in its folder.

    losses: of each held-out batch, for a model; must not depend on anything else. question: what
    they are the losses of; weights that were the best at another question count for nothing.
    """

    def __init__(self, model: LazyDiffusion, losses: Losses, run: Path, question: str = "") -> None:
        self._judged = LazyDiffusion(model.config)
        self._losses, self._path, self._question = losses, run / BEST, question
        self.best = _loss_of(self._path, question)

    @torch.no_grad()
    def check(self, weights: dict[str, Tensor], step: int) -> float:
        """The mean loss with these weights, which are kept if it is the least so far."""
        self._judged.load_state_dict(weights)
        loss = torch.stack(self._losses(self._judged)).mean().item()
        log.info("step %d held out %.4f", step, loss)
        if loss < self.best:
            self.best = loss
            notes = {"step": str(step), "loss": str(loss), "question": self._question}
            write_tensors(self._path, weights, notes)
        return loss


def _loss_of(path: Path, question: str) -> float:
    if not path.exists():
        return float("inf")
    with safe_open(path, "pt") as file:
        notes = file.metadata()
    return float(notes["loss"]) if notes.get("question", "") == question else float("inf")
