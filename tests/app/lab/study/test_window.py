from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.lab.study.__main__ import BAD_START, main
from app.lab.study.picture import LARGEST, PictureView
from app.lab.study.window import StudyWindow
from lazydiff_core.evaluation.study import AnswerLog, Study, build_study, load_study


@pytest.fixture
def study(tmp_path: Path) -> Study:
    for name, shade in (("a", 40), ("b", 200)):
        (tmp_path / name).mkdir()
        for k in range(3):
            Image.new("RGB", (60, 40), (shade, shade, k)).save(tmp_path / name / f"{k}.png")
    (tmp_path / "a" / "captions.json").write_text(json.dumps({"1.png": "a red apple"}))
    return build_study(tmp_path / "a", tmp_path / "b", tmp_path / "study")


def shown(qtbot: QtBot, study: Study) -> StudyWindow:
    window = StudyWindow(study, AnswerLog(study, "me"))
    qtbot.addWidget(window)
    window.show()
    wait_for_choice(qtbot, window)
    return window


def wait_for_choice(qtbot: QtBot, window: StudyWindow) -> None:
    qtbot.waitUntil(lambda: window.choices["left"].isEnabled() or window.pair is None)


def test_keys_answer_pair_after_pair_until_all_are_saved(qtbot: QtBot, study: Study) -> None:
    window = shown(qtbot, study)
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Down, Qt.Key.Key_Right):
        wait_for_choice(qtbot, window)
        qtbot.keyClick(window, key)
    assert AnswerLog(study, "me").answers == {0: "left", 1: "tie", 2: "right"}
    assert window.pair is None
    assert "Thank you" in window.question.text()
    assert window.finish.isVisible()
    assert not window.left.shown


def test_a_second_press_at_once_is_not_an_answer_to_the_next_pair(
    qtbot: QtBot, study: Study
) -> None:
    window = shown(qtbot, study)
    qtbot.keyClick(window, Qt.Key.Key_Left)
    qtbot.keyClick(window, Qt.Key.Key_Left)
    assert AnswerLog(study, "me").answers == {0: "left"}


def test_undo_asks_the_last_pair_again(qtbot: QtBot, study: Study) -> None:
    window = shown(qtbot, study)
    assert not window.undo.isEnabled()
    qtbot.keyClick(window, Qt.Key.Key_Right)
    assert window.pair == study.pairs[1]
    qtbot.keyClick(window, Qt.Key.Key_Backspace)
    assert window.pair == study.pairs[0]
    assert AnswerLog(study, "me").answers == {}
    assert window.count.text().startswith("0 of 3")


def test_it_goes_on_where_it_was_left(qtbot: QtBot, study: Study) -> None:
    AnswerLog(study, "me").add(0, "left", 1.0)
    window = shown(qtbot, study)
    assert window.pair == study.pairs[1]
    assert window.progress.value() == 1


def test_nothing_on_it_tells_where_a_picture_comes_from(
    qtbot: QtBot, study: Study, tmp_path: Path
) -> None:
    window = shown(qtbot, study)
    texts = [widget.text() for widget in (window.question, window.caption, window.count)]
    seen = " ".join([*texts, window.windowTitle(), *(p.left + p.right for p in study.pairs)])
    assert str(tmp_path) not in seen
    assert not any(f"{k}.png" in seen.split() for k in range(3))


def test_every_control_has_a_name_for_screen_readers(qtbot: QtBot, study: Study) -> None:
    window = shown(qtbot, study)
    named = [window.left, window.right, window.undo, window.progress, *window.choices.values()]
    assert all(widget.accessibleName() for widget in named)
    assert window.choices["left"].accessibleName() == "Left is better"


def test_without_ties_there_is_no_such_choice(qtbot: QtBot, study: Study) -> None:
    window = shown(qtbot, Study(study.folder, study.question, False, study.pairs))
    qtbot.keyClick(window, Qt.Key.Key_Down)
    assert set(window.choices) == {"left", "right"}
    assert AnswerLog(study, "me").answers == {}


def test_a_picture_that_cannot_be_read_is_told(qtbot: QtBot, study: Study) -> None:
    (study.folder / study.pairs[0].left).write_bytes(b"no picture")
    window = StudyWindow(study, AnswerLog(study, "me"))
    qtbot.addWidget(window)
    assert "cannot be read" in window.trouble.text()


def test_an_answer_that_cannot_be_saved_is_told_and_the_pair_stays(
    qtbot: QtBot, study: Study
) -> None:
    window = shown(qtbot, study)
    window.log.path.mkdir()
    qtbot.keyClick(window, Qt.Key.Key_Left)
    assert "not saved" in window.trouble.text()
    assert window.pair == study.pairs[0]


def test_a_picture_is_centred_and_never_enlarged_too_much(qtbot: QtBot) -> None:
    view = PictureView("picture")
    qtbot.addWidget(view)
    view.resize(400, 300)
    view.show_picture(np.full((40, 60, 3), 200, np.uint8))
    place = view.place()
    assert place.width() == 60 * LARGEST
    assert place.center().x() == pytest.approx(200, abs=1)
    drawn = view.grab().toImage().pixelColor(200, 150)
    assert (drawn.red(), drawn.green(), drawn.blue()) == (200, 200, 200)


def test_a_folder_without_a_study_opens_no_window(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([os.fspath(tmp_path), "me"]) == BAD_START
    assert "holds no study" in capsys.readouterr().err


def test_the_study_is_read_as_it_was_built(study: Study) -> None:
    assert load_study(study.folder) == study
    assert [pair.caption for pair in study.pairs].count("a red apple") == 1
