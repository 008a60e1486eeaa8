"""The translations are complete, fit their source, and are built from what is in the repository."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from pathlib import Path

import pytest
from PySide6.QtCore import QTranslator

from tests.packaging.loading import loaded

ROOT = Path(__file__).parents[2]


translate = loaded("translate.py")
FILES = sorted(translate.FOLDER.glob("*.ts"))
HINT = "run `make translations` and fill in what it lists"


@pytest.fixture(params=FILES, ids=lambda path: path.stem)
def file(request: pytest.FixtureRequest) -> Path:
    path = request.param
    assert isinstance(path, Path)
    return path


def test_there_is_german() -> None:
    assert "lazydiff_de.ts" in [path.name for path in FILES]


@pytest.mark.slow
def test_no_string_of_the_source_is_missing_and_none_is_left_over(
    file: Path, tmp_path: Path
) -> None:
    renewed = tmp_path / file.name
    shutil.copy(file, renewed)
    translate.update(renewed)
    wanted = {(found.context, found.source) for found in translate.messages(renewed)}
    assert {(found.context, found.source) for found in translate.messages(file)} == wanted, HINT


def test_the_sentences_of_the_core_are_those_of_the_source() -> None:
    listed = translate.SENTENCES.read_text(encoding="utf-8").splitlines()
    assert listed == translate.sentences(ROOT), HINT
    assert "There is no image {}: check the name." in listed
    assert len(listed) > 100


def test_everything_is_translated(file: Path) -> None:
    assert [found.source for found in translate.messages(file) if not found.finished] == [], HINT


def test_what_the_program_reads_is_made_from_it(file: Path) -> None:
    made = QTranslator()
    assert made.load(str(file.with_suffix(".qm")))
    for found in translate.messages(file):
        assert made.translate(found.context, found.source) == found.translation, HINT


def test_a_translation_has_the_blanks_and_marks_of_its_source(file: Path) -> None:
    for found in translate.messages(file):
        pair = (found.source, found.translation)
        blanks = [Counter(re.findall(r"\{\d*\}", text)) for text in pair]
        assert blanks[0] == blanks[1], pair
        assert pair[0].endswith("…") == pair[1].endswith("…"), pair
        assert pair[0].count("<") == pair[1].count("<"), pair
        assert pair[0][:1].isspace() == pair[1][:1].isspace(), pair
        assert "N{" not in pair[0], "lupdate does not know \\N{…}: write the character"


def test_menus_have_a_letter_each(file: Path) -> None:
    menus = [found.translation for found in translate.messages(file) if "&" in found.source]
    letters = [text[text.index("&") + 1].casefold() for text in menus]
    assert len(letters) >= 8
    assert max(Counter(letters).values()) == 1


def test_a_missing_string_is_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "some.ts").write_text(
        '<TS version="2.1" language="de"><context><name>A</name><message><source>New words'
        '</source><translation type="unfinished"></translation></message></context></TS>',
        encoding="utf-8",
    )
    monkeypatch.setattr(translate, "FOLDER", tmp_path)
    monkeypatch.setattr(translate, "SENTENCES", tmp_path / "sentences.txt")
    monkeypatch.setattr(translate, "update", lambda path: None)
    assert translate.main() == 1
    assert (tmp_path / "some.qm").is_file()
