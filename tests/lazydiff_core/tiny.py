"""What several test modules share: tiny sizes, drawn shapes, a clock that ticks by itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import cv2
import numpy as np

from lazydiff_core.training.stickers import STICKER_SIZE

if TYPE_CHECKING:
    from lazydiff_core.model.references.lexicon import Lexicon

# Of an AutoencoderConfig: 4 pixels a latent, 4 channels. Unmade, since making it imports torch.
TINY_AUTOENCODER: Final[dict[str, Any]] = {
    "scale": 4,
    "stem": 2,
    "channels": 4,
    "fine_width": 8,
    "width": 16,
    "blocks": 1,
    "decoder_widths": (16, 8),
    "decoder_blocks": (1, 1),
}


class Clock:
    """Stands in for `time`: every look at it takes a second, so runs have a known length."""

    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        self.now += 1
        return self.now


def polygon(colour: tuple[int, int, int], corners: int) -> np.ndarray:
    """A sticker, (256, 256, 4) uint8: a regular polygon in one colour."""
    sticker = np.zeros((STICKER_SIZE, STICKER_SIZE, 4), np.uint8)
    angles = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    points = 128 + 127 * np.stack([np.sin(angles), -np.cos(angles)], 1)
    cv2.fillPoly(sticker, [np.rint(points).astype(np.int32)], (*colour, 255), cv2.LINE_AA)
    return sticker


def tiny_lexicon(phrases: Mapping[str, str], channels: int = 4) -> Lexicon:
    """Two random renderings a word, in the first and third style; the last word has none.

    Five numbers a part; of fields of so many latent channels and cover.
    """
    import torch

    from lazydiff_core.model.references.lexicon import Lexicon

    words = list(dict.fromkeys(phrases.values()))
    ends = [min(2 * k, 2 * len(words) - 2) for k in range(len(words) + 1)]
    generator = torch.Generator().manual_seed(0)

    def noise(*shape: int) -> torch.Tensor:
        return torch.randn(shape, generator=generator)

    length = 16 * (channels + 1)
    return Lexicon(
        noise(ends[-1], 9, 5).half(),
        torch.tensor([[1.0, 0.5], [0.75, 1.0]]).half().repeat(len(words) - 1, 1),
        noise(ends[-1], 2, 4).abs().half() + 0.5,
        torch.arange(ends[-1]) % 2 * 2,
        noise(length),
        noise(length, 5),
        {word: (ends[k], ends[k + 1]) for k, word in enumerate(words)},
        dict(phrases),
        noise(len(words), 384).half(),
        frozenset(words[:1]),
        frozenset(words[2:3]),
    )
