"""`lazydiff serve` as a process: its address and token, serving, and its end."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from lazydiff_core.cli.entry import main
from lazydiff_core.contract import EditRequest
from lazydiff_core.remote import Connection, RemoteEngine


@pytest.mark.skipif(sys.platform == "win32", reason="interrupts are sent as signals")
def test_it_serves_until_it_is_interrupted() -> None:
    command = [sys.executable, "-m", "lazydiff_core.cli", "serve", "--model", "fake", "--port", "0"]
    process = subprocess.Popen(
        [*command, "--backend", "fake", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    try:
        assert process.stderr is not None
        said = process.stderr.readline() + process.stderr.readline()
        found = re.search(r"Serving at (\S+)\nToken: (\S+)\n", said)
        assert found, said
        engine = RemoteEngine(Connection(*found.groups()))
        image, mask = np.zeros((64, 64, 3), np.uint8), np.zeros((64, 64), np.bool_)
        mask[16:48, 16:48] = True
        assert engine.run(EditRequest(image, mask, prompt="x")).pixels_changed_outside_mask == 0
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
    finally:
        process.kill()
    assert process.returncode == 0, err
    assert out.count("\n") == 1
    assert found[1] in out
    assert found[2] not in out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--host", "0.0.0.0", "--token", ""], "give a token"),
        (["--host", "no.such.host.invalid"], "cannot be used"),
        (["--tls-cert", "a.pem"], "belong together"),
        (["--tls-cert", "a.pem", "--tls-key", "b.pem"], "There is no file a.pem"),
        (["--token", "schön"], "ASCII"),
        (["--model", "no/such/folder/here", "--port", "0"], "no/such/folder/here"),
    ],
)
def test_what_cannot_be_served_is_said(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["serve", *arguments]) == 2
    assert said in capsys.readouterr().err


def test_a_certificate_that_is_none_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("cert.pem", "key.pem"):
        (tmp_path / name).write_text("nothing")
    files = ["--tls-cert", str(tmp_path / "cert.pem"), "--tls-key", str(tmp_path / "key.pem")]
    assert main(["serve", "--model", "fake", "--backend", "fake", "--port", "0", *files]) == 2
    assert "certificate cannot be used" in capsys.readouterr().err


def test_a_missing_library_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "lazydiff_core.serve.server", None)
    assert main(["serve"]) == 2
    assert "pip install 'lazydiff[serve]'" in capsys.readouterr().err
