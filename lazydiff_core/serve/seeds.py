"""Seeds for clients that ask for a random one."""

from __future__ import annotations

import secrets


def random_seed() -> int:
    """A seed that every client can hold: 31 bits, since some read numbers as such."""
    return secrets.randbelow(2**31)
