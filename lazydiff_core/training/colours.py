"""Hues of objects: turned alike over a whole scene, or to the colour that a prompt names. Ours."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

Sticker = npt.NDArray[np.uint8]

# Degrees on the colour circle.
HUES = {"red": 0.0, "orange": 28.0, "yellow": 52.0, "green": 120.0, "blue": 215.0, "purple": 275.0}
NAMES = frozenset(HUES) | {"pink", "brown", "white", "black", "gray", "grey", "golden"}
LEAST_TURN = 25.0  # degrees: less would name the colour that an object has anyway
ONE_COLOUR = 0.85  # how alike an object's hues must be, 0 .. 1, for it to have a colour at all


def tinted(sticker: Sticker, degrees: float) -> Sticker:
    """An RGBA sticker with its hue turned."""
    if not degrees:
        return sticker
    hsv = cv2.cvtColor(np.ascontiguousarray(sticker[..., :3]), cv2.COLOR_RGB2HSV)
    hsv[..., 0] = (hsv[..., 0].astype(np.int32) + round(degrees / 2)) % 180
    return np.dstack([cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB), sticker[..., 3]])


def own_hue(sticker: Sticker) -> float | None:
    """The hue of an RGBA sticker in degrees; None where it is grey or of many colours."""
    hsv = cv2.cvtColor(np.ascontiguousarray(sticker[..., :3]), cv2.COLOR_RGB2HSV)
    hue, saturation, value = np.moveaxis(hsv.astype(np.float64), -1, 0)
    weight = saturation * value * sticker[..., 3] / 255**3
    mean = (weight * np.exp(2j * np.pi * hue / 180)).sum() / max(weight.sum(), 1e-9)
    if weight.sum() < 0.35 * (sticker[..., 3] / 255).sum() or abs(mean) < ONE_COLOUR:
        return None
    return float(np.degrees(np.angle(mean)) % 360)


def plain_noun(prompts: tuple[str, ...]) -> str:
    """The first of some prompts with its colour words left out; "" if nothing else remains."""
    words = [word for word in prompts[0].split() if word not in NAMES]
    return " ".join(words)


def recoloured(
    sticker: Sticker, prompts: tuple[str, ...], rng: np.random.Generator
) -> tuple[Sticker, str]:
    """An object in another colour and the prompt that asks for it; as it is, and "", if it has no
    colour of its own to change."""
    own, noun = own_hue(sticker), plain_noun(prompts)
    if own is None or not noun:
        return sticker, ""
    turns = {name: (hue - own + 180) % 360 - 180 for name, hue in HUES.items()}
    names = [name for name, turn in turns.items() if abs(turn) >= LEAST_TURN]
    name = names[int(rng.integers(len(names)))]
    return tinted(sticker, turns[name]), f"{name} {noun}"
