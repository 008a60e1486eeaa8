from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from lazydiff_core.cli.paint import self_test
from lazydiff_core.engine.engine import Engine


def use(monkeypatch: pytest.MonkeyPatch, engine: Any) -> None:
    monkeypatch.setattr(Engine, "load", classmethod(lambda cls, **given: engine()))


def fake() -> Engine:
    from lazydiff_core.backends.faulty import load

    return Engine(load("fake", None))


def test_it_fills_saves_and_reopens(lazydiff: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, fake)
    outcome = lazydiff("self-test", "--json")
    assert outcome.code == 0
    assert outcome.document["ok"] is True
    assert "all is well" in lazydiff("self-test").out


@pytest.mark.model
def test_with_the_bundled_model(lazydiff: Any) -> None:
    assert lazydiff("self-test", "--device", "cpu", "--json").document["model"] == "bundled"


def test_whatever_fails_is_one_sentence(lazydiff: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> Engine:
        raise ImportError("libgomp.so.1:\n cannot open shared object file")

    use(monkeypatch, broken)
    outcome = lazydiff("self-test")
    assert outcome.code == 2
    assert outcome.err == (
        "lazydiff: The bundled model cannot fill: ImportError: libgomp.so.1: "
        "cannot open shared object file.\n"
    )


def test_a_picture_that_comes_back_changed(lazydiff: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, fake)
    monkeypatch.setattr(self_test, "read_image", lambda path: np.zeros((256, 256, 3), np.uint8))
    outcome = lazydiff("self-test")
    assert outcome.code == 2
    assert "another when it is opened again" in outcome.err
