"""Which public models fit a device, if what this program has loaded there makes room."""

from __future__ import annotations

from lazydiff_core.model_store import ModelRegistry
from lazydiff_core.model_store.recommendation import Recommendation


def recommended(device: str, registry: ModelRegistry) -> tuple[Recommendation, ...]:
    """The models of the catalogue, the best first. device: as for Engine.load; "" = the best.

    Takes a fraction of a second on the device; raises InputError for one that is not here.
    """
    from lazydiff_core.backends.recommending import recommend
    from lazydiff_core.model.files.devices import choose_device, held_bytes

    place = choose_device(device or None)
    return tuple(recommend(place, registry, held_bytes(place)))
