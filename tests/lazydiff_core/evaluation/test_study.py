from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image

from lazydiff_core.errors import InputError
from lazydiff_core.evaluation.study import (
    AnswerLog,
    Study,
    build_study,
    load_study,
    tally,
    unanswered,
)
from lazydiff_core.images.reading import read_image

COUNT = 10


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """Dark pictures in the first folder, light ones in the second."""
    for name, shade, suffix in (("first", 30, "webp"), ("second", 220, "webp")):
        (tmp_path / name).mkdir()
        for k in range(COUNT):
            picture = Image.new("RGB", (12, 8), (shade, k, 0))
            picture.save(tmp_path / name / f"{k}.{suffix}", lossless=True)
    return tmp_path / "first", tmp_path / "second"


@pytest.fixture
def study(folders: tuple[Path, Path], tmp_path: Path) -> Study:
    return build_study(*folders, tmp_path / "study", seed=3)


def shade(study: Study, file: str) -> int:
    return int(read_image(study.folder / file)[0, 0, 0])


def test_each_pair_shows_both_folders_and_each_side_as_often(study: Study) -> None:
    left = [shade(study, pair.left) for pair in study.pairs]
    right = [shade(study, pair.right) for pair in study.pairs]
    assert all({a, b} == {30, 220} for a, b in zip(left, right, strict=True))
    assert left.count(30) == COUNT // 2


def test_a_pair_is_of_one_name_and_the_order_is_drawn(study: Study) -> None:
    numbers = []
    for pair in study.pairs:
        first, second = (read_image(study.folder / f)[0, 0, 1] for f in (pair.left, pair.right))
        assert first == second
        numbers.append(int(first))
    assert sorted(numbers) == list(range(COUNT))
    assert numbers != sorted(numbers)


def test_what_the_window_reads_names_no_source(study: Study) -> None:
    document = (study.folder / "study.json").read_text()
    assert "first" not in document
    assert "second" not in document
    assert "webp" not in document


def test_answers_are_counted_for_the_folder_behind_the_side(study: Study) -> None:
    log = AnswerLog(study, "someone")
    for pair in study.pairs[:8]:
        log.add(pair.id, "left" if shade(study, pair.left) == 220 else "right", 1.0)
    log.add(study.pairs[8].id, "tie", 1.0)
    counted = tally(study.folder)
    assert (counted.first_wins, counted.second_wins, counted.ties) == (0, 8, 1)
    assert (counted.count, counted.raters) == (9, 1)
    assert counted.second.endswith("second")


def test_a_withdrawn_answer_does_not_count_and_can_be_given_again(study: Study) -> None:
    log = AnswerLog(study, "someone")
    log.add(0, "left", 1.0)
    log.add(1, "left", 1.0)
    assert log.undo() == 1
    log.add(1, "tie", 1.0)
    read = AnswerLog(study, "someone")
    assert read.answers == {0: "left", 1: "tie"}
    assert read.undo() == 1
    assert read.undo() == 0
    assert read.undo() is None


def test_a_line_cut_off_by_a_crash_is_dropped(study: Study) -> None:
    log = AnswerLog(study, "someone")
    log.add(0, "left", 1.0)
    with log.path.open("ab") as file:
        file.write(b'{"pair": 1, "choi')
    assert AnswerLog(study, "someone").answers == {0: "left"}
    again = AnswerLog(study, "someone")
    again.add(1, "right", 1.0)
    assert AnswerLog(study, "someone").answers == {0: "left", 1: "right"}


def test_people_are_kept_apart(study: Study) -> None:
    AnswerLog(study, "Ada L.").add(0, "left", 1.0)
    AnswerLog(study, "Bob").add(0, "right", 1.0)
    assert tally(study.folder).raters == 2
    assert len(unanswered(study, list(AnswerLog(study, "Bob").answers))) == COUNT - 1
    with pytest.raises(InputError, match="no name"):
        AnswerLog(study, "...")


def test_the_key_may_be_kept_elsewhere(folders: tuple[Path, Path], tmp_path: Path) -> None:
    key = tmp_path / "hidden.json"
    study = build_study(*folders, tmp_path / "other", key=key, most=4)
    assert len(study.pairs) == 4
    assert not (study.folder / "key.json").exists()
    AnswerLog(study, "me").add(0, "left", 1.0)
    assert tally(study.folder, key).count == 1
    with pytest.raises(InputError, match="cannot be read"):
        tally(study.folder)


def test_what_cannot_be_built_or_read_is_told(folders: tuple[Path, Path], tmp_path: Path) -> None:
    first, second = folders
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(InputError, match="no folder"):
        build_study(first, tmp_path / "none", tmp_path / "x")
    with pytest.raises(InputError, match="nothing to compare"):
        build_study(first, empty, tmp_path / "x")
    with pytest.raises(InputError, match="holds no study"):
        load_study(empty)
    build_study(first, second, tmp_path / "x")
    with pytest.raises(InputError, match="a study already"):
        build_study(first, second, tmp_path / "x")
    with pytest.raises(InputError, match="Nobody"):
        tally(tmp_path / "x")


@pytest.mark.parametrize("content", ["[]", "{", '{"question": 1}', '{"pairs": [{"id": 1}]}'])
def test_a_damaged_study_is_told(tmp_path: Path, content: str) -> None:
    (tmp_path / "study.json").write_text(content)
    with pytest.raises(InputError, match=r"study\.json"):
        load_study(tmp_path)


def test_damaged_answers_are_told(study: Study) -> None:
    (study.folder / "answers-x.jsonl").write_text(json.dumps({"choice": "left"}) + "\n")
    with pytest.raises(InputError, match="damaged"):
        tally(study.folder)
