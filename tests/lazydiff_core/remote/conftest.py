from collections.abc import Iterator

import pytest

from tests.lazydiff_core.serve.driving import Served, serving


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with serving() as server:
        yield server
