"""Shards as a model's architecture trains on them: hole tokens only, or every token."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from lazydiff_core.errors import TrainingError
from lazydiff_core.geometry.tokens import token_frames
from lazydiff_core.model.files.config import LazyConfig
from lazydiff_core.training.shards import ShardSet, load_shards


def shards_for(config: LazyConfig, folder: Path) -> ShardSet:
    """The shards of a folder for a model of this config; TrainingError where they do not fit."""
    shards = load_shards(folder)
    tokens = shards.tokens.shape[1]
    if tokens != config.grid**2:
        crop = "with" if config.architecture == "regenerate_crop" else "without"
        raise TrainingError(
            f"The scenes in {folder} have {tokens} tokens and the model takes {config.grid**2}: "
            f"render them {crop} --crop."
        )
    return with_every_token(shards, config) if config.regenerates else shards


def with_every_token(shards: ShardSet, config: LazyConfig) -> ShardSet:
    """The same scenes, all of whose tokens are generated."""
    every = torch.ones_like(shards.tokens)
    if not config.hole_frame:
        return replace(shards, tokens=every)
    grid = np.ones((config.grid, config.grid), np.bool_)
    frames = torch.empty((*every.shape, 6), dtype=shards.frames.dtype)
    for row in range(len(shards)):  # masks are unpacked one by one: all at once are gigabytes
        mask = shards.masks(torch.tensor([row]))[0, 0].bool().numpy()
        frames[row] = torch.from_numpy(token_frames(mask, grid, config.token_pixels))
    return replace(shards, tokens=every, frames=frames)
