"""Text for fault reports: facts about program and computer, nothing private."""

from __future__ import annotations

import os
import platform
from dataclasses import fields
from importlib import metadata

from PySide6.QtCore import qVersion
from PySide6.QtGui import QGuiApplication

from app.system.settings import Settings
from lazydiff_core.contract import EngineInfo

_LIBRARIES = ("PySide6-Essentials", "torch", "diffusers", "transformers", "numpy", "pillow")
# Settings that cannot reveal paths or prompts, beside all whole numbers: names of choices, keys,
# colours, costs. All other settings are included only if the artist asks for them.
HARMLESS = (
    *("theme", "language", "key_preset", "own_keys", "brushes", "area_mode", "mask_colour"),
    *("mask_style", "costs", "quality"),
)


def report(info: EngineInfo | None, settings: Settings, *, private: bool = False) -> str:
    """The report as a few lines of text. private: include settings with paths and prompts."""
    lines = [
        f"LazyDiff {metadata.version('lazydiff')}",
        f"Python {platform.python_version()} on {platform.platform()}",
        f"Qt {qVersion()}, {QGuiApplication.platformName()}, {_screen()}",
        ", ".join(f"{name} {_version(name)}" for name in _LIBRARIES),
        f"{os.cpu_count()} processors",
        _engine(info),
        "",
        *(f"{name} = {value!r}" for name, value in _settings(settings, private=private)),
    ]
    return "\n".join(lines)


def _engine(info: EngineInfo | None) -> str:
    if info is None:
        return "No engine is loaded"
    return f"Model {info.model} ({info.model_hash[:12]}), {info.backend} on {info.device}"


def _settings(settings: Settings, *, private: bool) -> list[tuple[str, object]]:
    rows = [(row.name, getattr(settings, row.name), row.default) for row in fields(settings)]
    return [
        (name, value)
        for name, value, default in rows
        if value != default and (private or name in HARMLESS or isinstance(value, int))
    ]


def _screen() -> str:
    screen = QGuiApplication.primaryScreen()
    size = screen.size()
    return f"{size.width()}x{size.height()} at {screen.devicePixelRatio():g}"


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "missing"
