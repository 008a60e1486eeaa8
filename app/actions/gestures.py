"""The pointer gestures with modifier keys, listed for help; the same in every preset."""

from __future__ import annotations

from dataclasses import dataclass

from app.ui.translation import QT_TRANSLATE_NOOP


@dataclass(frozen=True)
class Gesture:
    """A row of GESTURES. Texts are source strings for translation."""

    title: str
    keys: str


GESTURES: tuple[Gesture, ...] = (
    Gesture(
        QT_TRANSLATE_NOOP("Actions", "Zoom"),
        QT_TRANSLATE_NOOP("Actions", "Mouse wheel"),
    ),
    Gesture(
        QT_TRANSLATE_NOOP("Actions", "Move the canvas"),
        QT_TRANSLATE_NOOP("Actions", "Space+drag, middle button"),
    ),
    Gesture(
        QT_TRANSLATE_NOOP("Actions", "Zoom freely"),
        QT_TRANSLATE_NOOP("Actions", "Ctrl+Space+drag"),
    ),
    Gesture(
        QT_TRANSLATE_NOOP("Actions", "Turn the canvas"),
        QT_TRANSLATE_NOOP("Actions", "Shift+Space+drag"),
    ),
    Gesture(
        QT_TRANSLATE_NOOP("Actions", "Brush size"),
        QT_TRANSLATE_NOOP("Actions", "Shift+drag, Ctrl+mouse wheel"),
    ),
    Gesture(
        QT_TRANSLATE_NOOP("Actions", "Erase, or pick a color"),
        QT_TRANSLATE_NOOP("Actions", "Alt+drag"),
    ),
    Gesture(
        QT_TRANSLATE_NOOP("Actions", "Add an area"),
        QT_TRANSLATE_NOOP("Actions", "Shift+drag"),
    ),
    Gesture(
        QT_TRANSLATE_NOOP("Actions", "Subtract an area"),
        QT_TRANSLATE_NOOP("Actions", "Alt+drag"),
    ),
    Gesture(
        QT_TRANSLATE_NOOP("Actions", "Intersect with an area"),
        QT_TRANSLATE_NOOP("Actions", "Shift+Alt+drag"),
    ),
    Gesture(
        QT_TRANSLATE_NOOP("Actions", "Close a polygon"),
        QT_TRANSLATE_NOOP("Actions", "Enter, double click"),
    ),
    Gesture(
        QT_TRANSLATE_NOOP("Actions", "Polygon: back one corner"),
        QT_TRANSLATE_NOOP("Actions", "Backspace"),
    ),
    Gesture(
        QT_TRANSLATE_NOOP("Actions", "Stop the stroke"),
        QT_TRANSLATE_NOOP("Actions", "Esc"),
    ),
    Gesture(
        QT_TRANSLATE_NOOP("Actions", "Compare a variant"),
        QT_TRANSLATE_NOOP("Actions", "Space, held down"),
    ),
)
