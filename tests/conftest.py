"""What every test leaves as it was, and where its random numbers start."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from zlib import crc32

import pytest


def _seed(name: str) -> None:
    """Random weights depend on the test's name alone, not on what ran before it in the process."""
    if "torch" in sys.modules:
        sys.modules["torch"].manual_seed(crc32(name.encode(errors="backslashreplace")))


@pytest.hookimpl(tryfirst=True)
def pytest_fixture_setup(
    fixturedef: pytest.FixtureDef[object], request: pytest.FixtureRequest
) -> None:
    """A fixture of a session is made for whichever test asks first."""
    _seed(f"{fixturedef.argname} {getattr(request, 'param', '')}")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> None:
    """After the fixtures, whichever of them were made already."""
    _seed(item.nodeid)


@pytest.fixture(autouse=True)
def _log_handlers_stay() -> Iterator[None]:
    """A handler made in a test writes to that test's captured stream, which is closed after it."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    yield
    for handler in root.handlers[:]:
        if handler not in before:
            root.removeHandler(handler)
            handler.close()
    for handler in before:
        if handler not in root.handlers:
            root.addHandler(handler)
    root.setLevel(level)
