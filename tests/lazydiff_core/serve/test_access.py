"""Only who shows the token is served, and no more is read than allowed."""

import base64
import socket

import pytest

from tests.lazydiff_core.serve.driving import TOKEN, Served, serving

INFO = "/v1/engine/info"


def basic(user: str, password: str) -> dict[str, str]:
    shown = base64.b64encode(f"{user}:{password}".encode()).decode()
    return {"Authorization": f"Basic {shown}"}


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": f"Bearer {TOKEN}"},
        {"authorization": f"bearer {TOKEN}"},
        {"X-API-Key": TOKEN},
        basic("anybody", TOKEN),
    ],
)
def test_the_token_opens_in_each_form_that_clients_know(
    served: Served, headers: dict[str, str]
) -> None:
    assert served.ask("GET", INFO, headers=headers, token="").status == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer "},
        {"Authorization": f"Bearer {TOKEN}x"},
        {"Authorization": "Basic !!"},
        {"Authorization": TOKEN},
        basic(TOKEN, "anything"),
        {"X-API-Key": "token"},
    ],
)
@pytest.mark.parametrize("path", [INFO, "/sdapi/v1/progress", "/openapi.json", "/nowhere"])
def test_anything_else_is_refused_everywhere(
    served: Served, path: str, headers: dict[str, str]
) -> None:
    answer = served.ask("GET", path, headers=headers, token="")
    assert answer.status == 401
    assert "token" in answer.document["error"]["message"]


def test_health_says_no_more_than_that_it_serves(served: Served) -> None:
    answer = served.ask("GET", "/health", token="")
    assert (answer.status, answer.document) == (200, {"status": "ok", "waiting": 0})


def test_a_large_request_is_refused_by_its_announcement() -> None:
    with serving(most_bytes=2**20) as served:
        answer = served.ask("POST", "/v1/engine/run", b"x" * (2**20 + 1))
        assert answer.status == 413
        assert "1 MiB" in answer.document["detail"]
        assert served.ask("GET", INFO).status == 200


def test_a_large_request_is_refused_though_it_announced_nothing() -> None:
    with serving(most_bytes=2**20) as served:
        head = (
            "POST /v1/engine/run HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
            f"Content-Type: application/json\r\nAuthorization: Bearer {TOKEN}\r\n\r\n"
        )
        with socket.create_connection(("127.0.0.1", served.port), timeout=10) as line:
            line.sendall(head.encode())
            for _ in range(5):
                line.sendall(b"40000\r\n" + b" " * 0x40000 + b"\r\n")
            assert line.recv(4096).startswith(b"HTTP/1.1 413")
        assert served.ask("GET", INFO).status == 200
