"""Downloads a model from a hub and adds it to the registry.

A partial file is resumed at its last byte; huggingface_hub from version 1 on restarts it. A file
gets its final name only after its checksum matches the hub's.
"""

from __future__ import annotations

import hashlib
import http.client
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TypeAlias
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from lazydiff_core.contract import IsCancelled
from lazydiff_core.errors import Cancelled, ModelError, TargetError
from lazydiff_core.model_store.hub_offer import HubOffer, RemoteFile
from lazydiff_core.model_store.hub_requests import (
    PATIENCE_SECONDS,
    file_request,
    first_line,
    gated,
    is_forbidden,
    megabytes,
)
from lazydiff_core.model_store.registry import ModelRegistry, RegisteredModel
from lazydiff_core.storage.locks import locked
from lazydiff_core.storage.safe_files import file_sha256, make_folder

_PIECE, _LARGE_PIECE = 2**16, 2**20
_OTHERS_SECONDS = PATIENCE_SECONDS + 5  # until a download that was stopped has noticed

OnBytes: TypeAlias = Callable[[int, int], None]  # (bytes received, bytes in all)


def download(
    offer: HubOffer,
    registry: ModelRegistry,
    name: str = "",
    on_bytes: OnBytes = lambda _here, _all: None,
    is_cancelled: IsCancelled = lambda: False,
) -> RegisteredModel:
    """Download a model, check it and add it to the registry.

    name: name in the registry; "" = the offer's folder name.

    Raises TargetError if the disk is full, ModelError if the hub fails or a file arrives damaged,
    and Cancelled soon after `is_cancelled()` is true. The next download resumes.
    """
    target = registry.downloads.resolve() / offer.folder_name
    with _alone(offer, target):
        if target.exists():
            raise ModelError(f"{offer.hub_id} is already installed in {target}.")
        _receive(offer, target, room_left(registry), on_bytes, is_cancelled)
    return registry.add(target, name or offer.folder_name, offer.source)


@contextmanager
def _alone(offer: HubOffer, target: Path) -> Iterator[None]:
    """Keep others away from the files of a download; the lock ends with the process.

    A download that was stopped a moment ago is waited for: it may hang in its last request.
    """
    path = target.with_name(f".{target.name}.lock")
    refusal = ModelError(
        f"{offer.hub_id} is being downloaded by another window or command: wait for that one."
    )
    with locked(path, refusal, _OTHERS_SECONDS, stays=False):
        yield


def _receive(
    offer: HubOffer, target: Path, room: int, on_bytes: OnBytes, is_cancelled: IsCancelled
) -> None:
    """All files of an offer, checked, in a folder that gets its name at the end."""
    partial = target.with_name(f".{offer.folder_name}.{offer.commit[:12]}.part")
    transfer = _Transfer(offer, partial, on_bytes, is_cancelled)
    if offer.bytes - transfer.here > room:
        raise TargetError(
            f"{offer.hub_id} needs {megabytes(offer.bytes)}, but {target.parent} has "
            f"{megabytes(room)} left: make room first."
        )
    make_folder(partial)
    for file in offer.files:
        transfer.fetch(file)
    partial.rename(target)
    for older in target.parent.glob(f".{offer.folder_name}.*.part"):
        shutil.rmtree(older, ignore_errors=True)  # unfinished downloads of other commits


def room_left(registry: ModelRegistry) -> int:
    """Free bytes on the disk of the download folder."""
    folder = registry.downloads
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free


@dataclass(frozen=True, eq=False)
class _Transfer:
    """Transfers the files of an offer into a folder."""

    offer: HubOffer
    folder: Path
    on_bytes: OnBytes
    is_cancelled: IsCancelled

    @property
    def here(self) -> int:
        """Bytes received so far, including partial files."""
        return sum(_size(path) for f in self.offer.files for path in self._places(f))

    def fetch(self, file: RemoteFile) -> None:
        """Download what is missing of a file, check it and give it its name."""
        target, part = self._places(file)
        if target.is_file():
            return
        make_folder(target.parent)
        if _size(part) > file.bytes:
            part.unlink()
        if _size(part) < file.bytes or not part.exists():
            self._receive(file, part)
        self._stop_if_cancelled()
        if not _is_sound(part, file):
            part.unlink()
            raise ModelError(
                f"{file.name} arrived damaged and was deleted: download the model again."
            )
        part.rename(target)

    def _places(self, file: RemoteFile) -> tuple[Path, Path]:
        target = self.folder / file.name
        return target, target.with_name(f"{target.name}.part")

    def _receive(self, file: RemoteFile, part: Path) -> None:
        first = _size(part)
        try:
            with urlopen(self._request(file, first), timeout=PATIENCE_SECONDS) as reply:
                goes_on = first > 0 and reply.status == http.HTTPStatus.PARTIAL_CONTENT
                with part.open("ab" if goes_on else "wb") as out:
                    self._copy(reply, out)
        except HTTPError as error:
            error.close()
            if is_forbidden(error):
                raise gated(self.offer.hub_id, self.offer.endpoint) from error
            raise self._failed(file, error) from error
        except (OSError, http.client.HTTPException) as error:
            raise self._failed(file, error) from error
        if _size(part) != file.bytes:
            raise self._failed(file, EOFError("the transfer ended early"))

    def _request(self, file: RemoteFile, first: int) -> Request:
        offer = self.offer
        request = file_request(offer.hub_id, offer.commit, file.name, offer.endpoint)
        if first:
            request.add_header("Range", f"bytes={first}-")
        return request

    def _copy(self, reply: IO[bytes], out: IO[bytes]) -> None:
        here = self.here
        while piece := reply.read(_PIECE):
            self._stop_if_cancelled()
            try:
                out.write(piece)
            except OSError as error:
                raise TargetError(f"{self.folder} cannot be written: {error.strerror}.") from error
            here += len(piece)
            self.on_bytes(min(here, self.offer.bytes), self.offer.bytes)

    def _stop_if_cancelled(self) -> None:
        if self.is_cancelled():
            raise Cancelled("The download was stopped: the next one resumes it.")

    def _failed(self, file: RemoteFile, error: Exception) -> ModelError:
        return ModelError(
            f"{file.name} of {self.offer.hub_id} did not arrive ({first_line(error)}): "
            "download the model again to resume."
        )


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _is_sound(path: Path, file: RemoteFile) -> bool:
    """Whether a file's contents match the hub's checksum."""
    return file_sha256(path) == file.sha256 if file.sha256 else _git_id(path) == file.git_id


def _git_id(path: Path) -> str:
    """Git's object id of a file: SHA-1 of a header with the size, then the contents."""
    digest = hashlib.sha1(f"blob {path.stat().st_size}\0".encode(), usedforsecurity=False)
    with path.open("rb") as file:
        while piece := file.read(_LARGE_PIECE):
            digest.update(piece)
    return digest.hexdigest()
