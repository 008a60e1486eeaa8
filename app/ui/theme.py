"""Colours and spacing of the app, dark and light, as a palette and a style sheet."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from string import Template
from typing import cast

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from lazydiff_core.storage.resources import resource

SCHEMES = {
    "system": Qt.ColorScheme.Unknown,
    "light": Qt.ColorScheme.Light,
    "dark": Qt.ColorScheme.Dark,
}


@dataclass(frozen=True)
class Theme:
    """All colours of the app, by role."""

    window: str
    panel: str
    field: str
    surround: str
    border: str
    text: str
    dim: str
    hover: str
    accent: str
    accent_hover: str
    on_accent: str
    chosen: str
    danger: str
    danger_back: str


DARK = Theme(
    window="#25272b",
    panel="#2b2d32",
    field="#1d1f22",
    surround="#191a1d",
    border="#3b3e45",
    text="#e8e9eb",
    dim="#b0b6c0",
    hover="#383b42",
    accent="#6797f3",
    accent_hover="#7ca7f8",
    on_accent="#0b1220",
    chosen="#33456b",
    danger="#ff8078",
    danger_back="#45292b",
)
LIGHT = Theme(
    window="#f1f2f4",
    panel="#f8f9fa",
    field="#ffffff",
    surround="#c6c9cf",
    border="#d3d6db",
    text="#1f2329",
    dim="#5a616c",
    hover="#e3e6ea",
    accent="#2f63d6",
    accent_hover="#2454bd",
    on_accent="#ffffff",
    chosen="#d5e1fb",
    danger="#b3261e",
    danger_back="#fbe3e1",
)


def chosen(choice: str) -> Theme:
    """The theme for a key of SCHEMES; any other key follows the system, by default light."""
    scheme = SCHEMES.get(choice, Qt.ColorScheme.Unknown)
    if scheme == Qt.ColorScheme.Unknown:
        scheme = _system()
    return DARK if scheme == Qt.ColorScheme.Dark else LIGHT


def apply(choice: str) -> None:
    """Apply the theme to the whole program, and to title bars where the system allows it."""
    QApplication.styleHints().setColorScheme(SCHEMES.get(choice, Qt.ColorScheme.Unknown))
    theme = chosen(choice)
    application = cast(QApplication, QApplication.instance())
    application.setPalette(_palette(theme))
    sheet = Template(resource("themes/window.qss").read_text(encoding="utf-8"))
    folder = resource("icons").as_posix()
    shade = "dark" if theme == DARK else "light"
    application.setStyleSheet(sheet.substitute(asdict(theme), icons=folder, shade=shade))


def _system() -> Qt.ColorScheme:
    return QApplication.styleHints().colorScheme()


def _palette(theme: Theme) -> QPalette:
    role = QPalette.ColorRole
    colours = {
        role.Window: theme.window,
        role.WindowText: theme.text,
        role.Base: theme.field,
        role.AlternateBase: theme.panel,
        role.Text: theme.text,
        role.Button: theme.panel,
        role.ButtonText: theme.text,
        role.ToolTipBase: theme.panel,
        role.ToolTipText: theme.text,
        role.PlaceholderText: theme.dim,
        role.Highlight: theme.accent,
        role.HighlightedText: theme.on_accent,
        role.Accent: theme.accent,
        role.BrightText: theme.danger,
        role.Dark: theme.surround,
        role.Mid: theme.border,
        role.Link: theme.accent,
    }
    palette = QPalette()
    for key, colour in colours.items():
        palette.setColor(key, QColor(colour))
    for key in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText):
        palette.setColor(QPalette.ColorGroup.Disabled, key, QColor(theme.dim))
    return palette
