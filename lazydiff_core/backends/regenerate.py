"""The paper's baselines: compute every token at every step, then keep the hole only (4.1).

`regenerate_image` computes the whole window. `regenerate_crop` computes a tight square around the
hole, resampled to half the side, and sees nothing else. Both are the lazy model's decoder with the
conditions of `lazydiff_core.model.network.baseline_conditions`.
"""

from __future__ import annotations

from lazydiff_core.backends.lazydiffusion import LazyBackend, load_as
from lazydiff_core.contract import Computed


class RegenerateBackend(LazyBackend):
    """A checkpoint of architecture `regenerate_image` or `regenerate_crop`."""

    _computed = Computed(everything=True)


def load_image(model: str, device: str | None) -> LazyBackend:
    """Load a model folder or hub id of architecture `regenerate_image`."""
    return load_as(RegenerateBackend, "regenerate_image", model, device)


def load_crop(model: str, device: str | None) -> LazyBackend:
    """Load a model folder or hub id of architecture `regenerate_crop`."""
    return load_as(RegenerateBackend, "regenerate_crop", model, device)
