"""HTTP to a server of engines: plain requests, and streams of server-sent events."""

from __future__ import annotations

import json
import ssl
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from ipaddress import ip_address
from typing import Any
from urllib.parse import quote, unquote, urlsplit, urlunsplit

from lazydiff_core.errors import (
    Cancelled,
    DeviceLostError,
    InputError,
    LazyDiffError,
    ModelError,
    OutOfMemoryError,
)
from lazydiff_core.offline import is_offline

SILENCE_SECONDS = 15.0  # a server sends something four times a second while it works
# The errors that travel by name; any other arrives as the base class.
_ERRORS: Mapping[str, type[LazyDiffError]] = {
    kind.__name__: kind for kind in (Cancelled, DeviceLostError, ModelError, OutOfMemoryError)
}
_UNKNOWN_CANVAS = 409
_CANVAS = "serve_multiplexed_model_id"  # where Ray Serve looks for what a replica should have


def is_server(device: str | None) -> bool:
    """Whether a device's name is the URL of a server, as `Connection.url` writes it."""
    return device is not None and device.lower().startswith(("http://", "https://"))


class UnknownCanvasError(LazyDiffError):
    """The server no longer has the canvas that a request names: send it again."""


@dataclass(frozen=True)
class Event:
    """A server-sent event; name "" = a sign of life."""

    name: str
    document: Any = None


@dataclass(frozen=True)
class Connection:
    """The address of a server, such as http://10.0.0.5:7860, and the token it asks for."""

    address: str
    token: str = ""

    def __post_init__(self) -> None:
        parts = urlsplit(self.address)
        try:
            usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
        except ValueError:  # a port that is no number
            usable = False
        if not usable:
            raise InputError(
                f"{self.address or 'Nothing'} is not an address: write one such as "
                "http://192.168.0.5:7860."
            )
        if not self.token.isascii():
            raise InputError("The token contains other than ASCII characters: copy it again.")

    @classmethod
    def of(cls, url: str) -> Connection:
        """The connection that `url` writes in one line; raises InputError as the class does."""
        parts = urlsplit(url.strip())
        address = urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], "", "", ""))
        return cls(address, unquote(parts.password or parts.username or ""))

    @property
    def url(self) -> str:
        """Address and token in one line: http://:TOKEN@HOST:PORT."""
        parts = urlsplit(self.address)
        token = f":{quote(self.token, safe='')}@" if self.token else ""
        return urlunsplit((parts.scheme, token + parts.netloc, "", "", ""))

    @property
    def host(self) -> str:
        return urlsplit(self.address).netloc

    def get(self, path: str) -> Any:
        """The JSON answer to a GET. Raises as `events` does."""
        with self._asked("GET", path, None) as response:
            return json.loads(response.read())

    def post(self, path: str, body: Any) -> Any:
        """The JSON answer to a POST. Raises as `events` does."""
        with self._asked("POST", path, body) as response:
            return json.loads(response.read())

    def events(self, path: str, body: Any, canvas: str = "") -> Generator[Event, None, None]:
        """The events that answer a POST; closing the iterator closes the connection.

        canvas: digest of what it works on; of several replicas, one that has it answers.

        Raises DeviceLostError where the server cannot be reached or falls silent, ModelError where
        it refuses the token, UnknownCanvasError, and the errors that the server names.
        """
        with self._asked("POST", path, body, canvas) as response:
            name = ""
            for line in response:
                field, _, value = line.decode("utf-8").rstrip("\n").partition(": ")
                if field == "event":
                    name = value
                elif field == "data":
                    yield Event(name, json.loads(value))
                    name = ""
                elif not name:
                    yield Event("")

    @contextmanager
    def _asked(self, method: str, path: str, body: Any, canvas: str = "") -> Iterator[HTTPResponse]:
        connection = self._open()
        try:
            headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
            if canvas:
                headers[_CANVAS] = canvas
            if body is not None:
                headers["Content-Type"] = "application/json"
            data = None if body is None else json.dumps(body).encode()
            connection.request(method, path, data, headers)
            response = connection.getresponse()
            if response.status >= 400:
                raise self._error(response)
            yield response
        except (OSError, HTTPException, ValueError) as error:
            raise DeviceLostError(
                f"{self.host} cannot be reached or stopped answering ({error})."
            ) from error
        finally:
            connection.close()

    def _open(self) -> HTTPConnection:
        parts = urlsplit(self.address)
        assert parts.hostname is not None
        if is_offline() and not _is_this_machine(parts.hostname):
            raise ModelError(
                f"{self.host} is another machine, and LazyDiff is offline: switch Offline off, or "
                "choose a device of this one."
            )
        if parts.scheme == "https":
            context = ssl.create_default_context()
            return HTTPSConnection(
                parts.hostname, parts.port, timeout=SILENCE_SECONDS, context=context
            )
        return HTTPConnection(parts.hostname, parts.port, timeout=SILENCE_SECONDS)

    def _error(self, response: HTTPResponse) -> LazyDiffError:
        if response.status == 401:
            return ModelError(f"{self.host} refuses the token: copy it from where it was started.")
        if response.status == _UNKNOWN_CANVAS:
            return UnknownCanvasError("The canvas is not there any more.")
        try:
            return error_of(json.loads(response.read())["error"])
        except (ValueError, LookupError, TypeError):
            return ModelError(f"{self.host} answers {response.status} {response.reason}.")


def _is_this_machine(host: str) -> bool:
    """Whether a host is this one by its name or number, without asking a name server."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def error_of(document: Mapping[str, Any]) -> LazyDiffError:
    """The error in a server's answer: {"type": name of its class, "message": its sentence}."""
    kind = _ERRORS.get(str(document["type"]), InputError)
    return kind(str(document["message"]))
