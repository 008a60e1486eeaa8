"""Every surface by its name in section `surfaces` of resources/train/concepts.toml."""

from __future__ import annotations

import numpy as np

from lazydiff_core.training.backgrounds import Image, Rng
from lazydiff_core.training.surfaces.built import BUILT
from lazydiff_core.training.surfaces.drawing import Draw
from lazydiff_core.training.surfaces.grounds import GROUNDS
from lazydiff_core.training.surfaces.patterns import PATTERNS
from lazydiff_core.training.surfaces.skies import SKIES

SURFACES: dict[str, Draw] = {**SKIES, **GROUNDS, **BUILT, **PATTERNS}


def draw_surface(name: str, rng: Rng, side: int) -> Image:
    """(side, side, 3) float32 in [0, 1]; the same generator state gives the same picture."""
    return np.clip(SURFACES[name](rng, side), 0, 1)
