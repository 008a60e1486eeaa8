from __future__ import annotations

import errno
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.document.document import Document
from app.document.mask_edit import MaskEdit
from app.document.source_file import SourceFile, Stamp
from app.storage.formats.codec import dump, load
from app.storage.journal.keeper import SUFFIX, Journal
from app.storage.journal.log import DiskFile, Kind, Log, scan
from app.storage.journal.reader import Recovered, read_journal
from app.storage.journal.recovery import find_orphans, let_go
from app.storage.snapshot import project_of, show
from lazydiff_core.contract import Box
from tests.app.document.driving import add_fill, square
from tests.app.doubles import PATIENCE_MS
from tests.app.storage.formats.pictures import same_picture, some_picture
from tests.app.storage.journal.doubles import SimulatedDisk


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "journals"


@pytest.fixture
def journal(document: Document, folder: Path) -> Iterator[Journal]:
    made = Journal(document, folder, lambda: {"zoom": 2.0})
    yield made
    made.end()


def stroke(document: Document, left: int = 0) -> None:
    edit = MaskEdit(document)
    edit.paint(Box(left, 0, left + 20, 20), np.full((20, 20), 255, np.uint8), True)
    edit.commit("Paint")


def settle(qtbot: QtBot, journal: Journal) -> None:
    """Wait until all that was done is on the disk."""
    revision = journal.revision
    with qtbot.waitSignal(
        journal.durable, timeout=PATIENCE_MS, check_params_cb=lambda number: number >= revision
    ):
        pass


def files(folder: Path) -> list[Path]:
    return sorted(folder.glob(f"*{SUFFIX}"))


def kept(folder: Path) -> Recovered:
    (path,) = files(folder)
    found = read_journal(path)
    assert found is not None
    return found


def test_every_step_reaches_the_disk(
    qtbot: QtBot, document: Document, journal: Journal, folder: Path
) -> None:
    picture = some_picture()
    show(picture, document, Path("/a/b.png"), saved=True)
    for step in range(3):
        stroke(document, step * 30)
        began = time.monotonic()
        settle(qtbot, journal)
        took = time.monotonic() - began
        found = kept(folder)
        assert same_picture(found.picture, project_of(document, {"zoom": 2.0}))
        assert (found.saved, found.path) == (False, Path("/a/b.png"))
        assert took < PATIENCE_MS / 1000
    document.undo_stack.undo()
    settle(qtbot, journal)
    assert same_picture(kept(folder).picture, project_of(document, {"zoom": 2.0}))


def test_a_stroke_under_way_reaches_the_disk_too(
    qtbot: QtBot, document: Document, journal: Journal, folder: Path
) -> None:
    stroke(document)
    settle(qtbot, journal)
    edit = MaskEdit(document)
    edit.paint(Box(100, 100, 120, 120), np.full((20, 20), 255, np.uint8), True)
    settle(qtbot, journal)

    assert kept(folder).picture.cover[110, 110] == 255


def test_a_stroke_under_way_on_a_saved_picture_is_not_saved(
    qtbot: QtBot, document: Document, journal: Journal, folder: Path
) -> None:
    stroke(document)
    document.saved_as(Path("/a/b.png"))
    edit = MaskEdit(document)
    edit.paint(Box(100, 100, 120, 120), np.full((20, 20), 255, np.uint8), True)
    settle(qtbot, journal)

    assert not kept(folder).saved


def test_looking_at_a_picture_leaves_nothing(
    qtbot: QtBot, document: Document, journal: Journal, folder: Path
) -> None:
    document.replace(np.zeros((40, 40, 3), np.uint8), Path("/a/b.png"))
    qtbot.wait(600)

    assert not folder.exists()


def test_a_saved_picture_is_not_offered(
    qtbot: QtBot, document: Document, journal: Journal, folder: Path
) -> None:
    stroke(document)
    settle(qtbot, journal)
    document.saved_as(Path("/a/b.png"))
    settle(qtbot, journal)

    assert kept(folder).saved


def test_the_end_of_a_window_leaves_nothing(
    qtbot: QtBot, document: Document, journal: Journal, folder: Path
) -> None:
    stroke(document)
    settle(qtbot, journal)
    journal.end()

    assert not list(folder.iterdir())


def test_another_picture_begins_another_journal(
    qtbot: QtBot, document: Document, journal: Journal, folder: Path
) -> None:
    stroke(document)
    settle(qtbot, journal)
    before = files(folder)
    document.replace(np.zeros((40, 40, 3), np.uint8))
    assert not files(folder)
    stroke(document)
    settle(qtbot, journal)

    assert files(folder) != before
    assert kept(folder).picture.size == (40, 40)


class FlakyBegin:
    """The first files are on a disk that is full after some bytes; the later ones are sound."""

    def __init__(self, full_at: int, times: int) -> None:
        self.full_at = full_at
        self.times = times
        self.paths: list[Path] = []

    def __call__(self, path: Path) -> SimulatedDisk | DiskFile:
        self.paths.append(path)
        if len(self.paths) > self.times:
            return DiskFile(path)
        path.touch()
        return SimulatedDisk(full_at=self.full_at)


@pytest.mark.parametrize("full_at", [0, 40, 900])
def test_a_full_disk_is_told_once_and_the_journal_comes_back(
    qtbot: QtBot,
    document: Document,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    full_at: int,
) -> None:
    monkeypatch.setattr("app.storage.journal.keeper._RETRY_MS", 100)
    begin = FlakyBegin(full_at, times=2)
    journal = Journal(document, folder, begin=begin)
    told: list[str] = []
    journal.failed.connect(told.append)
    stroke(document)
    settle(qtbot, journal)

    assert len(told) == 1
    assert "no space left" in told[0]
    assert len(begin.paths) == 3
    assert [path.exists() for path in begin.paths] == [False, False, True]
    assert same_picture(kept(folder).picture, project_of(document, {}))
    journal.end()


def test_a_folder_that_cannot_be_made_is_told(
    qtbot: QtBot, document: Document, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    journal = Journal(document, tmp_path / "file" / "journals")
    with qtbot.waitSignal(journal.failed, timeout=PATIENCE_MS) as told:
        stroke(document)

    assert "not protected" in told.args[0]
    journal.end()


def test_a_journal_that_has_grown_begins_anew(
    qtbot: QtBot, document: Document, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.storage.journal.keeper._MAX_BYTES", 1)
    begun: list[Path] = []

    def begin(path: Path) -> DiskFile:
        begun.append(path)
        return DiskFile(path)

    document.replace(np.full((40, 40, 3), 255, np.uint8))
    journal = Journal(document, folder, begin=begin)
    for step in range(20):
        stroke(document, step)
        settle(qtbot, journal)
        assert same_picture(kept(folder).picture, project_of(document, {}))
        if len(begun) > 1:
            break
    assert len(begun) == 2
    assert files(folder) == begun[1:]
    journal.end()


@pytest.fixture
def crashed(qtbot: QtBot, qapp: object, folder: Path) -> Callable[[int], Document]:
    """Leaves a journal as a killed program would: the file is there and nobody holds it."""

    def crash(seed: int) -> Document:
        document = Document()
        journal = Journal(document, folder)
        show(some_picture(seed), document, Path(f"/a/{seed}.png"), saved=True)
        stroke(document)
        settle(qtbot, journal)
        (path,) = (path for path in files(folder) if not path.stem.startswith("crash"))
        shutil.copy(path, folder / f"crash-{seed}{SUFFIX}")
        journal.end()
        return document

    return crash


def test_what_a_crash_left_is_found_and_held(
    crashed: Callable[[int], Document], folder: Path
) -> None:
    first, second = crashed(1), crashed(2)

    found = find_orphans(folder)
    assert [orphan.recovered.path for orphan in found] == [Path("/a/2.png"), Path("/a/1.png")]
    assert same_picture(found[0].recovered.picture, project_of(second, {}))
    assert same_picture(found[1].recovered.picture, project_of(first, {}))
    assert not find_orphans(folder), "another instance does not offer them"
    let_go(found)
    assert len(find_orphans(folder)) == 2


def test_the_journal_of_a_running_window_is_not_offered(
    qtbot: QtBot, document: Document, journal: Journal, folder: Path
) -> None:
    stroke(document)
    settle(qtbot, journal)

    assert not find_orphans(folder)
    assert len(files(folder)) == 1


def test_a_journal_that_cannot_be_read_is_laid_aside(folder: Path) -> None:
    folder.mkdir()
    (folder / f"x{SUFFIX}").write_bytes(b"rubbish")

    assert not find_orphans(folder)
    assert (folder / "x.damaged").read_bytes() == b"rubbish"


def test_a_recovered_journal_goes_only_once_its_picture_is_safe_again(
    qtbot: QtBot, document: Document, folder: Path, crashed: Callable[[int], Document]
) -> None:
    crashed(1)
    (orphan,) = find_orphans(folder)
    journal = Journal(document, folder)
    show(orphan.recovered.picture, document, orphan.recovered.path, saved=False)
    journal.replaces(orphan.file)
    assert files(folder) == [orphan.file.path]
    settle(qtbot, journal)

    assert orphan.file.path not in files(folder)
    assert same_picture(kept(folder).picture, orphan.recovered.picture)
    journal.end()


def test_errors_of_the_disk_have_names() -> None:
    with pytest.raises(OSError, match="No space") as caught:
        SimulatedDisk(full_at=0).write(b"x")
    assert caught.value.errno == errno.ENOSPC


def test_what_is_typed_reaches_the_disk(
    qtbot: QtBot, document: Document, journal: Journal, folder: Path
) -> None:
    """Even on a picture that nothing else has been done to."""
    journal.follow_prompt("a moth")
    settle(qtbot, journal)
    assert (kept(folder).prompt, kept(folder).saved) == ("a moth", False)
    stroke(document)
    journal.follow_prompt("a moth on the wall")
    settle(qtbot, journal)
    assert kept(folder).prompt == "a moth on the wall"
    document.saved_as(Path("/a/b.lazydiff"))
    settle(qtbot, journal)
    assert kept(folder).saved


def test_undoing_to_what_is_saved_leaves_what_is_typed_unsaved(
    qtbot: QtBot, document: Document, journal: Journal, folder: Path
) -> None:
    document.saved_as(Path("/a/b.lazydiff"))
    stroke(document)
    journal.follow_prompt("a moth")
    document.undo_stack.undo()
    settle(qtbot, journal)
    assert not document.is_modified
    assert (kept(folder).prompt, kept(folder).saved) == ("a moth", False)


def test_alpha_source_and_file_reach_the_disk(
    qtbot: QtBot, document: Document, journal: Journal, folder: Path
) -> None:
    source = SourceFile("cut out.png", bytes(range(256)) * 9000)
    stamp = Stamp(1_700_000_000_123_456_789, 4711)
    picture = some_picture(channels=4, source=source)
    show(picture, document, Path("/a/b.png"), saved=True, stamp=stamp)
    document.backed_up = frozenset([Path("/a/b.png"), Path("/a/c.png")])
    stroke(document)
    settle(qtbot, journal)
    found = kept(folder)
    assert same_picture(found.picture, project_of(document, {"zoom": 2.0}))
    assert (found.stamp, found.backed_up) == (stamp, document.backed_up)


def test_a_plain_picture_that_is_saved_without_its_history_is_still_guarded(
    qtbot: QtBot, document: Document, journal: Journal, folder: Path
) -> None:
    square(document, Box(0, 0, 20, 20))
    add_fill(document)
    document.saved_as(Path("/a/b.png"), is_flat=True)
    settle(qtbot, journal)
    assert not kept(folder).saved


def test_a_journal_of_an_earlier_version_is_read(
    qtbot: QtBot, document: Document, journal: Journal, folder: Path
) -> None:
    """It says nothing of channels, prompt, source and stamp."""
    stroke(document)
    settle(qtbot, journal)
    state = load(states(folder)[-1])
    for key in ("channels", "prompt", "stamp", "backed_up"):
        del state[key]
    again = folder / f"old{SUFFIX}"
    log = Log(file := DiskFile(again))
    (path,) = (found for found in files(folder) if found != again)
    with path.open("rb") as read:
        *others, _ = list(scan(read))
        for record in others:
            log.append(record.kind, record.payload(read))
    log.append(Kind.STATE, dump(state).encode())
    file.close()
    found = read_journal(again)
    assert found is not None
    assert same_picture(found.picture, project_of(document, {"zoom": 2.0}))
    assert (found.prompt, found.stamp, found.backed_up) == ("", None, frozenset())
    again.unlink()


def states(folder: Path) -> list[bytes]:
    """The STATE records of the only journal."""
    (path,) = files(folder)
    with path.open("rb") as file:
        return [row.payload(file) for row in scan(file) if row.kind is Kind.STATE]
