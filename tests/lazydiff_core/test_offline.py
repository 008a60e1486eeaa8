"""With the switch on, no part of the program that could use a network does so."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
import pytest

from lazydiff_core.contract import EditRequest
from lazydiff_core.doctor import machine
from lazydiff_core.doctor.check import CheckError
from lazydiff_core.engine.engine import Engine
from lazydiff_core.errors import LazyDiffError, ModelError
from lazydiff_core.model_store import ModelRegistry
from lazydiff_core.model_store.download import download
from lazydiff_core.model_store.hub_account import sign_in
from lazydiff_core.model_store.hub_offer import HubOffer, RemoteFile, look_up
from lazydiff_core.model_store.locate import locate_model, only_on_hub
from lazydiff_core.offline import is_offline, set_offline
from lazydiff_core.remote import Connection, RemoteEngine

OFFER = HubOffer("a/b", "c" * 40, "mit", (RemoteFile("config.json", 9, git_id="0"),))


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("HF_HUB_OFFLINE", "")  # restored at the end
    set_offline(True)
    yield
    set_offline(False)


@pytest.fixture
def tried(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What sockets were asked to reach; every attempt fails."""
    found: list[object] = []

    def refuse(*args: Any, **_: Any) -> NoReturn:
        found.append(args)
        raise OSError("no network in this test")

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, refuse)
    for name in ("create_connection", "getaddrinfo", "gethostbyname"):
        monkeypatch.setattr(socket, name, refuse)
    return found


@pytest.mark.parametrize(
    "ask",
    [
        partial(look_up, "owner/name"),
        partial(look_up, "owner/name", endpoint="http://127.0.0.1:9"),
        partial(sign_in, "hf_abc"),
        partial(RemoteEngine, Connection("http://192.168.0.5:7860", "t")),
        partial(RemoteEngine, Connection("http://example.org")),
    ],
)
def test_what_would_use_a_network_says_that_it_is_off(
    ask: Any, offline: None, tried: list[object]
) -> None:
    with pytest.raises(ModelError, match="LazyDiff is offline"):
        ask()
    assert tried == []


def test_downloads_models_and_checks_leave_it_alone(
    offline: None, tried: list[object], tmp_path: Path
) -> None:
    with pytest.raises(LazyDiffError, match="LazyDiff is offline"):
        download(OFFER, ModelRegistry(tmp_path))
    with pytest.raises(ModelError, match="is not installed"):
        locate_model("owner/name")
    assert only_on_hub("owner/name")
    with pytest.raises(CheckError, match="forbids asking"):
        machine.hub()
    mask = np.zeros((512, 512), np.bool_)
    mask[100:200, 100:200] = True
    request = EditRequest(np.zeros((512, 512, 3), np.uint8), mask, prompt="a cat", steps=1)
    Engine.load("bundled", device="cpu").run(request)
    assert tried == []


def test_without_it_the_same_would_be_asked(
    tried: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    set_offline(False)
    with pytest.raises(ModelError, match="cannot be reached"):
        look_up("owner/name")
    with pytest.raises(ModelError, match="cannot be reached"):
        RemoteEngine(Connection("http://192.168.0.5:7860"))
    assert tried


def test_this_machine_is_no_network(offline: None, monkeypatch: pytest.MonkeyPatch) -> None:
    for host in ("localhost", "127.0.0.1", "[::1]"):
        with pytest.raises(ModelError, match="cannot be reached"):
            RemoteEngine(Connection(f"http://{host}:9"))


def test_it_is_the_variable_that_other_programs_read(monkeypatch: pytest.MonkeyPatch) -> None:
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    for name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"):
        monkeypatch.setenv(name, "true")
        assert is_offline()
        monkeypatch.delenv(name)
    assert not is_offline()
    set_offline(True)
    assert os.environ["HF_HUB_OFFLINE"] == "1"
    assert constants.is_offline_mode()
    set_offline(False)
    assert "HF_HUB_OFFLINE" not in os.environ
    assert not constants.is_offline_mode()
