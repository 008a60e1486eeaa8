"""Whether a model's padding may be kept: measured once on its own weights, then remembered.

A canned canvas is filled in full, with a bank, and with a bank and padding that is kept. That is
done if what it changes is less than what the bank itself does: with another prompt's padding, once
for all prompts, or else with a prompt's own.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

import numpy as np
from torch import Tensor

from lazydiff_core.backends.cached_dit.abilities import PaddedFamily
from lazydiff_core.backends.cached_dit.backend import CachedDit
from lazydiff_core.backends.cached_dit.cache_settings import CacheSettings, PaddingMode
from lazydiff_core.backends.protocols import DenoiseParams, ModelInput
from lazydiff_core.contract import RGB
from lazydiff_core.errors import LazyDiffError, ModelError
from lazydiff_core.generation_settings import ResolvedSettings
from lazydiff_core.model.files.config_file import read_object
from lazydiff_core.model_store.registry import default_registry
from lazydiff_core.storage.safe_files import make_folder, write_files

_log = logging.getLogger(__name__)

FILE: Final = "padding.json"  # beside the registry of models
MAX_STEPS: Final = 8
_PROMPT: Final = "a red apple with a green leaf on a wooden table, soft light"
_SEEDS: Final = (0, 1)
_BLANK: Final = 127  # as in the engine's crops
_HOLE: Final = (0.35, 0.65)  # of each side


@dataclass(frozen=True)
class PaddingCheck:
    """Root mean square differences of the hole's latents, in their standard deviations.

    bank:    of a fill with a bank from the full one.
    padding: of one with another prompt's padding, too, from that with a bank.
    own:     of one with the prompt's own padding, made without the hole, from that with a bank.
    """

    bank: float
    padding: float
    own: float

    @property
    def mode(self) -> PaddingMode:
        """How padding may be kept. Where no bank fits, all are 0, and it is computed."""
        if self.padding < self.bank:
            return "kept"
        return "kept_by_prompt" if self.own < self.bank else "computed"


def check_padding(
    family: PaddedFamily, settings: CacheSettings, tell: Callable[[int, int], None]
) -> PaddingCheck:
    """`tell` gets (percent, 100) and may raise Cancelled.

    Raises OutOfMemoryError.
    """
    bank = replace(settings, mode="bank", padding="computed")
    ways = (
        replace(bank, mode="full"),
        bank,
        replace(bank, padding="kept"),
        replace(bank, padding="kept_by_prompt"),
    )
    found = []
    for number, way in enumerate(ways):

        def on_step(step: int, steps: int, _estimate: Any, number: int = number) -> None:
            tell(round(100 * (number + step / steps) / len(ways)), 100)

        found.append(_fill(family, way, on_step))
    full, banked, kept, own = found
    return PaddingCheck(*map(_distance, (banked, kept, own), (full, banked, banked)))


def _fill(
    family: PaddedFamily, settings: CacheSettings, on_step: Callable[[int, int, Any], None]
) -> Tensor:
    dit = CachedDit(family, "", settings)
    context = dit.encode_context(_canvas(family.shape.side))
    text = dit.encode_prompt(_PROMPT, "")
    defaults = family.defaults
    fill = ResolvedSettings(
        variants=len(_SEEDS),
        steps=min(defaults.steps, MAX_STEPS),
        guidance=defaults.guidance,
        sampler=defaults.samplers[0],
    )
    return dit.denoise(context, text, DenoiseParams(fill, _SEEDS), on_step)


def _distance(one: Tensor, other: Tensor) -> float:
    return float((one - other).float().square().mean().sqrt())


def _canvas(side: int) -> ModelInput:
    """A drawn picture, sky over ground with a sun and grain, and a hole of 9% in its middle."""
    y, x = np.mgrid[:side, :side] / side
    grain = np.random.default_rng(0).normal(0, 6, (side, side, 1))
    sky = np.stack([90 + 100 * y, 140 + 80 * y, 230 - 20 * y], 2)
    ground = np.stack([120 - 60 * y, 90 + 20 * np.sin(40 * x), 50 + 0 * y], 2)
    picture = np.where((y > 0.6)[..., None], ground, sky)
    picture[(x - 0.2) ** 2 + (y - 0.2) ** 2 < 0.01] = (250, 220, 120)
    image: RGB = (picture + grain).clip(0, 255).astype(np.uint8)
    mask = np.zeros((side, side), np.bool_)
    low, high = (round(share * side) for share in _HOLE)
    mask[low:high, low:high] = True
    image[mask] = _BLANK
    return ModelInput(image, mask)


# --- what is remembered ---------------------------------------------------------------------------


def remembered_check(digest: str) -> PaddingCheck | None:
    """What was measured of a checkpoint, by its hash; None = nothing yet."""
    try:
        found = _remembered()[digest]
        return PaddingCheck(*(float(found[name]) for name in ("bank", "padding", "own")))
    except (LookupError, TypeError, ValueError):
        return None


def remember_check(digest: str, check: PaddingCheck) -> None:
    """Keep it for the next time; where that cannot be written, it is measured again then."""
    path = default_registry().folder / FILE
    text = json.dumps(_remembered() | {digest: asdict(check)}, indent=1)
    try:
        make_folder(path.parent)
        write_files({path: f"{text}\n".encode()})
    except LazyDiffError as error:
        _log.warning("What was measured of the padding is not kept: %s", error)


def _remembered() -> dict[str, Any]:
    path = default_registry().folder / FILE
    try:
        return read_object(path, odd=f"{path} is damaged.") if path.exists() else {}
    except ModelError as error:
        _log.warning("What was measured of paddings is measured again: %s", error)
        return {}
