from __future__ import annotations

import resource
import sqlite3
from contextlib import closing
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QSize, QTimer

from app.controllers.files import Files, blank
from app.document.document import Document
from app.panels.dialogs.dialogs import Taken
from app.panels.dialogs.save_questions import Answer, Changed
from app.storage.journal.reader import Recovered
from app.storage.project_lock import ProjectLock
from app.storage.snapshot import project_of, show
from app.system.settings import SettingsStore
from app.ui.messages import Messages
from lazydiff_core.contract import RGB, Box
from tests.app.document.driving import add_fill, sketched, square
from tests.app.doubles import ScriptedDialogs
from tests.app.storage.formats.pictures import same_picture, some_picture


@pytest.fixture
def files(
    document: Document, settings: SettingsStore, dialogs: ScriptedDialogs, messages: Messages
) -> Files:
    return Files(document, settings, dialogs, messages)


@pytest.fixture
def noise() -> RGB:
    return np.random.default_rng(0).integers(0, 256, (20, 30, 3), np.uint8)


def touch(document: Document) -> None:
    sketched(document, Box(0, 0, 2, 2))


@pytest.mark.parametrize("name", ["a.png", "b.webp", "naïve 画 🎨.png"])
def test_what_is_saved_can_be_opened(
    files: Files,
    document: Document,
    dialogs: ScriptedDialogs,
    tmp_path: Path,
    noise: RGB,
    name: str,
) -> None:
    document.replace(noise)
    square(document, Box(0, 0, 2, 2))
    dialogs.saved = tmp_path / name
    assert files.save()
    assert not document.is_modified
    assert files.name() == name
    document.replace(blank(QSize(16, 16)))
    files.open_path(tmp_path / name)
    assert np.array_equal(document.pixels, noise)


def test_a_jpeg_is_close(
    files: Files, document: Document, dialogs: ScriptedDialogs, tmp_path: Path
) -> None:
    slope = np.linspace(0, 255, 64).astype(np.uint8)
    document.replace(np.repeat(np.tile(slope, (64, 1))[..., None], 3, axis=2))
    dialogs.saved = tmp_path / "a.jpg"
    assert files.save_as()
    written = np.asarray(Image.open(tmp_path / "a.jpg")).astype(int)
    assert np.abs(written - document.pixels).max() < 12


def test_saving_again_does_not_ask(
    files: Files, document: Document, dialogs: ScriptedDialogs, tmp_path: Path
) -> None:
    dialogs.saved = tmp_path / "a.png"
    files.save()
    files.save()
    assert dialogs.asked == ["save untitled.png"]


def test_a_target_that_cannot_be_written_is_told(
    files: Files,
    document: Document,
    dialogs: ScriptedDialogs,
    messages: Messages,
    tmp_path: Path,
) -> None:
    touch(document)
    dialogs.saved = tmp_path / "nowhere" / "a.png"
    assert not files.save()
    assert document.is_modified
    assert "nowhere" in messages.text
    dialogs.saved = tmp_path / "a.xyz"
    assert not files.save()
    assert "xyz" in messages.text


def test_a_file_that_is_no_picture_changes_nothing(
    files: Files, document: Document, messages: Messages, tmp_path: Path
) -> None:
    (tmp_path / "a.png").write_text("not a picture")
    before = document.pixels.copy()
    files.open_path(tmp_path / "a.png")
    assert np.array_equal(document.pixels, before)
    assert "a.png" in messages.text


def test_opening_remembers_the_file_and_a_lost_one_is_forgotten(
    files: Files, settings: SettingsStore, tmp_path: Path, noise: RGB
) -> None:
    path = tmp_path / "a.png"
    Image.fromarray(noise).save(path)
    files.open_path(path)
    assert settings.value.recent_files == (str(path),)
    assert settings.value.folder == str(tmp_path)
    path.unlink()
    files.open_path(path)
    assert settings.value.recent_files == ()


@pytest.mark.parametrize(
    ("answer", "discarded"),
    [(Answer.KEEP, False), (Answer.DISCARD, True), (Answer.SAVE, True)],
)
def test_unsaved_changes_are_asked_about(
    files: Files,
    document: Document,
    dialogs: ScriptedDialogs,
    tmp_path: Path,
    answer: Answer,
    discarded: bool,
) -> None:
    touch(document)
    dialogs.answer = answer
    dialogs.size = QSize(64, 32)
    dialogs.saved = tmp_path / "kept.lazydiff"
    files.new()
    assert (document.size == QSize(64, 32)) == discarded
    assert (tmp_path / "kept.lazydiff").exists() == (answer == Answer.SAVE)


def test_work_is_kept_when_saving_it_fails(
    files: Files, document: Document, dialogs: ScriptedDialogs
) -> None:
    touch(document)
    dialogs.answer, dialogs.saved = Answer.SAVE, None
    dialogs.size = QSize(64, 32)
    files.new()
    assert document.has_sketch


def test_a_saved_picture_is_let_go_without_a_question(
    files: Files, dialogs: ScriptedDialogs
) -> None:
    dialogs.size = QSize(64, 32)
    files.new()
    assert dialogs.asked == ["size"]


# --- projects ------------------------------------------------------------------------------------


def paint(document: Document) -> None:
    """A picture with edits, a mask and a sketch, and something to save."""
    show(some_picture(), document, None, saved=False)


def test_a_project_keeps_everything(
    files: Files, document: Document, dialogs: ScriptedDialogs, tmp_path: Path
) -> None:
    paint(document)
    before = project_of(document, {})
    dialogs.saved = tmp_path / "名 a.lazydiff"
    assert files.save()
    assert not document.is_modified
    assert dialogs.asked == ["save untitled.lazydiff"], "there are edits to keep"
    document.replace(blank(QSize(16, 16)))
    files.open_path(dialogs.saved)
    assert same_picture(project_of(document, {}), before)
    assert document.path == dialogs.saved
    assert not document.is_modified


def test_where_one_was_looking_comes_back(
    document: Document,
    settings: SettingsStore,
    dialogs: ScriptedDialogs,
    messages: Messages,
    tmp_path: Path,
) -> None:
    files = Files(document, settings, dialogs, messages, lambda: {"zoom": 3.0})
    dialogs.saved = tmp_path / "a.lazydiff"
    files.save()
    looks: list[object] = []
    files.view_known.connect(looks.append)
    files.open_path(dialogs.saved)
    assert looks == [{"zoom": 3.0}]


def test_an_export_changes_neither_name_nor_state(
    files: Files, document: Document, dialogs: ScriptedDialogs, tmp_path: Path
) -> None:
    paint(document)
    dialogs.saved = tmp_path / "a.lazydiff"
    files.save()
    touch(document)
    dialogs.saved = tmp_path / "a.png"
    assert files.export()
    assert dialogs.asked[-1] == "export a.png"
    assert document.path == tmp_path / "a.lazydiff"
    assert document.is_modified
    assert np.array_equal(np.asarray(Image.open(dialogs.saved)), document.pixels)


def test_a_format_that_cannot_be_written_is_saved_as_another(
    files: Files, document: Document, dialogs: ScriptedDialogs, tmp_path: Path, noise: RGB
) -> None:
    Image.fromarray(noise).save(tmp_path / "a.bmp")
    files.open_path(tmp_path / "a.bmp")
    files.save_as()
    assert dialogs.asked == ["save a.png"]


def test_a_full_disk_leaves_file_and_changes(
    files: Files, document: Document, dialogs: ScriptedDialogs, messages: Messages, tmp_path: Path
) -> None:
    paint(document)
    dialogs.saved = tmp_path / "a.lazydiff"
    files.save()
    whole = dialogs.saved.read_bytes()
    touch(document)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, hard))
    try:
        assert not files.save()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert dialogs.saved.read_bytes() == whole
    assert document.is_modified
    assert "cannot be written" in messages.text


def test_what_changes_while_saving_stays_unsaved(
    files: Files, document: Document, dialogs: ScriptedDialogs, tmp_path: Path
) -> None:
    """A result may land while the file is being written."""
    paint(document)
    dialogs.saved = tmp_path / "a.lazydiff"
    QTimer.singleShot(0, lambda: touch(document))
    assert not files.save()
    assert document.path == dialogs.saved
    assert document.is_modified
    assert files.save()


def damage(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.execute("DELETE FROM edit WHERE place = 1")
        database.commit()


def test_a_damaged_project_names_its_problems_and_loses_its_name(
    files: Files, document: Document, dialogs: ScriptedDialogs, tmp_path: Path
) -> None:
    paint(document)
    dialogs.saved = tmp_path / "a.lazydiff"
    files.save()
    damage(dialogs.saved)
    bytes_before = dialogs.saved.read_bytes()
    files.open_path(dialogs.saved)
    assert len(document.edits) == 2
    assert dialogs.problems[0].startswith("Edit 2 is lost.")
    assert document.path is None
    assert document.is_modified
    dialogs.saved = None
    assert not files.save(), "it asks for another name"
    assert (tmp_path / "a.lazydiff").read_bytes() == bytes_before


@pytest.mark.parametrize("answer", list(Taken))
def test_a_project_of_another_window_opens_read_only_at_most(
    files: Files, document: Document, dialogs: ScriptedDialogs, tmp_path: Path, answer: Taken
) -> None:
    paint(document)
    path = dialogs.saved = tmp_path / "a.lazydiff"
    files.save()
    document.replace(blank(QSize(16, 16)))
    other = ProjectLock(tmp_path / "settings" / "open")
    assert other.hold(path)
    dialogs.taken = answer
    files.open_path(path)
    assert dialogs.asked[-1] == "taken"
    assert len(document.edits) == (3 if answer is Taken.READ else 0)
    assert document.path is None
    dialogs.saved = path
    assert not files.save_as(), "it is the other window's"
    other.release()
    assert files.save_as()


def test_read_only_is_said_and_ends_with_another_name(
    files: Files,
    document: Document,
    dialogs: ScriptedDialogs,
    messages: Messages,
    tmp_path: Path,
) -> None:
    paint(document)
    path = dialogs.saved = tmp_path / "a.lazydiff"
    files.save()
    before = path.read_bytes()
    document.replace(blank(QSize(16, 16)))
    other = ProjectLock(tmp_path / "settings" / "open")
    assert other.hold(path)
    dialogs.taken = Taken.READ
    files.open_path(path)
    assert files.name() == "a.lazydiff (read-only)"
    assert "read-only" in messages.text
    assert not document.is_modified, "the file has it all"
    dialogs.saved = tmp_path / "b.lazydiff"
    assert files.save()
    assert dialogs.asked[-1] == "save a copy.lazydiff"
    assert path.read_bytes() == before
    assert files.name() == "b.lazydiff"
    document.replace(blank(QSize(16, 16)))
    assert files.name() == "Untitled"
    other.release()


def test_a_project_is_free_again_when_another_picture_comes(
    files: Files, document: Document, dialogs: ScriptedDialogs, tmp_path: Path
) -> None:
    path = dialogs.saved = tmp_path / "a.lazydiff"
    files.save()
    other = ProjectLock(tmp_path / "settings" / "open")
    assert not other.is_free(path)
    document.replace(blank(QSize(16, 16)))
    assert other.is_free(path)


# --- layers --------------------------------------------------------------------------------------


def test_a_file_with_layers_is_opened_with_them_and_keeps_its_name(
    files: Files,
    document: Document,
    dialogs: ScriptedDialogs,
    messages: Messages,
    tmp_path: Path,
) -> None:
    paint(document)
    before = document.pixels.copy()
    count = sum(edit.chosen is not None for edit in document.edits)
    dialogs.saved = tmp_path / "a.ora"
    assert files.save_as()
    files.open_path(tmp_path / "a.ora")
    assert np.array_equal(document.pixels, before)
    assert len(document.edits) == count
    assert document.path == tmp_path / "a.ora"
    assert not document.is_modified
    assert "also holds" not in messages.text
    document.undo_stack.resetClean()
    assert files.save()
    assert not document.is_modified, "its layers are all that there is"


def test_a_file_of_which_not_all_is_kept_is_not_replaced(
    files: Files,
    document: Document,
    dialogs: ScriptedDialogs,
    messages: Messages,
    tmp_path: Path,
) -> None:
    paint(document)
    dialogs.saved = path = tmp_path / "a.ora"
    assert files.save_as()
    with ZipFile(path) as archive:
        stored = {name: archive.read(name) for name in archive.namelist()}
    stored["stack.xml"] = stored["stack.xml"].replace(b"svg:src-over", b"svg:difference")
    with ZipFile(path, "w") as archive:
        for name, data in stored.items():
            archive.writestr(name, data)
    files.open_path(path)
    assert document.path is None
    assert not document.is_modified, "nothing is lost by closing it"
    assert "the blend mode difference" in messages.text


# --- what a plain picture does not hold -----------------------------------------------------------


@pytest.fixture
def photo(files: Files, tmp_path: Path, noise: RGB) -> Path:
    """A picture that is open."""
    path = tmp_path / "photo.png"
    Image.fromarray(noise).save(path)
    files.open_path(path)
    return path


def painted(document: Document, seed: int = 1) -> None:
    square(document, Box(2, 2, 10, 10))
    add_fill(document, seed)


def test_history_that_a_plain_picture_lacks_stays_unsaved(
    files: Files,
    document: Document,
    dialogs: ScriptedDialogs,
    messages: Messages,
    photo: Path,
    tmp_path: Path,
) -> None:
    painted(document)
    assert files.save()
    assert np.array_equal(np.asarray(Image.open(photo)), document.pixels)
    assert document.is_modified
    assert "project" in messages.text
    dialogs.answer = Answer.KEEP
    assert not files.may_discard()
    assert dialogs.asked == ["unsaved HISTORY"]
    dialogs.answer, dialogs.saved = Answer.PROJECT, tmp_path / "photo.lazydiff"
    assert files.may_discard()
    assert dialogs.asked[-1] == "save photo.lazydiff"
    assert not document.is_modified
    assert files.may_discard()
    assert dialogs.asked[-1] == "save photo.lazydiff", "nothing is left to ask"


def test_a_sketch_is_not_in_a_plain_picture_either(
    files: Files, document: Document, dialogs: ScriptedDialogs, photo: Path
) -> None:
    touch(document)
    assert files.save()
    assert document.is_modified
    assert files.may_discard(), "the artist does not want it"
    assert dialogs.asked == ["unsaved HISTORY"]


def test_changes_and_history_are_one_question(
    files: Files, document: Document, dialogs: ScriptedDialogs, photo: Path
) -> None:
    painted(document)
    dialogs.answer = Answer.SAVE
    assert files.may_discard(), "it has said what the file lacks"
    assert dialogs.asked == ["unsaved CHANGES_AND_HISTORY"]
    assert np.array_equal(np.asarray(Image.open(photo)), document.pixels)


def test_a_plain_name_chosen_on_leaving_is_asked_about(
    files: Files, document: Document, dialogs: ScriptedDialogs, tmp_path: Path
) -> None:
    painted(document)
    dialogs.answer, dialogs.saved = Answer.SAVE, tmp_path / "a.png"
    assert not files.may_discard()
    assert dialogs.asked == ["unsaved", "save untitled.lazydiff", "unsaved HISTORY"]


def test_a_bare_mask_is_no_reason_to_ask(
    files: Files, document: Document, dialogs: ScriptedDialogs, photo: Path
) -> None:
    square(document, Box(2, 2, 10, 10))
    assert files.may_discard()
    assert dialogs.asked == []
    painted(document)
    document.undo_stack.undo()
    assert files.may_discard(), "the fill is undone"
    document.undo_stack.redo()
    dialogs.answer = Answer.KEEP
    assert not files.may_discard()


def test_a_mask_is_part_of_a_project(
    files: Files, document: Document, dialogs: ScriptedDialogs, tmp_path: Path
) -> None:
    dialogs.saved, dialogs.answer = tmp_path / "a.lazydiff", Answer.KEEP
    assert files.save()
    square(document, Box(2, 2, 10, 10))
    assert not files.may_discard()


# --- files that others write, too -----------------------------------------------------------------


def test_a_file_that_another_program_changed_is_not_replaced_unasked(
    files: Files, document: Document, dialogs: ScriptedDialogs, photo: Path, tmp_path: Path
) -> None:
    painted(document)
    Image.new("RGB", (30, 20), "red").save(photo)
    theirs = photo.read_bytes()
    assert not files.save()
    assert dialogs.asked == ["changed photo.png"]
    assert photo.read_bytes() == theirs
    dialogs.changed, dialogs.saved = Changed.OTHER_NAME, tmp_path / "mine.png"
    assert files.save()
    assert photo.read_bytes() == theirs
    assert document.path == tmp_path / "mine.png"


def test_it_is_replaced_if_the_artist_says_so(
    files: Files, document: Document, dialogs: ScriptedDialogs, photo: Path
) -> None:
    painted(document)
    Image.new("RGB", (30, 20), "red").save(photo)
    dialogs.changed = Changed.REPLACE
    assert files.save()
    assert np.array_equal(np.asarray(Image.open(photo)), document.pixels)
    assert files.save()
    assert dialogs.asked == ["changed photo.png"], "what was saved here is no news"


def test_a_file_that_is_gone_is_written_again(
    files: Files, document: Document, dialogs: ScriptedDialogs, photo: Path
) -> None:
    photo.unlink()
    assert files.save()
    assert photo.exists()
    assert dialogs.asked == []


@pytest.mark.parametrize("suffix", [".png", ".lazydiff", ".ora"])
def test_the_backup_is_what_was_there_first(
    files: Files, document: Document, dialogs: ScriptedDialogs, tmp_path: Path, suffix: str
) -> None:
    path = dialogs.saved = tmp_path / f"a{suffix}"
    files.save()
    document.replace(blank(QSize(40, 30)))
    before = path.read_bytes()
    for seed in (1, 2, 3):
        painted(document, seed)
        assert files.save_as()
        assert path.with_name(f"{path.name}~").read_bytes() == before
    document.replace(blank(QSize(50, 30)))
    last = path.read_bytes()
    assert files.save_as()
    assert path.with_name(f"{path.name}~").read_bytes() == last, "another picture, another first"


def test_an_export_over_a_file_keeps_it_too(
    files: Files, document: Document, dialogs: ScriptedDialogs, photo: Path
) -> None:
    before = photo.read_bytes()
    painted(document)
    dialogs.saved = photo
    assert files.export()
    assert files.export()
    assert photo.with_name("photo.png~").read_bytes() == before


# --- what a format cannot keep --------------------------------------------------------------------


def test_what_gets_lost_is_told_before_it_is(
    files: Files, document: Document, dialogs: ScriptedDialogs, tmp_path: Path
) -> None:
    document.replace(blank(QSize(20, 20), is_clear=True))
    dialogs.saved, dialogs.accepts = tmp_path / "a.jpg", False
    assert not files.save()
    assert not dialogs.saved.exists()
    assert "transparency" in " ".join(dialogs.losses)
    dialogs.accepts = True
    assert files.save()
    assert files.save()
    assert dialogs.asked.count("losses a.jpg") == 2, "once it is accepted, it is no news"
    document.replace(blank(QSize(20, 20), is_clear=True))
    assert files.save()
    assert dialogs.asked.count("losses a.jpg") == 3, "of another picture it is"


def test_a_picture_of_a_format_that_is_only_read_is_saved_under_another_name(
    files: Files, dialogs: ScriptedDialogs, tmp_path: Path, noise: RGB
) -> None:
    Image.fromarray(noise).save(tmp_path / "a.bmp")
    files.open_path(tmp_path / "a.bmp")
    dialogs.saved = tmp_path / "a.png"
    assert files.save()
    assert dialogs.asked == ["save a.png"]


def test_a_film_is_opened_as_a_copy_without_a_name(
    files: Files,
    document: Document,
    dialogs: ScriptedDialogs,
    messages: Messages,
    tmp_path: Path,
) -> None:
    path = tmp_path / "film.webp"
    frames = [Image.new("RGB", (30, 20), colour) for colour in ("red", "blue")]
    frames[0].save(path, save_all=True, append_images=frames[1:], lossless=True)
    before = path.read_bytes()
    files.open_path(path)
    assert document.path is None
    assert "1 more frame" in messages.text
    assert not document.is_modified
    painted(document)
    dialogs.saved = None
    assert not files.save()
    assert dialogs.asked == ["save untitled.lazydiff"]
    assert path.read_bytes() == before


def test_a_new_canvas_may_be_clear(
    files: Files, document: Document, dialogs: ScriptedDialogs
) -> None:
    dialogs.size, dialogs.is_clear = QSize(64, 32), True
    files.new()
    assert document.has_alpha
    assert not document.pixels.any()
    painted(document)
    assert (document.pixels[2:10, 2:10, 3] == 255).all()
    assert not document.pixels[20:, :, 3].any()


def test_where_the_picture_came_from_is_followed_through_a_crash(
    files: Files, document: Document, dialogs: ScriptedDialogs, photo: Path
) -> None:
    """Another program may write the file between the crash and the next start."""
    painted(document)
    found = Recovered(
        project_of(document, {}),
        photo,
        saved=False,
        time=1e9,
        prompt="a moth",
        stamp=document.stamp,
        backed_up=frozenset([photo.resolve()]),
    )
    Image.new("RGB", (30, 20), "red").save(photo)
    prompts: list[str] = []
    files.prompt_known.connect(prompts.append)
    files.recover(found)
    assert prompts == ["a moth"]
    assert not files.save()
    assert dialogs.asked == ["changed photo.png"]
    dialogs.changed = Changed.REPLACE
    assert files.save()
    assert not photo.with_name("photo.png~").exists(), "it is kept already"
