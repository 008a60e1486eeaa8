"""What the tests of several backends share."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from lazydiff_core.backends.protocols import DenoiseParams
from lazydiff_core.generation_settings import ResolvedSettings


def denoise_params(
    seeds: tuple[int, ...] = (3,),
    steps: int = 1,
    guidance: float = 1.0,
    sampler: str = "",
    strength: float = 1.0,
    sketch: npt.NDArray[np.float32] | None = None,
) -> DenoiseParams:
    """A denoising run of these seeds."""
    settings = ResolvedSettings(
        steps=steps, guidance=guidance, sampler=sampler, strength=strength, variants=len(seeds)
    )
    return DenoiseParams(settings, seeds, sketch)
