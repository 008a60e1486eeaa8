"""Installs what Qt and pip need of Debian and its relatives, or says which line does so.

Needs nothing but Python: it runs before anything else is installed.

    check_system.py              for the window: libraries of Qt and of X11, and python3-venv
    check_system.py --headless   for tests: no libraries of X11
    check_system.py --packages   prints all Debian packages, and changes nothing
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from app.system.libraries import ALWAYS, X11, missing, packages_of

ROOT = Path(__file__).resolve().parents[1]


def main() -> int:
    """Install what is missing; 1 where that is not possible, with the line to run."""
    if "--packages" in sys.argv[1:]:
        print(" ".join(packages_of(ALWAYS | X11)))
        return 0
    if sys.platform != "linux":
        return 0
    headless = "--headless" in sys.argv[1:]
    packages = packages_of(missing(ALWAYS if headless else ALWAYS | X11))
    if not (ROOT / ".venv").exists() and importlib.util.find_spec("ensurepip") is None:
        packages.append("python3-venv")
    if not packages:
        return 0
    command = _apt()
    if command and _install(command, packages):
        return 0
    print(
        f"LazyDiff needs system packages that are missing: install them with "
        f"`sudo apt-get install {' '.join(packages)}`.",
        file=sys.stderr,
    )
    return 1


def _apt() -> list[str]:
    """The command that installs packages without asking for a password; empty if there is none."""
    if shutil.which("apt-get") is None:
        return []
    if os.geteuid() == 0:
        return ["apt-get"]
    if shutil.which("sudo") is None:
        return []
    asks_nothing = subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False)
    return ["sudo", "-n", "apt-get"] if asks_nothing.returncode == 0 else []


def _install(apt: list[str], packages: list[str]) -> bool:
    print(f"Installing system packages: {' '.join(packages)}", file=sys.stderr)
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    install = [*apt, "install", "-qq", "--no-install-recommends", *packages]
    for command in (install, [*apt, "update", "-qq"], install):  # the lists may be of yesterday
        done = subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False)
        if command is install and done.returncode == 0:
            return True
    return False


if __name__ == "__main__":
    sys.exit(main())
