"""The mark of strings that are translated elsewhere. Qt-free."""

from __future__ import annotations


def QT_TRANSLATE_NOOP(context: str, text: str) -> str:  # noqa: N802
    """The text itself, marked for Qt's tools to be translated where it is shown."""
    return text
