"""Marks strings that are translated elsewhere. Qt-free."""

from __future__ import annotations


def QT_TRANSLATE_NOOP(context: str, text: str) -> str:  # noqa: N802
    """The text itself; Qt's tools collect it here, and it is translated where it is shown."""
    return text
