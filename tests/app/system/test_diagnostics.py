from __future__ import annotations

from dataclasses import fields, replace

import pytest

from app.system.diagnostics import report
from app.system.settings import Settings
from tests.app.doubles import INFO

# In every setting that can hold words, something that must not get out.
SECRET = "Xanadu"


def told(value: object) -> object:
    return (SECRET,) if isinstance(value, tuple) else SECRET


def filled() -> Settings:
    words = {
        row.name: told(row.default)
        for row in fields(Settings)
        if isinstance(row.default, str | tuple)
    }
    return replace(Settings(), **words)  # type: ignore[arg-type]


@pytest.mark.usefixtures("qapp")
def test_it_says_what_runs_and_where() -> None:
    text = report(INFO, Settings(grow_by=77))
    for expected in ("LazyDiff", "Python", "Qt", "torch", "scripted on cpu", "grow_by = 77"):
        assert expected in text
    assert "No engine" in report(None, Settings())


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("name", ["folder", "recent_files", "prompts", "geometry"])
def test_no_path_and_no_prompt_is_in_it_unless_it_is_ticked(name: str) -> None:
    settings = replace(Settings(), **{name: getattr(filled(), name)})
    assert SECRET not in report(INFO, settings)
    assert SECRET in report(INFO, settings, private=True)


@pytest.mark.usefixtures("qapp")
def test_only_what_is_known_to_be_harmless_is_in_it() -> None:
    shown = {line.split(" = ")[0] for line in report(INFO, filled()).splitlines() if SECRET in line}
    assert shown == {
        *("theme", "language", "key_preset", "own_keys", "brushes", "area_mode", "mask_colour"),
        *("mask_style", "costs", "quality"),
    }
