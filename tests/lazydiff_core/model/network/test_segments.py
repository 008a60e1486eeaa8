from __future__ import annotations

from collections.abc import Callable
from functools import partial
from operator import itemgetter

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F
from torch.utils.checkpoint import checkpoint

from lazydiff_core.model.network import transformer_layers
from lazydiff_core.model.network.decoder import Hole
from lazydiff_core.model.network.segments import Segments, attend_nested, attend_within, modulations
from lazydiff_core.model.text.prompt import Prompt, Told
from tests.lazydiff_core.model.doubles import replace_efficient_kernel, replace_flash_kernel

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


@pytest.mark.filterwarnings("ignore:The PyTorch API of nested tensors:UserWarning")
@pytest.mark.parametrize("replace_kernel", [replace_flash_kernel, replace_efficient_kernel])
def test_recomputed_blocks_find_the_nested_tensors_they_left(
    make_lazy: Callable[..., torch.nn.Module],
    monkeypatch: pytest.MonkeyPatch,
    replace_kernel: Callable[[pytest.MonkeyPatch], list[int]],
) -> None:
    """The decoder's loss and gradients, as on CUDA but for the kernel: recomputed, and plainly."""
    calls = replace_kernel(monkeypatch)
    t = torch.tensor([10.0, 500.0, 900.0])
    index = torch.cat([torch.arange(n) for n in LENGTHS])[None]
    hole = Hole(random(1, 9, 32), index, random(1, 9, 6, seed=1))
    mask = torch.arange(6) < torch.tensor(KEYS)[:, None]
    prompt = Prompt(random(3, 6, 384, seed=2), mask, random(3, 384, seed=3))

    def trained(attend: Callable[..., Tensor], recomputed: bool) -> list[Tensor]:
        monkeypatch.setattr(transformer_layers, "attend_within", attend)
        decoder = make_lazy().decoder
        if recomputed:
            for block in decoder.blocks:
                block.forward = partial(checkpoint, block.forward, use_reentrant=False)
        given = random(1, 9, 16, seed=4), t, hole, prompt, Segments(LENGTHS, LENGTHS, CPU)
        loss = decoder(*given).square().mean()
        loss.backward()
        gradients = [p.grad for p in decoder.parameters() if p.grad is not None]
        return [loss.detach(), *gradients]

    plain = trained(attend_within, recomputed=False)
    found = trained(attend_nested, recomputed=True)
    assert len(plain) == len(found) > 20
    assert len(calls) == 2 * 2 * 2  # two blocks, attention to itself and to the prompt, twice
    assert all(map(lambda a, b: torch.allclose(a, b, atol=1e-6), plain, found))


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
