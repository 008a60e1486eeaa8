from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.controllers.crash_recovery import CrashRecovery
from app.controllers.files import Files
from app.document.document import Document
from app.document.mask_edit import MaskEdit
from app.storage.snapshot import project_of, show
from app.system.settings import SettingsStore
from app.ui.messages import Messages
from lazydiff_core.contract import Box
from tests.app.doubles import PATIENCE_MS, ScriptedDialogs
from tests.app.storage.formats.pictures import same_picture, some_picture


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "journals"


def recovery_of(
    document: Document,
    settings: SettingsStore,
    dialogs: ScriptedDialogs,
    messages: Messages,
    folder: Path,
) -> CrashRecovery:
    files = Files(document, settings, dialogs, messages)
    return CrashRecovery(document, files, dialogs, messages, dict, folder, 2**20)


def leave_a_crash(qtbot: QtBot, recovery: CrashRecovery, document: Document, folder: Path) -> None:
    """As if the program had been killed with an unsaved picture in it."""
    with qtbot.waitSignal(recovery.journal.durable, timeout=PATIENCE_MS):
        show(some_picture(), document, Path("/a/b.png"), saved=False)
    (path,) = folder.glob("*.journal")
    shutil.copy(path, folder / "crash.journal")


@pytest.mark.parametrize("restores", [True, False])
def test_a_crash_is_offered_and_restored(
    qtbot: QtBot,
    document: Document,
    settings: SettingsStore,
    dialogs: ScriptedDialogs,
    messages: Messages,
    folder: Path,
    restores: bool,
) -> None:
    recovery = recovery_of(document, settings, dialogs, messages, folder)
    leave_a_crash(qtbot, recovery, document, folder)
    document.replace(some_picture(edits=0).stack.base)
    dialogs.restores = restores
    recovery.offer(asked=False)
    assert dialogs.asked == ["recover 1"]
    if restores:
        assert same_picture(project_of(document, {}), picture_without_view())
        assert document.path == Path("/a/b.png")
        assert document.is_modified
        assert "Restored" in messages.text
        qtbot.waitUntil(lambda: not (folder / "crash.journal").exists(), timeout=PATIENCE_MS)
        assert len(list(folder.glob("*.journal"))) == 1
    else:
        assert not document.edits
        recovery.offer()
        assert dialogs.asked == ["recover 1"] * 2, "it is still there another time"
    recovery.end()


def picture_without_view() -> object:
    from dataclasses import replace

    return replace(some_picture(), view={})


def test_nothing_to_restore_is_said_only_if_asked(
    document: Document,
    settings: SettingsStore,
    dialogs: ScriptedDialogs,
    messages: Messages,
    folder: Path,
) -> None:
    recovery = recovery_of(document, settings, dialogs, messages, folder)
    recovery.offer(asked=False)
    assert messages.text == ""
    recovery.offer()
    assert "no unsaved work" in messages.text
    recovery.end()


def test_unsaved_work_is_asked_about_before_something_is_restored_over_it(
    qtbot: QtBot,
    document: Document,
    settings: SettingsStore,
    dialogs: ScriptedDialogs,
    messages: Messages,
    folder: Path,
) -> None:
    recovery = recovery_of(document, settings, dialogs, messages, folder)
    leave_a_crash(qtbot, recovery, document, folder)
    dialogs.restores = True
    recovery.offer()
    assert dialogs.asked == ["recover 1", "unsaved CHANGES_AND_HISTORY"]
    recovery.end()


def test_the_end_leaves_nothing_behind(
    qtbot: QtBot,
    document: Document,
    settings: SettingsStore,
    dialogs: ScriptedDialogs,
    messages: Messages,
    folder: Path,
) -> None:
    recovery = recovery_of(document, settings, dialogs, messages, folder)
    with qtbot.waitSignal(recovery.journal.durable, timeout=PATIENCE_MS):
        edit = MaskEdit(document)
        edit.paint(Box(0, 0, 9, 9), document.mask[:9, :9] | True, True)
        edit.commit("Paint")
    recovery.end()
    assert not list(folder.iterdir())
