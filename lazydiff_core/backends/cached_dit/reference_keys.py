"""References whose keys are computed once, for all prompts, seeds and steps.

Their tokens attend to each other alone, at timestep 0, so nothing of a request is in their keys.
FLUX.2's KV weights were trained so (diffusers' Flux2KleinKVPipeline); for others, whose references
see text, picture and timestep, it is an approximation.
"""

from __future__ import annotations

from torch import Tensor

from lazydiff_core.backends.cached_dit.abilities import ReferenceFamily
from lazydiff_core.backends.cached_dit.family import Attend, Text
from lazydiff_core.backends.cached_dit.kv_cache import give_up, recorded
from lazydiff_core.backends.cached_dit.kv_entry import (
    KVCacheEntry,
    PlainAttention,
    ReuseKV,
    Storage,
)
from lazydiff_core.backends.cached_dit.token_canvas import References, TokenCanvas
from lazydiff_core.sampling.schedule import Schedule


class WithReferences:
    """A family whose passes attend to references, too."""

    def __init__(self, family: ReferenceFamily, references: References, storage: Storage) -> None:
        self.family, self.references, self.storage = family, references, storage
        self._entry: KVCacheEntry | None = None

    def keys(self) -> KVCacheEntry:
        """The references' keys, computed on first use. Raises KVCacheError."""
        if self._entry is None:
            x, places = self.references.tokens, self.references.places
            self._entry = recorded(
                self.storage,
                len(places),
                lambda record: self.family.predict_references(x, places, record),
            )
        if self._entry is None:
            give_up(self.references.tokens)
        return self._entry

    def predict(
        self, x_BNP: Tensor, place_N: Tensor, t: Tensor, text: Text, attend: Attend
    ) -> Tensor:
        """As `Family.predict`; raises KVCacheError."""
        return self.family.predict(x_BNP, place_N, t, text, ReuseKV(self.keys(), attend))


class ReferenceRun:
    """Mode "reference": there is nothing but the hole, the text and the references."""

    def __init__(self, passes: WithReferences, canvas: TokenCanvas, schedule: Schedule) -> None:
        self.passes, self.canvas, self.schedule = passes, canvas, schedule

    def predict(self, step: int, x_BNP: Tensor, text: Text) -> Tensor:
        """(B,N,P) prediction for hole tokens. Raises KVCacheError."""
        t = self.schedule.times[step]
        return self.passes.predict(x_BNP, self.canvas.hole_N, t, text, PlainAttention())
