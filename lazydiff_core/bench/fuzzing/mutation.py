"""Ways to break a file, as in mutation fuzzers (AFL's havoc stage)."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import TypeAlias

_MAX_CHANGES = 6
# Numbers that readers trip over: zero, all bits, the largest signed and unsigned, one too many.
_NUMBERS = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)
_MAX_CHUNK = 4096

Change: TypeAlias = Callable[[bytearray, random.Random], None]


def mutate(samples: Sequence[bytes], rng: random.Random) -> bytes:
    """A sample with some bytes changed, deleted, moved, repeated or taken from another sample."""
    data = bytearray(rng.choice(samples))
    for _ in range(rng.randint(1, _MAX_CHANGES)):
        if rng.random() < 0.1:
            _splice(data, rng.choice(samples), rng)
        else:
            rng.choice(_CHANGES)(data, rng)
    return bytes(data)


def _place(data: bytearray, rng: random.Random) -> int:
    """A random position, often near the beginning, where formats have their headers."""
    end = min(len(data), 256) if rng.random() < 0.4 else len(data)
    return rng.randrange(end) if end else 0


def _chunk(data: bytearray, rng: random.Random) -> slice:
    start = _place(data, rng)
    return slice(start, start + rng.randint(1, _MAX_CHUNK))


def _flip(data: bytearray, rng: random.Random) -> None:
    if data:
        data[_place(data, rng)] ^= 1 << rng.randrange(8)


def _overwrite(data: bytearray, rng: random.Random) -> None:
    if data:
        data[_place(data, rng)] = rng.randrange(256)


def _number(data: bytearray, rng: random.Random) -> None:
    place, size = _place(data, rng), rng.choice((1, 2, 4, 8))
    order = "little" if rng.random() < 0.5 else "big"
    value = rng.choice(_NUMBERS) % 256**size
    data[place : place + size] = value.to_bytes(size, order)


def _truncate(data: bytearray, rng: random.Random) -> None:
    del data[_place(data, rng) :]


def _lose(data: bytearray, rng: random.Random) -> None:
    del data[_chunk(data, rng)]


def _blank(data: bytearray, rng: random.Random) -> None:
    part = _chunk(data, rng)
    data[part] = bytes(len(data[part]))


def _repeat(data: bytearray, rng: random.Random) -> None:
    place = _place(data, rng)
    data[place:place] = data[_chunk(data, rng)]


def _insert(data: bytearray, rng: random.Random) -> None:
    place = _place(data, rng)
    data[place:place] = rng.randbytes(rng.randint(1, 16))


def _swap(data: bytearray, rng: random.Random) -> None:
    one, other = _chunk(data, rng), _chunk(data, rng)
    data[one], data[other] = data[other], data[one]


def _splice(data: bytearray, other: bytes, rng: random.Random) -> None:
    place = _place(data, rng)
    part = _chunk(bytearray(other), rng)
    data[place : place + part.stop - part.start] = other[part]


_CHANGES: tuple[Change, ...] = (
    *(_flip, _overwrite, _number, _truncate, _lose, _blank, _repeat, _insert, _swap),
)
