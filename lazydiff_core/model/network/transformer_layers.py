"""Building blocks shared by the context encoder and the decoder.

Legend of shapes: B batch, N tokens, L prompt tokens, D width, C latent channels.
The decoder block is PixArt-alpha's (adaLN-single, cross-attention without norm or gate), so that
PixArt's weights fit; the tests compare it numerically with diffusers.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from lazydiff_core.model.network.segments import Segments, attend_within, modulations


def sincos_positions(width: int, grid: int, base: int, interpolation_scale: float) -> Tensor:
    """(grid*grid, width) fixed 2-D position embedding, row-major, as in PixArt.

    The first half encodes the column, the second the row; `base` and `interpolation_scale`
    stretch coordinates as diffusers' PatchEmbed does.
    """
    line = torch.arange(grid, dtype=torch.float64) / (grid / base) / interpolation_scale
    rows, columns = torch.meshgrid(line, line, indexing="ij")
    rates = 1.0 / 10000 ** (torch.arange(width // 4, dtype=torch.float64) / (width / 4))
    parts = []
    for axis in (columns, rows):
        angle = axis.reshape(-1, 1) * rates
        parts += [angle.sin(), angle.cos()]
    return torch.cat(parts, dim=1).float()


def timestep_features(t_B: Tensor, width: int = 256) -> Tensor:
    """(B, width) cos/sin features of timesteps in 0..1000, as in DDPM (cosines first)."""
    half = width // 2
    rates = torch.exp(-math.log(10000) * torch.arange(half, device=t_B.device) / half)
    angle = t_B.float()[:, None] * rates
    return torch.cat([angle.cos(), angle.sin()], dim=1)


def frame_features(frame_BN6: Tensor, octaves: int = 4) -> Tensor:
    """(B, N, 6 + 8*octaves) Fourier features of a token's place in its hole."""
    rates = math.pi * 2.0 ** torch.arange(octaves, device=frame_BN6.device)
    angle = (frame_BN6[..., :4, None] * rates).flatten(-2)
    return torch.cat([frame_BN6, angle.sin(), angle.cos()], dim=-1)


FRAME_FEATURES = 6 + 8 * 4


def patchify(z_BCHW: Tensor, patch: int) -> Tensor:
    """Latents to tokens: (B, C, H, W) -> (B, H/p * W/p, p*p*C), channels fastest."""
    b, c, h, w = z_BCHW.shape
    cells = z_BCHW.reshape(b, c, h // patch, patch, w // patch, patch)
    return cells.permute(0, 2, 4, 3, 5, 1).reshape(b, (h // patch) * (w // patch), -1)


def unpatchify(x_BNP: Tensor, patch: int, rows: int, columns: int) -> Tensor:
    """Tokens to latents: the inverse of `patchify` for a rows x columns grid."""
    b, _, p = x_BNP.shape
    c = p // patch**2
    cells = x_BNP.reshape(b, rows, columns, patch, patch, c)
    return cells.permute(0, 5, 1, 3, 2, 4).reshape(b, c, rows * patch, columns * patch)


def attend(q: Tensor, k: Tensor, v: Tensor, bias: Tensor | Segments | None) -> Tensor:
    """(B, heads, N, size) scaled dot-product attention of q, k and v of that shape.

    B = 1 for segments. For training on a CPU it is written out, because the backward pass of
    PyTorch's fused CPU kernel is several times slower than plain products at these sizes.
    """
    if isinstance(bias, Segments):
        return attend_within(q, k, v, bias)
    if not (q.requires_grad and q.device.type == "cpu"):
        return F.scaled_dot_product_attention(q, k, v, attn_mask=bias)
    scores = (q @ k.mT) * q.shape[-1] ** -0.5
    if bias is not None:
        scores = scores + bias
    y: Tensor = scores.softmax(-1).to(v.dtype) @ v
    return y


class QKNorm(nn.RMSNorm):
    """RMS norm in the input's own dtype, so that autocast keeps the fused kernel."""

    def __init__(self, size: int) -> None:
        super().__init__(size, eps=1e-6)

    def forward(self, x: Tensor) -> Tensor:
        assert self.weight is not None
        y: Tensor = F.rms_norm(x, tuple(self.normalized_shape), self.weight.to(x.dtype), self.eps)
        return y


def take_tokens(x_BND: Tensor, index_BM: Tensor) -> Tensor:
    """Some tokens of each sample: (B,N,D), (B,M) -> (B,M,D) (token dropping, paper equation 3)."""
    return x_BND.gather(1, index_BM[..., None].expand(-1, -1, x_BND.shape[-1]))


class Attention(nn.Module):
    """Multi-head attention of queries `x` over `memory` (itself for self-attention)."""

    def __init__(self, width: int, heads: int, qk_norm: bool) -> None:
        super().__init__()
        self.heads = heads
        self.query = nn.Linear(width, width)
        self.key = nn.Linear(width, width)
        self.value = nn.Linear(width, width)
        self.out = nn.Linear(width, width)
        size = width // heads
        self.query_norm = QKNorm(size) if qk_norm else nn.Identity()
        self.key_norm = QKNorm(size) if qk_norm else nn.Identity()

    def _split(self, x_BND: Tensor) -> Tensor:
        b, n, _ = x_BND.shape
        return x_BND.view(b, n, self.heads, -1).transpose(1, 2)

    def forward(
        self, x_BND: Tensor, memory: Tensor | None = None, bias: Tensor | Segments | None = None
    ) -> Tensor:
        """(B,N,D); `memory` is (B,M,D), by default `x_BND`.

        bias: added to the scores, broadcastable to (B, heads, N, M), -inf forbids; or Segments,
              for samples in one row.
        """
        source = x_BND if memory is None else memory
        q = self.query_norm(self._split(self.query(x_BND)))
        k = self.key_norm(self._split(self.key(source)))
        v = self._split(self.value(source))
        y = attend(q.to(v.dtype), k.to(v.dtype), v, bias)
        result: Tensor = self.out(y.transpose(1, 2).flatten(2))
        return result


class FeedForward(nn.Module):
    """Two linear layers with tanh-approximated GELU, four times wider inside."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.up = nn.Linear(width, 4 * width)
        self.down = nn.Linear(4 * width, width)

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.down(F.gelu(self.up(x), approximate="tanh"))
        return y


class MicroConditions(nn.Module):
    """Embedding of a picture's size and aspect ratio (PixArt-alpha at 1024 pixels)."""

    def __init__(self, width: int) -> None:
        super().__init__()
        third = width // 3
        self.size_in = nn.Linear(256, third)
        self.size_out = nn.Linear(third, third)
        self.aspect_in = nn.Linear(256, third)
        self.aspect_out = nn.Linear(third, third)

    def forward(self, size_B2: Tensor, aspect_B1: Tensor) -> Tensor:
        """(B,D) from height and width in pixels, and height / width.

        The first two thirds encode the size, the last third the ratio.
        """
        size = self.size_out(F.silu(self.size_in(timestep_features(size_B2.flatten()))))
        aspect = self.aspect_out(F.silu(self.aspect_in(timestep_features(aspect_B1.flatten()))))
        return torch.cat([size.view(len(size_B2), -1), aspect], dim=1)


class EncoderBlock(nn.Module):
    """Pre-norm ViT block."""

    def __init__(self, width: int, heads: int, qk_norm: bool) -> None:
        super().__init__()
        self.norm1 = nn.LayerNorm(width)
        self.attention = Attention(width, heads, qk_norm)
        self.norm2 = nn.LayerNorm(width)
        self.feed_forward = FeedForward(width)

    def forward(self, x: Tensor, kept_BM: Tensor | None = None) -> Tensor:
        """(B,N,D) -> (B,N,D), or (B,M,D) for the tokens `kept_BM` only; all are attended to."""
        normed = self.norm1(x)
        if kept_BM is None:
            x = x + self.attention(normed)
        else:
            x = take_tokens(x, kept_BM) + self.attention(take_tokens(normed, kept_BM), normed)
        y: Tensor = x + self.feed_forward(self.norm2(x))
        return y


class DecoderBlock(nn.Module):
    """PixArt-alpha block: adaLN-single, self-attention, cross-attention to the prompt, MLP."""

    def __init__(self, width: int, heads: int, qk_norm: bool) -> None:
        super().__init__()
        self.modulation = nn.Parameter(torch.zeros(6, width))
        self.norm = nn.LayerNorm(width, eps=1e-6, elementwise_affine=False)
        self.attention = Attention(width, heads, qk_norm)
        self.cross_attention = Attention(width, heads, qk_norm)
        self.feed_forward = FeedForward(width)

    def forward(
        self,
        x_BND: Tensor,
        time_B6D: Tensor,
        text_BLD: Tensor,
        text_bias: Tensor | Segments | None,
        bias: Tensor | Segments | None = None,
    ) -> Tensor:
        """(B,N,D); with Segments, x is (1,T,D), text (1,T',D), and time has one row per sample.

        If text has fewer samples than x, each serves a run of equally many samples.
        """
        shift1, scale1, gate1, shift2, scale2, gate2 = modulations(self.modulation, time_B6D, bias)
        x_BND = x_BND + gate1 * self.attention(self.norm(x_BND) * (1 + scale1) + shift1, bias=bias)
        shared = x_BND.unflatten(0, (len(text_BLD), -1)).flatten(1, 2)
        x_BND = x_BND + self.cross_attention(shared, text_BLD, text_bias).reshape(x_BND.shape)
        y: Tensor = x_BND + gate2 * self.feed_forward(self.norm(x_BND) * (1 + scale2) + shift2)
        return y
