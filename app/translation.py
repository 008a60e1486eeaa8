"""Marking strings that are translated where they are shown, not where they stand."""

from __future__ import annotations


def QT_TRANSLATE_NOOP(context: str, text: str) -> str:  # noqa: N802
    """The text itself. Translation tools find the call by its name, which is Qt's."""
    return text
