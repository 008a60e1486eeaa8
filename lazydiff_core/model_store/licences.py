"""What a model's licence says to "may I sell what I paint?", in one line.

A summary of well-known licences for orientation; what counts is the licence itself.
"""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

Sale: TypeAlias = Literal["yes", "conditions", "no", "unknown"]

SALE_SENTENCES: Final[dict[Sale, str]] = {
    "yes": "you may sell what you paint",
    "conditions": "you may sell what you paint, within its rules of use",
    "no": "not for commercial use: do not sell what you paint without the owner's consent",
    "unknown": "read it before you sell what you paint",
}
_FREE: Final = (
    "apache-2.0", "mit", "bsd", "bsd-2-clause", "bsd-3-clause", "cc0-1.0", "unlicense",
    "cc-by-4.0", "cc-by-sa-4.0",
)  # fmt: skip
_RULES: Final = ("openrail", "creativeml", "bigscience")
_BARRED: Final = ("non-commercial", "noncommercial", "-nc", "research")


def sale_of(licence: str) -> Sale:
    """What a licence, by its identifier on a hub, says to the sale of pictures."""
    name = licence.strip().lower().replace("_", "-").replace(" ", "-")
    if any(part in name for part in _BARRED):
        return "no"
    if name in _FREE:
        return "yes"
    return "conditions" if name.startswith(_RULES) else "unknown"


def licence_sentence(licence: str) -> str:
    """The licence and what it means for pictures, as part of a sentence."""
    return f"licence {licence or 'not stated'}: {SALE_SENTENCES[sale_of(licence)]}"
