"""The system libraries that Qt needs on Linux and pip cannot install."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterable, Mapping

# Shared library -> Debian package: from `ldd` on PySide6's QtWidgets and its offscreen and xcb
# platform plugins, without the libraries that every Debian has.
ALWAYS = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libxkbcommon.so.0": "libxkbcommon0",
}
X11 = {
    "libX11.so.6": "libx11-6",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb.so.1": "libxcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}


def what_is_missing(environment: Mapping[str, str] = os.environ) -> str:
    """One sentence on why the app cannot open a window here; empty if it can."""
    if sys.platform != "linux":
        return ""
    platform = environment.get("QT_QPA_PLATFORM", "")
    wayland = bool(environment.get("WAYLAND_DISPLAY"))
    if not platform and not wayland and not environment.get("DISPLAY"):
        return "There is no screen to open the window on: use `lazydiff fill` instead."
    shown_by_x11 = platform.startswith("xcb") or (not platform and not wayland)
    packages = packages_of(missing(ALWAYS | (X11 if shown_by_x11 else {})))
    if not packages:
        return ""
    return f"Qt lacks system libraries: run `sudo apt-get install {' '.join(packages)}` first."


def missing(libraries: Iterable[str]) -> list[str]:
    """The libraries that the dynamic loader cannot find."""
    return [library for library in libraries if not _loads(library)]


def packages_of(libraries: Iterable[str]) -> list[str]:
    """The Debian packages of some libraries, sorted."""
    return sorted({(ALWAYS | X11)[library] for library in libraries})


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True
