from __future__ import annotations

import sys
from pathlib import Path

import pytest

from app.system.licences import Part, installed_parts, parts, write_licences


def named(found: tuple[Part, ...], name: str) -> Part:
    return next(part for part in found if part.name.split()[0] == name)


def test_everything_inside_has_a_licence_and_a_text() -> None:
    found = parts()
    assert found[0].title.startswith("lazydiff ")
    assert "Apache License" in found[0].text()
    assert [part.title for part in found if not part.files] == []
    assert all(part.licence for part in found)
    assert "Twemoji" in named(found, "Pictures").text()
    assert "apache-2.0" in named(found, "Model:").title


def test_libraries_are_those_that_the_program_needs() -> None:
    found = installed_parts()
    names = {part.name.split()[0].lower() for part in found}
    assert {"torch", "numpy", "diffusers", "uvicorn"} <= names, "those of needed ones too"
    assert not {"pytest", "ruff", "mypy", "hypothesis"} & names, "what tests need is not inside"
    qt = named(found, "PySide6_Essentials")
    assert "LGPL-3.0" in qt.licence
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in qt.text()
    assert "Apache License" in named(found, "sentencepiece").text()
    assert named(found, "scipy").licence == "BSD License"


def test_a_packed_program_shows_the_texts_that_were_written_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_licences(tmp_path / "licences")
    assert len(list((tmp_path / "licences").iterdir())) == len(installed_parts())
    (tmp_path / "licences" / "thing.txt").write_text("Thing 1.0: MIT\n\nDo as you like.\n")
    monkeypatch.setattr(sys, "executable", str(tmp_path / "lazydiff"))
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    thing = named(parts(), "Thing")
    assert (thing.title, "Do as you like." in thing.text()) == ("Thing 1.0: MIT", True)
    assert "GNU LESSER" in named(parts(), "PySide6_Essentials").text()
    assert parts()[0].title.startswith("lazydiff ")
