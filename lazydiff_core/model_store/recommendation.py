"""What a public model means for a machine; no torch."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from lazydiff_core.model_store.catalogue import Quality
from lazydiff_core.model_store.licences import Sale


@dataclass(frozen=True)
class Recommendation:
    """A model for this machine.

    gb:      size of the download; 0 if it is here.
    plan:    how it is fitted in, or why it is not.
    seconds: estimate for a fill of a tenth of 1024x1024, with prompt and canvas known.
    """

    id: str
    name: str
    quality: Quality
    gb: float
    licence: str
    sale: Sale
    may_i_sell: str
    gated: bool
    installed: bool
    fits: bool
    plan: str
    seconds: float

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)
