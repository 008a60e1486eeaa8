"""The attention in Z-Image's blocks, over any set of tokens, and what a block is told of them.

Legend of shapes as in family.py.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch.nn import functional as F

from lazydiff_core.backends.cached_dit.family import Attend, attention


class Rotary(NamedTuple):
    """A rotation of keys and queries for each token: cosine and sine, (N,size)."""

    cosine: Tensor
    sine: Tensor

    @classmethod
    def joined(cls, *parts: Rotary) -> Rotary:
        return cls(*(torch.cat(part) for part in zip(*parts, strict=True)))

    def at(self, places: Tensor | slice) -> Rotary:
        return Rotary(self.cosine[places], self.sine[places])

    def turn(self, x: Tensor) -> Tensor:
        """(B,N,heads,size) -> (B,N,W), each token turned by its place."""
        from diffusers.models import embeddings

        turn: Any = embeddings.apply_rotary_emb
        turned: Tensor = turn(x, (self.cosine, self.sine), sequence_dim=1)
        return turned.flatten(2)


@dataclass(frozen=True, eq=False)
class Seen:
    """What the tokens of a block attend to: `text` tokens, and behind them those of the picture.

    real: (B,text), False for tokens that nobody may see.
    """

    rotary: Rotary
    text: int
    attend: Attend | None = None
    layer: int = 0
    real: Tensor | None = None

    def all(self, key: Tensor, value: Tensor) -> tuple[Tensor, Tensor]:
        """Keys and values (B,M,W) of all that is seen, for those of the computed tokens."""
        if self.attend is None:
            return key, value
        text = self.text
        keys, values = self.attend(self.layer, key[:, text:], value[:, text:])
        return torch.cat([key[:, :text], keys], 1), torch.cat([value[:, :text], values], 1)

    def mask(self, key: Tensor) -> Tensor | None:
        """(B,1,1,M), False for keys that are hidden; None if all are seen."""
        if self.real is None:
            return None
        return F.pad(self.real, (0, key.shape[1] - self.text), value=True)[:, None, None]


@dataclass(eq=False)
class ZImagePass:
    """What the blocks of one pass have in common; it counts those that ask for image keys.

    time:  the timestep, as blocks are told it.
    text:  (B,L,W). real: as in `Seen`.
    image: the rotation of the computed image tokens. both: of text and image.
    """

    time: Tensor
    text: Tensor
    real: Tensor | None
    image: Rotary
    both: Rotary
    attend: Attend
    asked: int = 0

    def alone(self) -> Seen:
        """What the next block of image tokens alone is told."""
        return Seen(self.image, 0, self.attend, self._next())

    def joint(self) -> Seen:
        """What the next block of text and image tokens is told."""
        return Seen(self.both, self.text.shape[1], self.attend, self._next(), self.real)

    def with_text(self, image: Tensor) -> Tensor:
        """(B,L+N,W): the text in front of the image tokens."""
        return torch.cat([self.text, image], 1)

    def _next(self) -> int:
        self.asked += 1
        return self.asked - 1


class _JointAttention:
    """Attention of a block, told by its `freqs_cis` what there is to see."""

    def __call__(
        self,
        attn: Any,
        hidden_states: Tensor,
        encoder_hidden_states: None = None,
        attention_mask: None = None,
        *,
        freqs_cis: Seen,
    ) -> Tensor:
        def heads(x: Tensor) -> Tensor:
            parts: Tensor = x.unflatten(-1, (attn.heads, -1))
            return parts

        seen, x = freqs_cis, hidden_states
        query = seen.rotary.turn(attn.norm_q(heads(attn.to_q(x))))
        key, value = seen.rotary.turn(attn.norm_k(heads(attn.to_k(x)))), attn.to_v(x)
        key, value = seen.all(key, value)
        out: Tensor = attn.to_out[0](attention(query, key, value, attn.heads, seen.mask(key)))
        return out


def install_attention(blocks: Iterable[Any]) -> None:
    """Let blocks of diffusers attend to what their `freqs_cis`, a `Seen`, says."""
    for block in blocks:
        block.attention.set_processor(_JointAttention())
