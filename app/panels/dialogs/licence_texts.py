"""The answer to "may I sell what I paint?", in the window's language."""

from __future__ import annotations

from app.ui.translation import QT_TRANSLATE_NOOP, translate
from lazydiff_core.model_store.licences import Sale, sale_of
from lazydiff_core.model_store.model_card import ModelCard

_TEXTS: dict[Sale, str] = {
    "yes": QT_TRANSLATE_NOOP("Licences", "You may sell what you paint."),
    "conditions": QT_TRANSLATE_NOOP(
        "Licences", "You may sell what you paint, within its rules of use."
    ),
    "no": QT_TRANSLATE_NOOP(
        "Licences",
        "Not for commercial use: do not sell what you paint without the owner's consent.",
    ),
    "unknown": QT_TRANSLATE_NOOP("Licences", "Read the license before you sell what you paint."),
}


def sale_text(licence: str) -> str:
    """What a licence, by its identifier on a hub, says to the sale of pictures."""
    return translate("Licences", _TEXTS[sale_of(licence)])


def card_text(card: ModelCard) -> str:
    """What a model's card says to it: the licence, and who is to be named."""
    licence = card.licence or translate("Licences", "License not stated")
    text = f"{licence}. {sale_text(card.licence)}"
    if not card.attribution:
        return text
    named = translate("Licences", "To be named beside pictures: {}").format(card.attribution)
    return f"{text}\n{named}"
