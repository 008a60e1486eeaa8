"""Token dropping and the overlapped patches of the context encoder."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from lazydiff_core.model.network.context_encoder import ContextEncoder
from lazydiff_core.model.network.lazy_model import LazyDiffusion
from lazydiff_core.model.network.transformer_layers import take_tokens

EVERY = torch.arange(64)[None]
SOME = torch.tensor([[3, 12, 13, 40, 63]])


@pytest.fixture(scope="module")
def encoder(make_lazy: Callable[..., LazyDiffusion]) -> ContextEncoder:
    return make_lazy().context_encoder


@pytest.fixture
def latents() -> Tensor:
    return torch.randn(1, 4, 16, 16)


@pytest.fixture
def mask() -> Tensor:
    return (torch.rand(1, 1, 64, 64) > 0.5).float()


@torch.no_grad()
def embedded(encoder: ContextEncoder, latents: Tensor, mask: Tensor) -> Tensor:
    """Tokens before positions and blocks, (B, 64, D)."""
    down = encoder.mask_down(mask).expand(len(latents), -1, -1, -1)
    channels = torch.cat([latents.expand(len(down), -1, -1, -1), down], 1)
    return encoder.patches(channels).flatten(2).mT


def tokens_around(y: int, x: int) -> set[int]:
    """Those whose 4x4 latents, overlapping by one on each side, hold latent (y, x)."""
    rows = [r for r in range(8) if 2 * r - 1 <= y <= 2 * r + 2]
    columns = [c for c in range(8) if 2 * c - 1 <= x <= 2 * c + 2]
    return {r * 8 + c for r in rows for c in columns}


@torch.no_grad()
def test_dropping_tokens_is_gathering_afterwards(
    encoder: ContextEncoder, latents: Tensor, mask: Tensor
) -> None:
    dropped = encoder(latents, mask, SOME)
    assert dropped.shape == (1, 5, 32)
    assert torch.allclose(dropped, take_tokens(encoder(latents, mask, EVERY), SOME), atol=1e-5)


@torch.no_grad()
def test_dropping_tokens_is_masking(encoder: ContextEncoder, latents: Tensor, mask: Tensor) -> None:
    """Of the whole grid with visible tokens set to zero, the hole's are left."""
    hole = torch.zeros(1, 64, 1)
    hole[0, SOME[0]] = 1
    masked = encoder(latents, mask, EVERY) * hole
    scattered = torch.zeros_like(masked)
    scattered[0, SOME[0]] = encoder(latents, mask, SOME)[0]
    assert torch.allclose(scattered, masked, atol=1e-5)


@torch.no_grad()
def test_every_visible_token_counts(encoder: ContextEncoder, latents: Tensor, mask: Tensor) -> None:
    before = encoder(latents, mask, SOME)
    latents[..., 8, 0] += 1  # far from all of SOME
    assert (encoder(latents, mask, SOME) - before).abs().amax(-1).min() > 1e-6


@torch.no_grad()
def test_samples_do_not_mix(encoder: ContextEncoder, latents: Tensor, mask: Tensor) -> None:
    both = encoder(torch.cat([latents, -latents]), mask.expand(2, -1, -1, -1), SOME.expand(2, -1))
    assert torch.allclose(both[:1], encoder(latents, mask, SOME), atol=1e-5)
    assert torch.allclose(both[1:], encoder(-latents, mask, SOME), atol=1e-5)


def test_a_latent_reaches_the_tokens_whose_patch_holds_it(
    encoder: ContextEncoder, latents: Tensor, mask: Tensor
) -> None:
    """One changed latent a sample, 256 in all: four tokens see it, fewer at the border."""
    nudge = torch.eye(256).view(256, 1, 16, 16)
    still = embedded(encoder, latents + 0 * nudge, mask)
    moved = embedded(encoder, latents + nudge, mask) - still
    for place, change in enumerate(moved.abs().amax(-1)):
        changed = set((change > 1e-4).nonzero()[:, 0].tolist())
        assert changed == tokens_around(*divmod(place, 16))


@pytest.mark.parametrize("pixel", [(0, 0), (7, 8), (30, 33), (63, 63)])
def test_a_mask_pixel_reaches_the_tokens_around_its_latent(
    encoder: ContextEncoder, latents: Tensor, mask: Tensor, pixel: tuple[int, int]
) -> None:
    before = embedded(encoder, latents, mask)
    mask[0, 0][pixel] = 1 - mask[0, 0][pixel]
    change = (embedded(encoder, latents, mask) - before).abs().amax(-1)[0]
    changed = set((change > 1e-5).nonzero()[:, 0].tolist())
    assert changed == tokens_around(pixel[0] // 4, pixel[1] // 4)
