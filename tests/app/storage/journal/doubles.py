"""A disk that loses and reorders what was not synced, as a power cut would."""

from __future__ import annotations

import errno
import random

SECTOR = 512


class SimulatedDisk:
    """One growing file. `full_at`: it holds no more bytes; `fails_at`: that sync fails."""

    def __init__(self, full_at: int | None = None, fails_at: int | None = None) -> None:
        self.written = b""
        self._synced = 0
        self._full_at = full_at
        self._syncs_left = fails_at

    def write(self, data: bytes) -> None:
        room = len(data) if self._full_at is None else self._full_at - len(self.written)
        self.written += data[: max(0, room)]
        if room < len(data):
            raise OSError(errno.ENOSPC, "No space left on device")

    def sync(self) -> None:
        if self._syncs_left is not None:
            self._syncs_left -= 1
            if self._syncs_left < 0:
                raise OSError(errno.EIO, "Input/output error")
        self._synced = len(self.written)

    def close(self) -> None:
        pass

    def after_power_cut(self, rng: random.Random) -> bytes:
        """What may be left: all that was synced, and any part of the rest in any state."""
        left = bytearray(self.written)
        first = self._synced // SECTOR
        for sector in range(first, -(-len(left) // SECTOR)):
            start = max(self._synced, sector * SECTOR)
            end = min(len(left), (sector + 1) * SECTOR)
            left[start:end] = _fate(bytes(left[start:end]), rng)
        return bytes(left[: rng.randint(self._synced, len(left))])


def _fate(data: bytes, rng: random.Random) -> bytes:
    kept = rng.randint(0, len(data))
    return rng.choice(
        (
            data,
            bytes(len(data)),
            rng.randbytes(len(data)),
            data[:kept] + bytes(len(data) - kept),
        )
    )
