"""What several test modules share: tiny sizes, drawn shapes, a clock that ticks by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
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


def tiny_lexicon(phrases: Mapping[str, str], channels: int = 4, cells: int = 16) -> Lexicon:
    """Two random renderings a word, in the first and third style; the last word is a surface.

    Of so many latent channels and cover; the surface has two pictures of cells x cells.
    """
    import torch

    from lazydiff_core.model.references.lexicon import Lexicon

    words = list(dict.fromkeys(phrases.values()))
    surface = words[-1]
    ends = [min(2 * k, 2 * len(words) - 2) for k in range(len(words) + 1)]
    generator = torch.Generator().manual_seed(0)

    def noise(*shape: int) -> torch.Tensor:
        return torch.randn(shape, generator=generator)

    def bytes_of(*shape: int) -> torch.Tensor:
        return (40 * noise(*shape)).clamp(-127, 127).to(torch.int8)

    return Lexicon(
        bytes_of(ends[-1], channels + 1, 12, 12),
        noise(ends[-1], channels + 1).abs() / 40,
        torch.tensor([[1.0, 0.5], [0.75, 1.0]]).half().repeat(len(words) - 1, 1),
        (0.05 * noise(ends[-1], 2, 4) + torch.tensor([1.0, 1, 0, 0])).half(),
        torch.arange(ends[-1]) % 2 * 2,
        bytes_of(2, channels, cells, cells),
        noise(2, channels).abs() / 40,
        {word: (ends[k], ends[k + 1]) for k, word in enumerate(words)},
        {surface: (0, 2)},
        {phrase: word for phrase, word in phrases.items() if word != surface},
        {phrase: word for phrase, word in phrases.items() if word == surface},
        frozenset(words[:1]),
        frozenset(words[2:3]),
    )


def tiny_people(tones: int = 5) -> Lexicon:
    """A cook in so many tones of skin, and a bone, which has none."""
    import torch

    from lazydiff_core.prompts.skin import TONED

    plain = tiny_lexicon({"a": "a", "b": "b", "c": "c", "bone": "bone", "grass": "grass"})
    rows = tones + 1
    return replace(
        plain,
        cells=plain.cells[:rows],
        scales=plain.scales[:rows],
        extents=plain.extents[:rows],
        turns=plain.turns[:rows],
        styles=torch.zeros(rows, dtype=torch.long),
        spans={TONED + "cook": (0, tones), "bone": (tones, rows)},
        grounds={},
        phrases={"cook": TONED + "cook", "bone": "bone"},
        surface_phrases={},
        leaning=frozenset(("bone",)),
        one_way=frozenset(),
    )
