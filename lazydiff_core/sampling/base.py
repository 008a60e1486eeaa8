"""What samplers share."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol, TypeAlias

import torch
from torch import Tensor

# (noised tokens (B,N,P), timesteps (B,) in 0..1000) -> prediction (B,N,P or 2P)
Model: TypeAlias = Callable[[Tensor, Tensor], Tensor]
# (step, steps, estimate of the clean tokens (B,N,P)); may raise to stop
Callback: TypeAlias = Callable[[int, int, Tensor], None]
# What a sampler asks a model for: noised tokens (B,N,P) and their timesteps (B,).
Asked: TypeAlias = tuple[Tensor, Tensor]
# A sampler under way: yields what it asks for, is sent the prediction, returns clean tokens
# (B,N,P). So several can go side by side and have their questions answered in one call.
Walk: TypeAlias = Generator[Asked, Tensor, Tensor]
# one a sample, so that a sample is the same alone and beside others
Generators: TypeAlias = Sequence[torch.Generator]


@dataclass(frozen=True)
class Start:
    """Where sampling starts. `noise` (B,N,P) unit Gaussian.

    With a `sketch` (B,N,P of clean latents) and strength < 1 it starts from the sketch, noised as
    far as `strength` says, instead of from pure noise (SDEdit; paper section 4.5).
    """

    noise: Tensor
    sketch: Tensor | None = None
    strength: float = 1.0

    @property
    def guided(self) -> bool:
        return self.sketch is not None and self.strength < 1.0


class WalkFunction(Protocol):
    """One sampler: deterministic given `start` and `generators`."""

    def __call__(
        self, start: Start, steps: int, generators: Generators, callback: Callback
    ) -> Walk:
        """Clean tokens (B,N,P); fresh noise, if any, comes from one generator a sample."""
        ...


def walk_to_end(walk: Walk, model: Model) -> Tensor:
    """Answer what one sampler asks for until it is done; returns its clean tokens."""
    try:
        asked = next(walk)
        while True:
            asked = walk.send(model(*asked))
    except StopIteration as end:
        clean: Tensor = end.value
        return clean


def walk_together(
    walks: Sequence[Walk], model: Callable[[dict[int, Asked]], list[Tensor]]
) -> list[Tensor | Exception]:
    """Let several samplers go step by step, all that ask being answered by one call of `model`.

    model: what is asked for, by the number of the walk, to the predictions in the same order.
    One whose callback raises drops out, and what it raised takes the place of its tokens; the
    others go on, and so does one that needs more steps than they.
    """
    asked: dict[int, Asked] = {}
    ended: dict[int, Tensor | Exception] = {}

    def go_on(number: int, step: Callable[[], Asked]) -> None:
        try:
            asked[number] = step()
        except StopIteration as end:
            ended[number] = end.value
        except Exception as error:
            ended[number] = error

    for number, walk in enumerate(walks):
        go_on(number, partial(next, walk))
    while asked:
        now, asked = asked, {}
        for number, prediction in zip(now, model(now), strict=True):
            go_on(number, partial(walks[number].send, prediction))
    return [ended[number] for number in range(len(walks))]
