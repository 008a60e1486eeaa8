from __future__ import annotations

import pytest

from lazydiff_core.cli.window import open_window


def test_the_apps_exit_code_is_handed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def main(argv: list[str]) -> int:
        asked.append(argv)
        return 3

    monkeypatch.setattr("app.__main__.main", main)

    assert open_window() == 3
    assert asked == [[]]
