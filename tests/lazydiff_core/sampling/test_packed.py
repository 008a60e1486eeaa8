"""Holes in one row against each alone, for every sampler, objective and kind of model."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor

from lazydiff_core.model.network.decoder import Hole, LazyDecoder
from lazydiff_core.model.network.lazy_model import LazyDiffusion
from lazydiff_core.model.text.prompt import Prompt
from lazydiff_core.sampling import SAMPLERS
from lazydiff_core.sampling.base import Start, walk_together
from lazydiff_core.sampling.guidance import guided
from lazydiff_core.sampling.packed import Guided, PackedGuidance

# diffusers' DPM-Solver does not know NumPy 2's `copy` yet.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
SHAPES = ((1, 5, 2.0), (2, 9, 3.0), (1, 2, 1.0))  # samples, tokens, guidance


def nothing(step: int, steps: int, estimate: Tensor) -> None: ...


def seeded(*seeds: int) -> list[torch.Generator]:
    return [torch.Generator().manual_seed(seed) for seed in seeds]


def prompt(decoder: LazyDecoder, samples: int, words: int) -> Prompt:
    states = torch.randn(samples, words, decoder.config.text_width)
    mask = torch.ones(samples, words, dtype=torch.bool)
    mask[:, words // 2 + 1 :] = False
    return Prompt(states, mask, states.mean(1))


def member(decoder: LazyDecoder, samples: int, tokens: int, scale: float) -> Guided:
    config = decoder.config
    hole = Hole(
        torch.randn(samples, tokens, config.width),
        torch.stack([torch.randperm(config.grid**2)[:tokens] for _ in range(samples)]),
        torch.rand(samples, tokens, 6),
    )
    return Guided(hole, prompt(decoder, samples, 4), prompt(decoder, samples, 2), scale)


@pytest.mark.parametrize("name", SAMPLERS)
@torch.inference_mode()
def test_in_one_row_each_walks_as_alone(make_lazy: Callable[..., LazyDiffusion], name: str) -> None:
    sampler = SAMPLERS[name]
    changes: dict[str, Any] = {"objective": sampler.objective}
    if sampler.objective == "iddpm":
        changes |= {"hole_frame": False, "pooled_text": False, "qk_norm": False}
    decoder = make_lazy(**changes).decoder
    torch.manual_seed(4)
    members = [member(decoder, *shape) for shape in SHAPES]
    noises = [torch.randn(b, n, decoder.config.token_width) for b, n, _ in SHAPES]

    def walk(k: int) -> Any:
        # Of several lengths: the shorter ones are done while the others go on.
        return sampler.walk(Start(noises[k]), 3 + k, seeded(*range(SHAPES[k][0])), nothing)

    together = walk_together([walk(k) for k in range(3)], PackedGuidance(decoder, members))
    for k, one in enumerate(members):
        model = guided(decoder, one.hole, one.prompt, one.away, one.scale)
        generators = seeded(*range(SHAPES[k][0]))
        alone = sampler.run(model, Start(noises[k]), 3 + k, generators, nothing)
        ours = together[k]
        assert isinstance(ours, Tensor)
        assert torch.allclose(ours, alone, atol=2e-4 * float(alone.abs().max()))


@torch.inference_mode()
def test_the_decoder_is_made_ready_only_when_the_members_change(
    make_lazy: Callable[..., LazyDiffusion], monkeypatch: pytest.MonkeyPatch
) -> None:
    from lazydiff_core.sampling import packed

    made: list[int] = []
    prepare = packed._prepared
    monkeypatch.setattr(
        packed, "_prepared", lambda decoder, few: made.append(len(few)) or prepare(decoder, few)
    )
    decoder = make_lazy().decoder
    members = [member(decoder, *shape) for shape in SHAPES]

    def stop(step: int, steps: int, estimate: Tensor) -> None:
        if step == 2:
            raise InterruptedError

    walks = [
        SAMPLERS["euler"].walk(Start(torch.randn(b, n, decoder.config.token_width)), 4, (), told)
        for (b, n, _), told in zip(SHAPES, (nothing, stop, nothing), strict=True)
    ]
    ended = walk_together(walks, PackedGuidance(decoder, members))
    assert made == [3, 2]
    assert [type(one) for one in ended] == [Tensor, InterruptedError, Tensor]
