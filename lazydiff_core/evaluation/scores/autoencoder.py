"""How exactly the autoencoder reconstructs a picture."""

from __future__ import annotations

import torch

from lazydiff_core.evaluation import definitions
from lazydiff_core.evaluation.intervals import mean
from lazydiff_core.evaluation.judge import as_tensor
from lazydiff_core.evaluation.scores.task import Fills, Measured, Score, Setup, Task
from lazydiff_core.evaluation.trials import truth_of
from lazydiff_core.training.learners.autoencoder import psnr


def autoencoder(setup: Setup) -> Task:
    """psnr_autoencoder; nothing is filled for it."""

    def measure(fills: Fills) -> Measured:
        codec, trials = setup.codec, setup.heldout[: setup.plan.pictures]
        if codec is None or not trials:
            return Measured([])
        device = next(codec.parameters()).device
        decibels = []
        with torch.inference_mode():
            for trial in trials:
                image = as_tensor(truth_of(trial)[None]).to(device)
                decibels.append(psnr(codec.decode(codec.encode(image)).float(), image))
        return Measured([Score(definitions.PSNR, mean(decibels))])

    return Task({}, measure)
