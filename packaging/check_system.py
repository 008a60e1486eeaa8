"""Says which of the system libraries that Qt needs are missing on Debian and its relatives.

Needs nothing but Python. The list is what `ldd` shows for PySide6's QtWidgets and its xcb and
offscreen platform plugins, less what every Debian has.
"""

from __future__ import annotations

import ctypes
import sys

PACKAGES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11.so.6": "libx11-6",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
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
    "libxkbcommon.so.0": "libxkbcommon0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}


def missing() -> list[str]:
    """Libraries that the dynamic loader cannot find."""
    return [library for library in PACKAGES if not _loads(library)]


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _packages(libraries: list[str]) -> str:
    return " ".join(sorted({PACKAGES[library] for library in libraries}))


def main() -> int:
    """Print the missing libraries and exit with 1, or, with --packages, all Debian packages."""
    if "--packages" in sys.argv[1:]:
        print(_packages(list(PACKAGES)))
        return 0
    absent = missing() if sys.platform == "linux" else []
    if absent:
        print(
            f"LazyDiff's window needs system libraries that are missing ({', '.join(absent)}): "
            f"install them with `sudo apt-get install {_packages(absent)}`.",
            file=sys.stderr,
        )
    return 1 if absent else 0


if __name__ == "__main__":
    sys.exit(main())
