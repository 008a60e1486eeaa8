"""The part of GIMP's plugin that knows nothing of GIMP, and what GIMP needs to find the rest."""

from __future__ import annotations

import ast
import base64
import io
import json
import os
import socket
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.packaging.loading import PACKAGING, loaded

PLUGIN = PACKAGING / "gimp" / "lazydiff"


@pytest.fixture(scope="module")
def server() -> ModuleType:
    return loaded("gimp/lazydiff/server.py")


class Answering(BaseHTTPRequestHandler):
    """Answers by what the prompt says."""

    asked: list[tuple[str | None, dict[str, Any]]]
    waiting: Event

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.asked.append((self.headers["Authorization"], body))
        prompt = body["settings"]["prompt"]
        if prompt == "refused":
            self.send_error_document()
            return
        self.send_response(200)
        self.end_headers()
        self.tell("progress", {"step": 1, "steps": 4, "preview": None})
        if prompt == "slow":
            self.waiting.set()
            self.connection.recv(1)
        elif prompt == "fails":
            self.tell("error", {"type": "OutOfMemoryError", "message": "The card is full."})
        elif prompt != "breaks off":
            self.tell("result", {"seeds": [7]})

    def tell(self, event: str, document: dict[str, Any]) -> None:
        self.wfile.write(f"event: {event}\ndata: {json.dumps(document)}\n\n".encode())

    def send_error_document(self) -> None:
        self.send_response(422)
        self.end_headers()
        self.wfile.write(json.dumps({"error": {"message": "The mask is empty."}}).encode())

    def log_message(self, *_: object) -> None:
        """Nothing on the console."""


@pytest.fixture
def answering() -> Iterator[tuple[str, type[Answering]]]:
    handler = type("Handler", (Answering,), {"asked": [], "waiting": Event()})
    service = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    Thread(target=service.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{service.server_port}", handler
    service.shutdown()
    service.server_close()


def body(prompt: str) -> dict[str, Any]:
    return {"settings": {"prompt": prompt}}


def test_a_fill_tells_its_steps_and_gives_its_result(
    server: ModuleType, answering: tuple[str, type[Answering]]
) -> None:
    address, handler = answering
    steps: list[dict[str, Any]] = []
    told = server.Server(f" {address}/ ", "secret").fill(body("a cat"), steps.append)
    assert told == {"seeds": [7]}
    assert [step["step"] for step in steps] == [1]
    assert handler.asked == [("Bearer secret", body("a cat"))]


@pytest.mark.parametrize(
    ("prompt", "sentence"),
    [
        ("refused", "The mask is empty."),
        ("fails", "The card is full."),
        ("breaks off", "LazyDiff does not answer: the connection was closed."),
    ],
)
def test_what_went_wrong_is_one_sentence(
    server: ModuleType, answering: tuple[str, type[Answering]], prompt: str, sentence: str
) -> None:
    with pytest.raises(server.ServerError) as caught:
        server.Server(answering[0], "").fill(body(prompt), lambda _: None)
    assert str(caught.value) == sentence


@pytest.mark.parametrize("address", ["", "nonsense", "http://127.0.0.1:{port}", "http://[::1"])
def test_nobody_there(server: ModuleType, address: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = address.format(port=taken.getsockname()[1])
        with pytest.raises(server.ServerError, match=r"^LazyDiff does not answer: .*\.$"):
            server.Server(address, "").fill(body("a cat"), lambda _: None)


def test_stopping_closes_the_connection(
    server: ModuleType, answering: tuple[str, type[Answering]]
) -> None:
    address, handler = answering
    asking = server.Server(address, "")

    def stop() -> None:
        handler.waiting.wait()
        asking.stop()

    Thread(target=stop, daemon=True).start()
    with pytest.raises(server.StoppedError):
        asking.fill(body("slow"), lambda _: None)


@pytest.mark.skipif(sys.platform == "win32", reason="a script with a first line")
def test_a_server_that_is_started_says_where_it_is(server: ModuleType, tmp_path: Path) -> None:
    program = tmp_path / "lazydiff"
    said = "print('Serving at http://127.0.0.1:81\\nToken: abc', file=sys.stderr, flush=True)"
    program.write_text(f"#!{sys.executable}\nimport sys\n{said}\nsys.stdin.read()\n")
    program.chmod(0o755)
    process, *found = server.start(str(program))
    assert found == ["http://127.0.0.1:81", "abc"]
    process.terminate()
    process.wait()
    program.write_text(f"#!{sys.executable}\nimport sys\nsys.exit('The model is damaged.')\n")
    with pytest.raises(server.ServerError, match=r"^The model is damaged\.$"):
        server.start(str(program))
    with pytest.raises(server.ServerError, match="install LazyDiff first"):
        server.start(str(tmp_path / "nothing"))


@pytest.mark.parametrize("channels", [1, 3, 4])
def test_its_png_is_read_by_others(server: ModuleType, channels: int) -> None:
    pixels = np.random.default_rng(channels).integers(0, 256, (5, 7, channels), np.uint8)
    file = base64.b64decode(server.png_text(pixels.tobytes(), 7, 5))
    read = np.asarray(Image.open(io.BytesIO(file)))
    assert np.array_equal(read.reshape(pixels.shape), pixels)


@pytest.mark.parametrize("channels", [3, 4])
def test_a_layer_is_clear_outside_the_hole(server: ModuleType, channels: int) -> None:
    pixels = np.random.default_rng(channels).integers(0, 256, (4, 6, channels), np.uint8)
    hole = np.zeros((4, 6), np.uint8)
    hole[1:3, 2:4] = (1, 255)
    data = server.layer_pixels(pixels.tobytes(), channels, hole.tobytes())
    layer = np.frombuffer(data, np.uint8).reshape(4, 6, 4)
    alpha = pixels[..., 3] if channels == 4 else 255
    assert np.array_equal(layer[..., :3], pixels[..., :3])
    assert np.array_equal(layer[..., 3], np.where(hole > 0, alpha, 0))


def test_gimp_finds_the_plugin() -> None:
    assert (PLUGIN / f"{PLUGIN.name}.py").is_file()
    assert os.access(PLUGIN / f"{PLUGIN.name}.py", os.X_OK)


@pytest.mark.parametrize("module", sorted(PLUGIN.glob("*.py")), ids=lambda path: path.name)
def test_its_modules_are_read_by_older_pythons(module: Path) -> None:
    ast.parse(module.read_text(encoding="utf-8"), feature_version=(3, 8))
