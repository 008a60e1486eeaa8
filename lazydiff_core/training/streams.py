"""Shards from addresses: opened by WebDataset or fsspec, tried again where a store fails."""

from __future__ import annotations

import re
import tarfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from typing import IO, Any, Final

from lazydiff_core.errors import TrainingError
from lazydiff_core.training.webshards import Files, check_sample

# Seconds between tries, until a shard gives another sample: two minutes in all.
WAITS: Final = (1, 2, 4, 8, 15, 30, 60)
_RANGE = re.compile(r"\{(\d+)\.\.(\d+)\}")
_BLOCK = tarfile.BLOCKSIZE
# What a tar reader or a transport raises: of most libraries an OSError.
_FAILURES = (OSError, EOFError, tarfile.TarError)


def is_address(text: str) -> bool:
    """Whether `--data` names a stream, not a folder."""
    return text.startswith("pipe:") or "://" in text or bool(_RANGE.search(text))


@dataclass(frozen=True)
class Addresses(Sequence[str]):
    """Shards by number, of patterns with at most one range, as in "a-{000..999}.tar".

    No list of them is kept, however many there are.
    """

    patterns: tuple[str, ...]

    def __len__(self) -> int:
        return self._ends[-1]

    def __getitem__(self, number: Any) -> Any:
        """The address of a number in 0..len-1."""
        if not 0 <= number < len(self):
            raise IndexError(number)
        place = next(k for k, end in enumerate(self._ends) if number < end)
        within = number - (self._ends[place - 1] if place else 0)
        pattern = self.patterns[place]
        found = _RANGE.search(pattern)
        if found is None:
            return pattern
        value = str(int(found[1]) + within).zfill(len(found[1]))
        return pattern[: found.start()] + value + pattern[found.end() :]

    @cached_property
    def _ends(self) -> list[int]:
        total, ends = 0, list[int]()
        for pattern in self.patterns:
            ranges = _RANGE.findall(pattern)
            if len(ranges) > 1 or any(int(low) > int(high) for low, high in ranges):
                raise TrainingError(f"{pattern} must have one range, from low to high.")
            total += int(ranges[0][1]) - int(ranges[0][0]) + 1 if ranges else 1
            ends.append(total)
        return ends


def read_stream(address: str, skipped: int = 0) -> Iterator[tuple[str, Files]]:
    """Keys and files of a shard's samples from the `skipped`-th on.

    Where the store fails, it is asked again, from where it stopped. Raises TrainingError naming the
    shard where it fails for long, is cut short, or holds something else.
    """
    waits = iter(WAITS)
    while True:
        before = skipped
        try:
            for sample in _samples(address, skipped):
                skipped += 1
                yield sample
        except _FAILURES as error:
            if skipped > before:
                waits = iter(WAITS)
            wait = next(waits, None)
            if wait is None:
                reason = " ".join(str(error).split())[:300]
                raise TrainingError(
                    f"{address} cannot be read beyond its sample {skipped}, "
                    f"after {sum(WAITS)} seconds of trying: {reason}."
                ) from error
            time.sleep(wait)
        else:
            return


def _samples(address: str, skipped: int) -> Iterator[tuple[str, Files]]:
    """One try. A sample is told only when its successor, or the shard's end, has been seen."""
    from webdataset.tariterators import group_by_keys, tar_file_expander

    with closing(_Ending(_opened(address))) as stream:
        given = [{"url": address, "stream": stream}]
        held: tuple[str, Files] | None = None
        number = 0
        for found in group_by_keys(tar_file_expander(given)):
            if held is not None and number > skipped:
                yield _checked(address, held)
            names = {name: data for name, data in found.items() if not name.startswith("__")}
            held, number = (found["__key__"], names), number + 1
        stream.check_end()
        if held is not None and number > skipped:
            yield _checked(address, held)


def _checked(address: str, sample: tuple[str, Files]) -> tuple[str, Files]:
    try:
        check_sample(*sample)
    except TrainingError as error:
        raise TrainingError(f"{address} is no shard of ours: {error}") from error
    return sample


def _opened(address: str) -> IO[bytes]:
    """Any address as a stream of bytes; TrainingError where a library lacks for it."""
    from webdataset.gopen import gopen, gopen_schemes

    scheme = address.partition(":")[0]
    if scheme in gopen_schemes or "://" not in address:
        stream: IO[bytes] = gopen(address)
        return stream
    import fsspec

    try:
        opened: IO[bytes] = fsspec.open(address, "rb").open()
    except (ImportError, ValueError) as error:  # no such protocol, or its package is missing
        raise TrainingError(f"{address} cannot be opened: {error}.") from error
    return opened


class _Ending:
    """A stream that remembers how it ended, since a tar that was cut between files looks whole."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.stream, self.last, self.count = stream, b"", 0

    def read(self, size: int = -1) -> bytes:
        data = self.stream.read(size)
        self.count += len(data)
        self.last = (self.last + data)[-_BLOCK:]
        return data

    def check_end(self) -> None:
        """Read to the end; tarfile.ReadError unless the tar ends as tars do, with zeros."""
        while self.read(1 << 20):
            pass
        if self.count % _BLOCK or len(self.last) < _BLOCK or any(self.last):
            raise tarfile.ReadError("it ends too early")

    def close(self) -> None:
        self.stream.close()
