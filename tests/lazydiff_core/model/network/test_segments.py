from __future__ import annotations

from collections.abc import Callable
from operator import itemgetter

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from lazydiff_core.model.network.decoder import Hole
from lazydiff_core.model.network.segments import Segments, attend_nested, attend_within, modulations
from lazydiff_core.model.text.prompt import Prompt, Told

LENGTHS, KEYS = (3, 5, 1), (2, 4, 6)
CPU = torch.device("cpu")
SEGMENTS = Segments(LENGTHS, KEYS, CPU)


def random(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


@pytest.mark.filterwarnings("ignore:The PyTorch API of nested tensors:UserWarning")
@pytest.mark.parametrize("attend", [attend_within, attend_nested])
def test_a_query_sees_its_own_sample_only(attend: Callable[..., Tensor]) -> None:
    """Equal, forwards and backwards, to attention whose mask forbids all other samples."""
    q, k, v = (random(1, 2, n, 8, seed=n).requires_grad_() for n in (9, 12, 13))
    v = v[:, :, :12].detach().requires_grad_()
    owners = torch.arange(3).repeat_interleave(torch.tensor(KEYS))
    allowed = SEGMENTS.rows[:, None] == owners
    expected = F.scaled_dot_product_attention(q, k, v, attn_mask=allowed)
    found = attend(q, k, v, SEGMENTS)
    assert torch.allclose(found, expected, atol=1e-6)
    weights = random(*expected.shape, seed=7)
    wanted = torch.autograd.grad((expected * weights).sum(), (q, k, v))
    given = torch.autograd.grad((found * weights).sum(), (q, k, v))
    assert all(map(lambda a, b: torch.allclose(a, b, atol=1e-6), wanted, given))


def test_each_token_takes_its_samples_modulation() -> None:
    table, time = random(2, 4), random(3, 2, 4, seed=1)
    in_row = modulations(table, time, SEGMENTS)
    alone = modulations(table, time, None)
    assert SEGMENTS.rows.tolist() == [0, 0, 0, 1, 1, 1, 1, 1, 2]
    for k, row in enumerate(SEGMENTS.rows.tolist()):
        assert all(torch.equal(a[k], b[row, 0]) for a, b in zip(in_row, alone, strict=True))


def test_the_same_queries_over_other_keys() -> None:
    other = SEGMENTS.towards([1, 1, 2])
    assert (other.queries, other.keys) == (LENGTHS, (1, 1, 2))


@pytest.mark.parametrize(
    "changes", [{}, {"hole_frame": False, "pooled_text": False}, {"look_styles": 2}]
)
def test_a_decoder_on_one_row_is_the_decoder_on_each_sample(
    make_lazy: Callable[..., torch.nn.Module], changes: dict[str, int]
) -> None:
    decoder = make_lazy(**changes).decoder
    index = [torch.randperm(64)[:n] for n in LENGTHS]
    contexts = [random(n, 32, seed=n) for n in LENGTHS]
    frames = [random(n, 6, seed=10 + n) for n in LENGTHS]
    x = [random(n, 16, seed=20 + n) for n in LENGTHS]
    t = torch.tensor([10.0, 500.0, 900.0])
    states, mask = random(3, 6, 384), torch.arange(6) < torch.tensor(KEYS)[:, None]
    told = None
    if "look_styles" in changes:
        told = Told(random(3, 5, 16, 16), torch.eye(3)[:, :2])
    prompt = Prompt(states, mask, random(3, 384), told)

    def row(parts: list[Tensor]) -> Tensor:
        return torch.cat(parts)[None]

    hole = Hole(row(contexts), row(index), row(frames))
    together = decoder(row(x), t, hole, prompt, Segments(LENGTHS, LENGTHS, CPU))[0]
    for k, found in enumerate(together.split(LENGTHS)):
        alone = Hole(contexts[k][None], index[k][None], frames[k][None])
        own = prompt.map(itemgetter(slice(k, k + 1)))
        expected = decoder(x[k][None], t[k : k + 1], alone, own)[0]
        assert torch.allclose(found, expected, atol=1e-5)
