"""Guidance for several holes at once: their tokens lie in one row, without padding. Ours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from lazydiff_core.model.network.decoder import Hole, LazyDecoder
from lazydiff_core.model.network.prepared_decoder import PreparedDecoder
from lazydiff_core.model.network.segments import Segments
from lazydiff_core.model.text.prompt import Prompt, join_prompts
from lazydiff_core.sampling.base import Asked
from lazydiff_core.sampling.guidance import away_from


@dataclass(frozen=True, eq=False)
class Guided:
    """What `guided` takes for one hole: B samples with N tokens each."""

    hole: Hole
    prompt: Prompt
    away: Prompt
    scale: float

    @property
    def branches(self) -> tuple[Prompt, ...]:
        """The prompts that are computed, each for all samples."""
        return (self.prompt,) if self.scale == 1.0 else (self.prompt, self.away)

    @property
    def lengths(self) -> list[int]:
        """Tokens of each segment."""
        samples, tokens = self.hole.index.shape
        return [tokens] * samples * len(self.branches)


class PackedGuidance:
    """Answers walks of holes of any size by one call of the decoder; each as `guided` would.

    Made ready for those that ask; again only when one has dropped out or is done.
    """

    def __init__(self, decoder: LazyDecoder, members: Sequence[Guided]) -> None:
        self._decoder, self._members = decoder, members
        self._numbers: tuple[int, ...] = ()
        self._prepared: PreparedDecoder | None = None

    def __call__(self, asked: dict[int, Asked]) -> list[Tensor]:
        """The float32 predictions (B,N,...) of the members that ask."""
        members = [self._members[number] for number in asked]
        if self._prepared is None or self._numbers != tuple(asked):
            self._numbers, self._prepared = tuple(asked), _prepared(self._decoder, members)
        rows, times = [], []
        for member, (x_BNP, t_B) in zip(members, asked.values(), strict=True):
            rows += [x_BNP.flatten(0, 1)] * len(member.branches)
            times += [t_B] * len(member.branches)
        predicted = self._prepared(torch.cat(rows)[None], torch.cat(times))[0].float()
        parts = predicted.split([sum(member.lengths) for member in members])
        return list(self._guided(members, parts))

    def _guided(self, members: Sequence[Guided], parts: Sequence[Tensor]) -> Iterator[Tensor]:
        for member, part in zip(members, parts, strict=True):
            samples, tokens = member.hole.index.shape
            branches = part.view(-1, samples, tokens, part.shape[-1])
            if len(branches) == 1:
                yield branches[0]
            else:
                towards, other = branches
                width = self._decoder.config.token_width
                yield away_from(towards, other, member.scale, width)


def _prepared(decoder: LazyDecoder, members: Sequence[Guided]) -> PreparedDecoder:
    holes = [member.hole for member in members for _ in member.branches]
    row = Hole(
        *(
            torch.cat([part.flatten(0, 1) for part in parts])[None]
            for parts in zip(*((h.context, h.index, h.frame) for h in holes), strict=True)
        )
    )
    prompt = join_prompts(*(prompt for member in members for prompt in member.branches))
    lengths = tuple(length for member in members for length in member.lengths)
    return PreparedDecoder(decoder, row, prompt, Segments(lengths, lengths, row.index.device))
