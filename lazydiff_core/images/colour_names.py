"""The colours that prompts may name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

# What each colour's name stands for, sRGB.
COLOURS: Final[dict[str, tuple[int, int, int]]] = {
    "red": (220, 45, 45),
    "orange": (245, 140, 30),
    "yellow": (250, 210, 50),
    "green": (70, 170, 70),
    "turquoise": (50, 195, 185),
    "blue": (50, 105, 220),
    "purple": (145, 80, 200),
    "pink": (245, 140, 180),
    "brown": (130, 80, 45),
    "white": (238, 238, 240),
    "grey": (140, 140, 142),
    "black": (36, 36, 40),
}
# The lightness that a shade mixes a colour with, and how much of it.
SHADES: Final = {"": (0.0, 0.0), "light": (98.0, 0.4), "dark": (10.0, 0.35)}


@dataclass(frozen=True)
class Colour:
    """A colour that a prompt names: one of COLOURS, in one of SHADES."""

    name: str
    shade: str = ""

    def __str__(self) -> str:
        return f"{self.shade} {self.name}".strip()


EVERY_COLOUR: Final = tuple(Colour(name, shade) for name in COLOURS for shade in SHADES)
