from __future__ import annotations

import cv2
import numpy as np
import pytest

from lazydiff_core.evaluation.colour_words import COLOURS, Shade, has_colour
from lazydiff_core.evaluation.fills import Fill
from lazydiff_core.evaluation.kit import Kit, Pixels, load_kit
from lazydiff_core.evaluation.scores.colours import obeys
from lazydiff_core.evaluation.seams import Lab, to_lab
from lazydiff_core.evaluation.thing_trials import ColourTrial, colour_trials
from lazydiff_core.evaluation.trials import filled
from lazydiff_core.storage.resources import resource

# What a picture dictionary shows for each word, as lightness, chroma and hue.
TYPICAL = {
    "red": (48, 75, 30), "orange": (68, 75, 62), "yellow": (88, 75, 92), "green": (52, 50, 138),
    "turquoise": (68, 40, 190), "blue": (45, 55, 280), "purple": (42, 55, 315),
    "pink": (75, 38, 0), "brown": (38, 32, 58), "white": (94, 3, 90), "grey": (55, 2, 0),
    "black": (14, 2, 0),
}  # fmt: skip
# Named colours of CSS and what people call them.
NAMED = {
    "dc143c": "red", "ff8c00": "orange", "ffd700": "yellow", "228b22": "green", "32cd32": "green",
    "40e0d0": "turquoise", "008b8b": "turquoise", "4169e1": "blue", "0000ff": "blue",
    "87ceeb": "blue", "800080": "purple", "9370db": "purple", "ff69b4": "pink", "ffc0cb": "pink",
    "8b4513": "brown", "a0522d": "brown", "f8f8ff": "white", "808080": "grey", "111111": "black",
}  # fmt: skip


def flat(code: str, count: int = 50) -> Lab:
    pixels = np.array([[list(bytes.fromhex(code))] * count], np.uint8)
    return to_lab(pixels)[0]


@pytest.mark.parametrize(("code", "name"), NAMED.items())
def test_named_colours_are_called_as_they_are(code: str, name: str) -> None:
    called = [other for other in COLOURS if has_colour(flat(code), other)]
    assert name in called
    assert len(called) <= 2  # neighbours may overlap


@pytest.mark.parametrize(
    ("code", "name", "shade"),
    [
        ("add8e6", "blue", "light"), ("00008b", "blue", "dark"), ("90ee90", "green", "light"),
        ("006400", "green", "dark"), ("8b0000", "red", "dark"), ("d3d3d3", "grey", "light"),
        ("454545", "grey", "dark"), ("d8bfd8", "purple", "light"), ("c71585", "pink", "dark"),
    ],
)  # fmt: skip
def test_shades_are_told_apart(code: str, name: str, shade: Shade) -> None:
    other: Shade = "dark" if shade == "light" else "light"
    assert has_colour(flat(code), name, shade)
    assert not has_colour(flat(code), name, other)


def test_eyes_and_outlines_do_not_count_against_a_hue() -> None:
    cat = np.concatenate([flat("4169e1", 60), flat("ffffff", 20), flat("101010", 20)])
    assert has_colour(cat, "blue")
    assert not has_colour(cat, "white")
    assert not has_colour(cat, "black")


def test_a_touch_of_colour_is_not_the_colour() -> None:
    assert not has_colour(np.concatenate([flat("dc143c", 15), flat("ffffff", 85)]), "red")
    assert not has_colour(np.concatenate([flat("dc143c", 30), flat("228b22", 70)]), "red")
    assert not has_colour(flat("808080")[:0], "grey")


@pytest.fixture(scope="module")
def kit() -> Kit:
    return load_kit(resource("eval"))


def recoloured(rendering: Pixels, name: str, shade: Shade) -> Pixels:
    """All that has a hue, or all of it for white, grey and black, in the typical colour."""
    lightness, chroma, hue = TYPICAL[name]
    lightness += {"light": 20, "dark": -18, "": 0}[shade]
    lab = to_lab(np.ascontiguousarray(rendering[..., :3]))
    moved = rendering[..., 3] > 127
    if COLOURS[name].hues is not None:
        moved &= np.hypot(lab[..., 1], lab[..., 2]) >= 12
    middle = float(np.median(lab[..., 0][moved]))
    new = np.empty_like(lab)
    new[..., 0] = np.clip(lightness + (lab[..., 0] - middle) / 2, 2, 99)
    new[..., 1:] = chroma * np.array([np.cos(np.radians(hue)), np.sin(np.radians(hue))])
    both = cv2.cvtColor(np.where(moved[..., None], new, lab), cv2.COLOR_LAB2RGB)
    return np.dstack([np.rint(np.clip(both, 0, 1) * 255).astype(np.uint8), rendering[..., 3]])


def painted(kit: Kit, trial: ColourTrial, rendering: Pixels) -> Fill:
    square = trial.square.grow(-12)
    return Fill(trial, filled(trial.image, trial.mask, rendering, square), 0.0, 0, 0.1)


def test_recoloured_renderings_obey_and_others_do_not(kit: Kit) -> None:
    trials = colour_trials(kit, 40)
    wrong = 0
    for trial in trials:
        rendering = kit.renderings_of(trial.concept)[0]
        asked = painted(kit, trial, recoloured(rendering, trial.colour, trial.shade))
        assert obeys(asked, trial), trial.prompt
        wrong += obeys(painted(kit, trial, rendering), trial)
    assert wrong < len(trials) / 5  # some have the colour anyway


def test_an_empty_hole_obeys_nothing(kit: Kit) -> None:
    for trial in colour_trials(kit, 12):
        assert not obeys(Fill(trial, trial.image, 0.0, 0, 0.1), trial)
