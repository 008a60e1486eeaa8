"""What the fill panel's widgets say."""

from __future__ import annotations

from app.panels.fill.cost_label import PriceTag


def said(tag: PriceTag) -> str:
    """Without what keeps it from being broken in the wrong places."""
    return tag.text().replace("\u00a0", " ")
