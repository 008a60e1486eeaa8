"""What models can run on here."""

from __future__ import annotations

import sys


def available_devices() -> tuple[str, ...]:
    """Names for `device`, the CPU first.

    Asks torch where it has been imported already: a backend that does without knows the CPU only.
    """
    torch = sys.modules.get("torch")
    if torch is None:
        return ("cpu",)
    cuda = [f"cuda:{number}" for number in range(torch.cuda.device_count())]
    mps = ["mps"] if torch.backends.mps.is_available() else []
    return ("cpu", *cuda, *mps)
