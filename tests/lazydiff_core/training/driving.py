"""What tests of runs share."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest
import torch

from lazydiff_core.training.checkpoints import Saved, checkpoints
from lazydiff_core.training.loop import Loop


def free_port() -> int:
    """A port of this machine on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def same_checkpoints(one: Path, other: Path, step: int) -> None:
    """Their last ones, of this step, hold the same, bit by bit."""
    (number, folder), (theirs, their_folder) = checkpoints(one)[-1], checkpoints(other)[-1]
    assert number == theirs == step
    for part in ("model", "ema", "optimizer"):
        found, expected = Saved(folder).read(part), Saved(their_folder).read(part)
        assert found.keys() == expected.keys()
        assert all(torch.equal(value, expected[name]) for name, value in found.items())


def stop_at(patch: pytest.MonkeyPatch, count: int) -> None:
    """Runs are stopped from without before their step of this number."""
    step, calls = Loop.train_step, list[int]()

    def stops(self: Any, batches: Any) -> Any:
        calls.append(1)
        if len(calls) == count:
            raise KeyboardInterrupt
        return step(self, batches)

    patch.setattr(Loop, "train_step", stops)
