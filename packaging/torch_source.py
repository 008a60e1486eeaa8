"""Prints how pip or uv get the build of torch that fits this machine, if not by default.

Needs nothing but Python: it runs before anything else is installed.

    torch_source.py       for pip: on Linux its default is the build for NVIDIA cards, gigabytes too
                          many for a machine without one
    torch_source.py --uv  for uv, which looks at the card itself

A machine that cannot reach PyTorch's own index takes torch from wherever it takes the rest.
"""

from __future__ import annotations

import platform
import sys
from pathlib import Path
from urllib.request import Request, urlopen

INDEX = "https://download.pytorch.org/whl/cpu"
# The kernel's side of NVIDIA's driver, and that of Windows in its Linux.
CARDS = (Path("/proc/driver/nvidia/version"), Path("/dev/nvidiactl"), Path("/dev/dxg"))


def main(arguments: list[str]) -> int:
    """Print the arguments, if there are any."""
    if arguments == ["--uv"]:
        print("--torch-backend=auto" if _reachable() else "")
    else:
        print(f"--extra-index-url {INDEX}" if _wants_cpu() and _reachable() else "")
    return 0


def _wants_cpu() -> bool:
    linux = sys.platform == "linux" and platform.machine() in ("x86_64", "aarch64")
    return linux and not any(card.exists() for card in CARDS)


def _reachable() -> bool:
    try:
        with urlopen(Request(f"{INDEX}/torch/", method="HEAD"), timeout=5):
            return True
    except OSError:
        return False


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
