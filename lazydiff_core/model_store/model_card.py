"""What a model's card, README.md in its folder, says of its licence, in the fields before its text.

The fields are those of model cards on hubs: `license`, and `license_name` where that is "other";
and ours, `attribution`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lazydiff_core.model_store.licences import licence_sentence

CARD, _FENCE = "README.md", "---"
_MOST_LINES = 200


@dataclass(frozen=True)
class ModelCard:
    """licence: its identifier, "" = not stated. attribution: who is to be named beside which
    pictures, "" = nobody."""

    licence: str = ""
    attribution: str = ""

    @property
    def sentence(self) -> str:
        """Whether pictures may be sold, and who is to be named."""
        named = f"; to be named beside pictures: {self.attribution}" if self.attribution else ""
        return f"{licence_sentence(self.licence)}{named}"


def read_card(folder: Path) -> ModelCard:
    """The card of a model's folder; one that states nothing where there is none to be read."""
    try:
        lines = (folder / CARD).read_text(encoding="utf-8").splitlines()[:_MOST_LINES]
    except (OSError, UnicodeDecodeError):
        return ModelCard()
    if not lines or lines[0].strip() != _FENCE or _FENCE not in lines[1:]:
        return ModelCard()
    fields = dict(_field(line) for line in lines[1 : lines.index(_FENCE, 1)])
    licence = fields.get("license", "")
    if licence in ("", "other"):
        licence = fields.get("license_name", licence)
    return ModelCard(licence, fields.get("attribution", ""))


def _field(line: str) -> tuple[str, str]:
    name, _, value = line.partition(":")
    value = value.strip()
    quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
    return name.strip(), value[1:-1] if quoted else value
