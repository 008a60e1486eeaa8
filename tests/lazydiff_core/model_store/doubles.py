"""A hub on this machine, as the Hugging Face Hub answers; it can be slow, and it can lie."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any
from urllib.parse import unquote, urlsplit

MODEL = "artist/tiny"
COMMIT = "c" * 40
_LARGE = ".safetensors"


class FakeHub:
    """Offers `files` as one model.

    gate:    while it is closed, no more than half of a large file is sent.
    goes_on: it sends parts of files.
    breaks:  it sends half of a large file and hangs up.
    damaged: names of files that are sent with a wrong last byte.
    asked:   (file, first byte) of every transfer, but of model_index.json alone.
    hosts:   of other machines that were asked for, when this one is their proxy.
    token:   the one with which files are sent; "" = to everybody. What is large is stored on
             another host, as on the hub, which must not see it.
    """

    def __init__(
        self,
        files: Mapping[str, bytes],
        licence: str = "apache-2.0",
        model: str = MODEL,
        card: Mapping[str, str] | None = None,
    ) -> None:
        self.files, self.licence, self.model = dict(files), licence, model
        self.card, self.token = dict(card or {}), ""
        self.gate = Event()
        self.goes_on, self.breaks = True, False
        self.gate.set()
        self.damaged: set[str] = set()
        self.asked: list[tuple[str, int]] = []
        self.hosts: set[str] = set()
        self.address = ""

    def answer(self, path: str) -> Any:
        """What the API says at a path; None where there is nothing."""
        model = self.model
        if path in (f"/api/models/{model}", f"/api/models/{model}/revision/{COMMIT}"):
            rows = [self._sibling(name, data) for name, data in self.files.items()]
            card = {"license": self.licence} if self.licence else {}
            return {
                "id": model,
                "modelId": model,
                "sha": COMMIT,
                "siblings": rows,
                "gated": "auto" if self.token else False,
                "cardData": card | self.card,
            }
        if path == f"/api/models/{model}/tree/{COMMIT}":
            return [self._entry(name, data) for name, data in self.files.items()]
        return None

    def _sibling(self, name: str, data: bytes) -> dict[str, Any]:
        row: dict[str, Any] = {"rfilename": name, "size": len(data), "blobId": git_id(data)}
        if name.endswith(_LARGE):
            row["lfs"] = {"sha256": sha256(data), "size": len(data), "pointerSize": 130}
        return row

    def _entry(self, name: str, data: bytes) -> dict[str, Any]:
        row: dict[str, Any] = {"type": "file", "path": name, "size": len(data)}
        row["oid"] = git_id(data)
        if name.endswith(_LARGE):
            row["lfs"] = {"oid": sha256(data), "size": len(data), "pointerSize": 130}
        return row


@contextmanager
def serving(hub: FakeHub) -> Iterator[FakeHub]:
    """Answer on a port of this machine until it is left."""

    class Handler(_Handler):
        model = hub

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    hub.address = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield hub
    finally:
        hub.gate.set()
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    model: FakeHub

    def log_message(self, format: str, *args: Any) -> None:
        """Be quiet."""

    def do_HEAD(self) -> None:
        self._serve(body=False)

    def do_GET(self) -> None:
        self._serve(body=True)

    def _serve(self, *, body: bool) -> None:
        path, hub = unquote(urlsplit(self.path).path), self.model
        hub.hosts |= {urlsplit(self.path).netloc} - {""}
        answer = hub.answer(path)
        if path == "/api/whoami-v2":
            known = hub.token and self.headers.get("Authorization") == f"Bearer {hub.token}"
            account = {"name": "artist", "auth": {"accessToken": {"displayName": "here"}}}
            self._send(200 if known else 401, json.dumps(account if known else {}).encode(), {})
            return
        name = path.removeprefix(f"/{hub.model}/resolve/{COMMIT}/")
        stored = path.removeprefix("/storage/")
        if answer is not None:
            self._send(200, json.dumps(answer).encode(), {"Content-Type": "application/json"})
        elif stored in hub.files:
            refused = self.headers.get("Authorization") is not None
            self._send(400, b"", {}) if refused else self._file(stored, body=body)
        elif name not in hub.files:
            self._send(404, b"{}", {"X-Error-Code": "RepoNotFound"})
        elif hub.token and self.headers.get("Authorization") != f"Bearer {hub.token}":
            known = "Authorization" in self.headers
            self._send(403 if known else 401, b"{}", {"X-Error-Code": "GatedRepo"})
        elif name.endswith(_LARGE):
            # The storage's host is another name of this machine.
            port = self.server.server_address[1]
            self._send(302, b"", {"Location": f"http://localhost:{port}/storage/{name}"})
        else:
            self._file(name, body=body)

    def _file(self, name: str, *, body: bool) -> None:
        data = self.model.files[name]
        etag = sha256(data) if name.endswith(_LARGE) else git_id(data)
        wanted = self.headers.get("Range") if self.model.goes_on else None
        first = int((wanted or "bytes=0-").split("=")[1].split("-")[0])
        self.send_response(206 if first else 200)
        self.send_header("X-Repo-Commit", COMMIT)
        self.send_header("ETag", f'"{etag}"')
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("Content-Length", str(len(data) - first))
        if first:
            self.send_header("Content-Range", f"bytes {first}-{len(data) - 1}/{len(data)}")
        self.end_headers()
        if body:
            if name != "model_index.json":
                self.model.asked.append((name, first))
            sent = data[:-1] + bytes([data[-1] ^ 1]) if name in self.model.damaged else data
            self._write(sent, first, slow=name.endswith(_LARGE))

    def _write(self, data: bytes, first: int, *, slow: bool) -> None:
        half = max(first, len(data) // 2)
        try:
            self.wfile.write(data[first:half])
            self.wfile.flush()
            if slow and not self.model.gate.is_set():
                self.model.gate.wait(60)
            if slow and self.model.breaks:
                self.close_connection = True
            else:
                self.wfile.write(data[half:])
        except OSError:  # whoever asked has gone: that is what some tests are about
            self.close_connection = True

    def _send(self, code: int, data: bytes, headers: Mapping[str, str]) -> None:
        self.send_response(code)
        for key, value in headers.items():
            self.send_header(key, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(data)


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def git_id(data: bytes) -> str:
    return hashlib.sha1(f"blob {len(data)}\0".encode() + data).hexdigest()
