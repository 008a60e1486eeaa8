from __future__ import annotations

import pytest

from lazydiff_core.errors import LazyDiffError
from lazydiff_core.storage.resources import resource


def test_shipped_files_are_found() -> None:
    assert resource("train/concepts.toml").is_file()


def test_a_lacking_file_is_named() -> None:
    with pytest.raises(LazyDiffError, match=r"lacks icons/none\.svg"):
        resource("icons/none.svg")
