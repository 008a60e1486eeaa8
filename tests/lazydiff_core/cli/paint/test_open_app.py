from __future__ import annotations

from pathlib import Path

import pytest

from lazydiff_core.cli import main
from lazydiff_core.cli.paint.open_app import open_window


def test_the_apps_exit_code_is_handed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def main(argv: list[str]) -> int:
        asked.append(argv)
        return 3

    monkeypatch.setattr("app.__main__.main", main)

    assert open_window() == 3
    assert asked == [[]]


def test_a_file_alone_is_opened_in_the_window(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def window(argv: list[str]) -> int:
        asked.append(argv)
        return 0

    monkeypatch.setattr("app.__main__.main", window)
    picture = tmp_path / "my 蘑菇.ora"
    picture.write_bytes(b"")

    assert main([str(picture)]) == 0
    assert asked == [[str(picture)]]
    with pytest.raises(SystemExit):
        main([str(tmp_path / "not-there.png")])
