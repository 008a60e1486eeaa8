from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from app.document.edit_stack import EditStack
from app.panels.dialogs.recovery_dialog import RecoveryDialog
from app.storage.formats.contents import Project
from app.storage.journal.keeper import locked
from app.storage.journal.reader import Recovered
from app.storage.journal.recovery import Orphan
from tests.app.storage.formats.pictures import some_picture


@pytest.fixture
def orphans(tmp_path: Path) -> list[Orphan]:
    made = []
    for number, name in enumerate((None, "/a/kitten.png")):
        file = locked(tmp_path / f"{number}.journal")
        assert file is not None
        path = None if name is None else Path(name)
        picture = some_picture(number, 60, 90, edits=number)
        made.append(Orphan(file, Recovered(picture, path, saved=False, time=1e9)))
    return made


@pytest.fixture
def dialog(qtbot: QtBot, orphans: list[Orphan]) -> RecoveryDialog:
    made = RecoveryDialog(orphans)
    qtbot.addWidget(made)
    made.show()
    return made


def test_each_picture_is_shown_with_its_name_size_and_edits(dialog: RecoveryDialog) -> None:
    first, second = (dialog.list.item(row) for row in range(2))

    assert first.text().startswith("Untitled\n90 x 60 · 0 edits\n")
    assert second.text().startswith("kitten.png\n90 x 60 · 1 edit\n")
    assert not first.icon().isNull()


def test_the_chosen_one_is_restored(dialog: RecoveryDialog, orphans: list[Orphan]) -> None:
    dialog.list.setCurrentRow(1)
    dialog.restore.click()

    assert dialog.result() == RecoveryDialog.DialogCode.Accepted
    assert dialog.chosen is orphans[1]
    assert not dialog.removed


def test_not_now_keeps_everything(dialog: RecoveryDialog) -> None:
    dialog.later.click()

    assert dialog.result() == RecoveryDialog.DialogCode.Rejected
    assert not dialog.removed


@pytest.mark.parametrize("sure", [True, False])
def test_deleting_asks_first(
    dialog: RecoveryDialog, orphans: list[Orphan], monkeypatch: pytest.MonkeyPatch, sure: bool
) -> None:
    button = QMessageBox.StandardButton
    answer = button.Yes if sure else button.No
    monkeypatch.setattr(QMessageBox, "question", lambda *_: answer)
    dialog.delete.click()

    assert dialog.removed == ([orphans[0]] if sure else [])
    assert dialog.list.count() == (1 if sure else 2)
    assert dialog.isVisible()


def test_when_all_are_deleted_nothing_is_left_to_ask(dialog: RecoveryDialog) -> None:
    dialog.remove_chosen()
    dialog.remove_chosen()

    assert not dialog.isVisible()
    assert len(dialog.removed) == 2


def test_a_mask_alone_is_seen_in_the_small_picture(qtbot: QtBot, tmp_path: Path) -> None:
    file = locked(tmp_path / "a.journal")
    assert file is not None
    cover = np.zeros((400, 600), np.uint8)
    cover[:, 300:] = 255
    white = EditStack(np.full((400, 600, 3), 255, np.uint8))
    recovered = Recovered(Project(white, cover), None, saved=False, time=1e9)
    dialog = RecoveryDialog([Orphan(file, recovered)])
    qtbot.addWidget(dialog)

    image = dialog.list.item(0).icon().pixmap(64, 64).toImage()
    assert image.width() == 64, "the whole picture, not its middle"
    left, right = (image.pixelColor(x, image.height() // 2) for x in (10, 54))
    assert left.getRgb()[:3] == (255, 255, 255)
    assert right.red() > 200 > right.green()
