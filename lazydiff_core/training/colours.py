"""Colours of training objects: hues turned alike over a scene, and prompts that name a colour."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from lazydiff_core.images.colour_names import COLOURS, SHADES, Colour

Sticker = npt.NDArray[np.uint8]

NAMES = frozenset(COLOURS) | {"gray", "golden"}
PLAIN_SHADE = 0.6  # how often a colour is neither light nor dark


def tinted(sticker: Sticker, degrees: float) -> Sticker:
    """An RGBA sticker with its hue turned."""
    if not degrees:
        return sticker
    hsv = cv2.cvtColor(np.ascontiguousarray(sticker[..., :3]), cv2.COLOR_RGB2HSV)
    hsv[..., 0] = (hsv[..., 0].astype(np.int32) + round(degrees / 2)) % 180
    return np.dstack([cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB), sticker[..., 3]])


def plain_nouns(prompts: tuple[str, ...]) -> list[str]:
    """Prompts with their colour words left out, where something else remains."""
    bare = [" ".join(word for word in p.split() if word not in NAMES) for p in prompts]
    return [noun for noun in dict.fromkeys(bare) if noun]


def draw_colour(prompts: tuple[str, ...], rng: np.random.Generator) -> tuple[Colour | None, str]:
    """Any colour and a prompt that asks for the thing in it; None and "" for what has no name of
    its own but its colour's."""
    nouns = plain_nouns(prompts)
    if not nouns:
        return None, ""
    name = list(COLOURS)[int(rng.integers(len(COLOURS)))]
    shades = [shade for shade in SHADES if shade]
    shade = "" if rng.random() < PLAIN_SHADE else shades[int(rng.integers(len(shades)))]
    colour = Colour(name, shade)
    return colour, f"{colour} {nouns[int(rng.integers(len(nouns)))]}"
