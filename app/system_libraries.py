"""What Qt needs of a Linux system and pip cannot install."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Mapping

# Shared library -> Debian package.
_ALWAYS = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libfontconfig.so.1": "libfontconfig1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libxkbcommon.so.0": "libxkbcommon0",
}
_X11 = {
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
}


def what_is_missing(environment: Mapping[str, str] = os.environ) -> str:
    """One sentence on what keeps the window from opening here; empty if nothing does."""
    if sys.platform != "linux":
        return ""
    platform = environment.get("QT_QPA_PLATFORM", "")
    wayland = bool(environment.get("WAYLAND_DISPLAY"))
    if not platform and not wayland and not environment.get("DISPLAY"):
        return "There is no screen to open the window on: use `lazydiff fill` instead."
    shown_by_x11 = platform.startswith("xcb") or (not platform and not wayland)
    packages = missing_packages(_ALWAYS | (_X11 if shown_by_x11 else {}))
    if not packages:
        return ""
    return f"Qt lacks system libraries: run `sudo apt-get install {' '.join(packages)}` first."


def missing_packages(libraries: Mapping[str, str]) -> list[str]:
    """The packages of those libraries that cannot be loaded."""
    return [package for library, package in libraries.items() if not _loads(library)]


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True
