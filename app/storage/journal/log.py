"""An append-only log of checksummed records in one file. Qt-free.

Each checksum covers its record and the checksum before it, starting from a random salt. So reading
gives exactly a prefix of what was written, whatever a power cut leaves behind, and old disk
contents are never taken for records.
"""

from __future__ import annotations

import os
import secrets
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import BinaryIO, Protocol

from lazydiff_core.errors import ProjectError
from lazydiff_core.storage.safe_files import sync_folder

MAGIC = b"LazyDiffJournal1"
_SALT_BYTES = 16
_HEAD = struct.Struct("<4sB3xQ")
_CRC = struct.Struct("<I")
_MARK = b"LDjr"
_MAX_PAYLOAD = 64 * 2**20


class Kind(IntEnum):
    """The kind of a record; `app.storage.journal.recorder` describes the payloads."""

    TILE = 1
    PATCH = 2
    EDIT = 3
    STATE = 4
    SOURCE = 5


class Appendable(Protocol):
    """A file to append to. `write` may be torn by a crash; after `sync`, all data is durable."""

    def write(self, data: bytes) -> None: ...

    def sync(self) -> None: ...


class DiskFile:
    """A new file on the disk. Its constructor and methods raise OSError."""

    def __init__(self, path: Path) -> None:
        self._handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        sync_folder(path.parent)

    def write(self, data: bytes) -> None:
        left = memoryview(data)
        while left:
            left = left[os.write(self._handle, left) :]

    def sync(self) -> None:
        getattr(os, "fdatasync", os.fsync)(self._handle)

    def close(self) -> None:
        os.close(self._handle)


class Log:
    """Appends records. After an error the log is unusable: start another file."""

    def __init__(self, file: Appendable) -> None:
        self._file = file
        salt = secrets.token_bytes(_SALT_BYTES)
        self._crc = zlib.crc32(salt)
        self.size = 0
        self._write(MAGIC + salt)

    def append(self, kind: Kind, payload: bytes) -> None:
        head = _HEAD.pack(_MARK, kind, len(payload))
        self._crc = zlib.crc32(payload, zlib.crc32(head, self._crc))
        self._write(head + _CRC.pack(self._crc) + payload)

    def sync(self) -> None:
        """Block until all appended records are on the disk."""
        self._file.sync()

    def _write(self, data: bytes) -> None:
        self._file.write(data)
        self.size += len(data)


@dataclass(frozen=True)
class Record:
    """A valid record and the place of its payload in the file."""

    kind: Kind
    offset: int
    length: int

    def payload(self, file: BinaryIO) -> bytes:
        file.seek(self.offset)
        return file.read(self.length)


def scan(file: BinaryIO) -> Iterator[Record]:
    """The records of a log before the first torn one; empty if the header itself is torn.

    Raises ProjectError if the file is not a log.
    """
    file.seek(0)
    start = file.read(len(MAGIC) + _SALT_BYTES)
    if not MAGIC.startswith(start[: len(MAGIC)]):
        raise ProjectError("This is not a LazyDiff journal.")
    if len(start) < len(MAGIC) + _SALT_BYTES:
        return
    salt = start[len(MAGIC) :]
    crc, offset = zlib.crc32(salt), len(MAGIC) + _SALT_BYTES
    while True:
        file.seek(offset)
        head, sealed = file.read(_HEAD.size), file.read(_CRC.size)
        if len(sealed) < _CRC.size:
            return
        mark, kind, length = _HEAD.unpack(head)
        if mark != _MARK or length > _MAX_PAYLOAD or kind not in set(Kind):
            return
        payload = file.read(length)
        crc = zlib.crc32(payload, zlib.crc32(head, crc))
        if len(payload) < length or crc != _CRC.unpack(sealed)[0]:
            return
        offset += _HEAD.size + _CRC.size
        yield Record(Kind(kind), offset, length)
        offset += length
