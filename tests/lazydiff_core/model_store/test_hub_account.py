"""Signing in, mirrors and proxies, against a hub of our own on this machine."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from huggingface_hub import constants

from lazydiff_core.errors import ModelError
from lazydiff_core.model_store import ModelRegistry
from lazydiff_core.model_store.download import download
from lazydiff_core.model_store.hub_account import is_signed_in, sign_in, sign_out
from lazydiff_core.model_store.hub_offer import look_up
from tests.lazydiff_core.model_store.doubles import MODEL, FakeHub, serving

TOKEN = "hf_a_token_of_nobody"


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[FakeHub]:
    """A gated model; this hub is the one that HF_ENDPOINT names, and tokens are kept apart."""
    for name in ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "HF_HUB_OFFLINE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(constants, "HF_TOKEN_PATH", str(tmp_path / "hf" / "token"))
    monkeypatch.setattr(constants, "HF_STORED_TOKENS_PATH", str(tmp_path / "hf" / "tokens"))
    with serving(FakeHub({"config.json": b"{}", "lazy.safetensors": bytes(999)})) as made:
        made.token = TOKEN
        use_endpoint(monkeypatch, made.address)
        yield made


def use_endpoint(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    """As if HF_ENDPOINT had been set before huggingface_hub was imported."""
    from huggingface_hub import hf_api

    monkeypatch.setattr(constants, "ENDPOINT", address)
    files = "/{repo_id}/resolve/{revision}/{filename}"
    monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", address + files)
    monkeypatch.setattr(hf_api.api, "endpoint", address)


def test_a_gated_model_comes_once_one_is_signed_in(
    hub: FakeHub, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    registry = ModelRegistry(tmp_path / "models")
    offer = look_up(MODEL)
    assert not is_signed_in()
    with pytest.raises(ModelError, match=r"wants to be asked first.*sign in with a token"):
        download(offer, registry)
    sign_in(f" {TOKEN}\n")
    assert is_signed_in()
    assert download(offer, registry).is_there
    assert TOKEN not in caplog.text
    kept = [p for p in tmp_path.rglob("*") if p.is_file() and TOKEN.encode() in p.read_bytes()]
    assert {path.parent.name for path in kept} == {"hf"}, "nowhere but in huggingface_hub's files"
    sign_out()
    assert not is_signed_in()


@pytest.mark.parametrize("token", ["", "two words", "schlüssel", "hf_a\nb"])
def test_what_is_no_token_is_not_sent(token: str, hub: FakeHub) -> None:
    with pytest.raises(ModelError, match="not a token"):
        sign_in(token)


def test_a_wrong_token_is_not_kept_and_not_told(hub: FakeHub) -> None:
    with pytest.raises(ModelError, match="does not accept this token") as told:
        sign_in("hf_wrong")
    assert "hf_wrong" not in str(told.value)
    assert told.value.__cause__ is None
    assert not is_signed_in()


def test_a_token_of_the_environment_is_not_ours_to_forget(
    hub: FakeHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    assert is_signed_in()
    with pytest.raises(ModelError, match="HF_TOKEN"):
        sign_out()


def test_mirrors_and_proxies_are_used(hub: FakeHub, tmp_path: Path) -> None:
    hub.token = ""
    own = ("HTTP_PROXY", "NO_PROXY", "no_proxy", "ALL_PROXY", "all_proxy")
    environment = {name: value for name, value in os.environ.items() if name not in own}
    environment |= {
        "HF_ENDPOINT": "http://mirror.invalid",
        "http_proxy": hub.address,
        "XDG_DATA_HOME": str(tmp_path),
    }
    command = (sys.executable, "-m", "lazydiff_core.cli", "models", "download", MODEL, "--yes")
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "mirror.invalid" in hub.hosts, "by name, for the proxy to find"
    assert (tmp_path / "lazydiff" / "models" / "artist--tiny" / "lazy.safetensors").exists()
