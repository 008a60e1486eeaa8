"""Dials for the numbers of GenerationSettings."""

from __future__ import annotations

from app.ui.dial import Dial
from lazydiff_core.generation_settings import LIMITS

# By setting: step, decimals, and where the slider ends; the field goes as far as the limits do.
_SCALES = {"steps": (1, 0, 100), "guidance": (0.1, 1, 15), "strength": (0.05, 2, 1)}


def setting_dial(setting: str, name: str) -> Dial:
    """A dial for every value that the setting may have; `name` is read to screen readers."""
    limits = LIMITS[setting]
    step, decimals, end = _SCALES[setting]
    return Dial(name, limits.low, limits.high, step=step, decimals=decimals, slider_high=end)
