"""Which build of torch `make` asks for."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from types import ModuleType

import pytest

from tests.packaging.loading import loaded

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the default is right")


@pytest.fixture
def torch_source() -> ModuleType:
    return loaded("torch_source.py")


class _Index(BaseHTTPRequestHandler):
    def do_HEAD(self) -> None:
        self.send_response(200 if self.path == "/whl/cpu/torch/" else 404)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing on the console."""


@contextmanager
def index() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), _Index)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/whl/cpu"
    server.shutdown()
    server.server_close()


def asked(torch_source: ModuleType, capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    torch_source.main(list(arguments))
    return capsys.readouterr().out.strip()


def test_without_a_card_pip_takes_the_small_build(
    torch_source: ModuleType, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch_source, "CARDS", ())
    with index() as url:
        monkeypatch.setattr(torch_source, "INDEX", url)
        assert asked(torch_source, capsys) == f"--extra-index-url {url}"
        assert asked(torch_source, capsys, "--uv") == "--torch-backend=auto"


def test_with_a_card_pip_keeps_its_default(
    torch_source: ModuleType,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    (tmp_path / "card").touch()
    monkeypatch.setattr(torch_source, "CARDS", (tmp_path / "no card", tmp_path / "card"))
    with index() as url:
        monkeypatch.setattr(torch_source, "INDEX", url)
        assert asked(torch_source, capsys) == ""
        assert asked(torch_source, capsys, "--uv") == "--torch-backend=auto"


def test_out_of_reach_nothing_is_asked_for(
    torch_source: ModuleType, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch_source, "CARDS", ())
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        monkeypatch.setattr(torch_source, "INDEX", f"http://127.0.0.1:{taken.getsockname()[1]}")
        assert asked(torch_source, capsys) == ""
        assert asked(torch_source, capsys, "--uv") == ""
