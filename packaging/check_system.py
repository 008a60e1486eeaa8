"""Says which of the system libraries that Qt needs are missing on Debian and its relatives.

Needs nothing but Python: it runs before anything is installed.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from app.system.libraries import ALWAYS, X11, missing, packages_of


def main() -> int:
    """Print the missing libraries and exit with 1, or, with --packages, all Debian packages."""
    libraries = ALWAYS | X11
    if "--packages" in sys.argv[1:]:
        print(" ".join(packages_of(libraries)))
        return 0
    absent = missing(libraries) if sys.platform == "linux" else []
    if absent:
        print(
            f"LazyDiff's window needs system libraries that are missing ({', '.join(absent)}): "
            f"install them with `sudo apt-get install {' '.join(packages_of(absent))}`.",
            file=sys.stderr,
        )
    return 1 if absent else 0


if __name__ == "__main__":
    sys.exit(main())
