from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPointF, QSize, Qt, QUrl
from PySide6.QtGui import QColor, QDropEvent, QGuiApplication, QImage
from pytestqt.qtbot import QtBot

from app.canvas.view import CanvasView
from app.controllers.clipboard import Clipboard
from app.controllers.files import blank
from app.panels.dialogs.dialogs import Dropped
from app.panels.dialogs.save_questions import Answer
from app.storage import formats
from app.ui.qimage import image_of, rgba_of
from app.window import MainWindow
from lazydiff_core.contract import RGB, Box
from tests.app.document.driving import add_fill, square
from tests.app.doubles import ScriptedDialogs, action
from tests.app.driving import CTRL, press
from tests.app.storage.formats.pictures import odd_profile, some_picture

COPY, IGNORE = Qt.DropAction.CopyAction, Qt.DropAction.IgnoreAction
NAMES = ["a.png", "with space.png", "画 蘑菇.png", "🍄 emoji.png", "e\u0301 decomposed.png"]


@pytest.fixture(autouse=True)
def nothing_is_left_on_the_clipboard(qapp: object) -> Iterator[None]:
    """It would outlive the interpreter, and be destroyed without it."""
    yield
    QGuiApplication.clipboard().clear()


@pytest.fixture
def noise() -> RGB:
    return np.random.default_rng(0).integers(0, 256, (20, 30, 3), np.uint8)


@pytest.fixture
def clipboard(window: MainWindow) -> Clipboard:
    return window.clipboard


def copied(pixels: RGB) -> None:
    QGuiApplication.clipboard().setImage(image_of(pixels))


def local(*paths: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def drop_on(view: CanvasView, data: QMimeData) -> tuple[bool, Qt.DropAction]:
    """Drop something; what the program that it comes from hears."""
    button, key = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    event = QDropEvent(QPointF(20, 20), COPY | Qt.DropAction.MoveAction, data, button, key)
    view.dropEvent(event)  # Qt delivers one only after a drag that it follows itself
    return event.isAccepted(), event.dropAction()


def begin(window: MainWindow) -> None:
    """Something that a drop could be meant for."""
    square(window.document, Box(10, 10, 30, 30))
    add_fill(window.document, variants=1)


# --- copy and paste ------------------------------------------------------------------------------


def test_a_pasted_picture_is_new_and_unsaved(window: MainWindow) -> None:
    image = QImage(10, 8, QImage.Format.Format_ARGB32)
    image.fill(QColor(200, 100, 50, 128))
    QGuiApplication.clipboard().setImage(image)
    window.clipboard.paste_new()
    assert window.document.size == QSize(10, 8)
    assert window.document.is_modified
    assert window.document.path is None


def test_pasting_without_a_picture_says_so(window: MainWindow) -> None:
    for paste in (window.clipboard.paste_new, window.clipboard.paste_sketch):
        QGuiApplication.clipboard().setText("words")
        paste()
        assert "no picture" in window.messages.text
        assert window.document.size == QSize(512, 512)
        assert not window.document.has_sketch


def test_pasting_asks_before_work_is_lost(
    window: MainWindow, dialogs: ScriptedDialogs, noise: RGB
) -> None:
    begin(window)
    dialogs.answer = Answer.KEEP
    copied(noise)
    window.clipboard.paste_new()
    assert dialogs.asked == ["unsaved"]
    assert window.document.size == QSize(512, 512)


def test_copy_and_paste_give_the_same_picture(window: MainWindow, noise: RGB) -> None:
    window.document.replace(noise)
    window.clipboard.copy()
    window.document.replace(blank(QSize(5, 5)))
    window.clipboard.paste_new()
    assert np.array_equal(window.document.pixels, noise)


def test_the_masked_area_is_copied_with_its_soft_edges(window: MainWindow, noise: RGB) -> None:
    window.document.replace(noise)
    assert not action(window, "copy-masked").isEnabled()
    cover = np.zeros((6, 8), np.uint8)
    cover[1:5, 2:7] = np.arange(1, 21).reshape(4, 5) * 12
    window.document.write_cover(Box(3, 4, 11, 10), cover)
    window.document.set_filled(False)
    action(window, "copy-masked").trigger()
    found = rgba_of(QGuiApplication.clipboard().image())
    assert np.array_equal(found[..., 3], cover[1:5, 2:7])
    sharp = found[..., 3] > 100
    there = noise[5:9, 5:10].astype(int)
    assert np.abs(found[..., :3] - there)[sharp].max() <= 3, "premultiplied on the way"


def test_a_picture_is_pasted_as_the_sketch_and_undone(window: MainWindow, noise: RGB) -> None:
    square(window.document, Box(100, 50, 160, 90))
    copied(noise)
    window.clipboard.paste_sketch()
    sketch = window.document.sketch
    assert sketch is not None
    inside = np.zeros(sketch.shape[:2], np.bool_)
    inside[50:90, 100:160] = True
    assert np.array_equal(sketch[..., 3] > 0, inside), "scaled into the mask"
    assert window.document.size == QSize(512, 512)
    window.history.undo()
    assert not window.document.has_sketch


def test_ctrl_v_pastes_into_the_picture_as_a_layer(
    window: MainWindow, dialogs: ScriptedDialogs, noise: RGB
) -> None:
    begin(window)
    copied(noise)
    window.view.setFocus()
    press(window, Qt.Key.Key_V, CTRL)
    assert not window.document.has_sketch
    pasted = window.document.edits[-1]
    assert pasted.box.shape == noise.shape[:2]
    assert np.array_equal(window.document.pixels[pasted.box.slices], noise)
    assert dialogs.asked == []


def test_it_can_be_pasted_as_a_sketch(window: MainWindow, noise: RGB) -> None:
    begin(window)
    before = window.document.pixels.copy()
    copied(noise)
    action(window, "paste-sketch").trigger()
    assert window.document.has_sketch
    assert np.array_equal(window.document.pixels, before)
    assert "as a sketch" in window.messages.text


def test_in_the_prompt_ctrl_v_pastes_text(window: MainWindow) -> None:
    QGuiApplication.clipboard().setText("moss")
    window.panel.prompt.setFocus()
    press(window, Qt.Key.Key_V, CTRL)
    assert window.panel.prompt.toPlainText() == "moss"
    assert not window.document.has_sketch


def test_what_is_pasted_second_lies_over_the_first(window: MainWindow, noise: RGB) -> None:
    for place in (Box(10, 10, 40, 30), Box(100, 50, 160, 90)):
        window.mask_controller.clear()
        square(window.document, place)
        copied(noise)
        window.clipboard.paste_sketch()
    sketch = window.document.sketch
    assert sketch is not None
    assert sketch[10:30, 10:40, 3].all()
    assert sketch[50:90, 100:160, 3].all()
    assert int((sketch[..., 3] > 0).sum()) == 20 * 30 + 40 * 60
    window.history.undo()
    assert window.document.sketch is not None
    assert not window.document.sketch[50:90, 100:160, 3].any()


def test_ctrl_shift_v_opens_a_new_picture(window: MainWindow, noise: RGB) -> None:
    copied(noise)
    window.view.setFocus()
    press(window, Qt.Key.Key_V, CTRL | Qt.KeyboardModifier.ShiftModifier)
    assert window.document.size == QSize(30, 20)


def test_a_copied_file_is_pasted_as_what_it_is(window: MainWindow, tmp_path: Path) -> None:
    formats.write(some_picture(), tmp_path / "a b.lazydiff")
    QGuiApplication.clipboard().setMimeData(local(tmp_path / "a b.lazydiff"))
    window.clipboard.paste_new()
    assert len(window.document.edits) == 3


# --- drop ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_a_file_dropped_on_an_empty_canvas_is_opened(
    window: MainWindow, dialogs: ScriptedDialogs, tmp_path: Path, noise: RGB, name: str
) -> None:
    Image.fromarray(noise).save(tmp_path / name)
    assert drop_on(window.view, local(tmp_path / name)) == (True, COPY)
    assert np.array_equal(window.document.pixels, noise)
    assert window.document.path == tmp_path / name
    assert dialogs.asked == []


@pytest.mark.parametrize("meant", list(Dropped))
def test_on_a_picture_the_artist_says_what_it_is_for(
    window: MainWindow, dialogs: ScriptedDialogs, tmp_path: Path, meant: Dropped
) -> None:
    begin(window)
    before = window.document.pixels.copy()
    grey = np.zeros((512, 512), np.uint8)
    grey[100:200, 100:200] = 255
    Image.fromarray(grey).save(tmp_path / "a.png")
    dialogs.dropped = meant
    window.clipboard.drop(local(tmp_path / "a.png"))
    assert dialogs.asked[0] == "dropped a.png"
    opened = np.array_equal(window.document.pixels[..., 0], grey)
    assert opened == (meant in (Dropped.PICTURE, Dropped.LAYER))
    names = [edit.name for edit in window.document.edits]
    assert ("a" in names) == (meant is Dropped.LAYER)
    assert window.document.has_sketch == (meant is Dropped.SKETCH)
    loaded = int(window.document.mask.sum()) == 10_000
    assert loaded == (meant is Dropped.MASK)
    if meant not in (Dropped.PICTURE, Dropped.LAYER):
        assert np.array_equal(window.document.pixels, before)


def test_a_project_is_opened_without_that_question(
    window: MainWindow, dialogs: ScriptedDialogs, tmp_path: Path
) -> None:
    begin(window)
    formats.write(some_picture(), tmp_path / "名 🎨.lazydiff")
    window.clipboard.drop(local(tmp_path / "名 🎨.lazydiff"))
    assert dialogs.asked == ["unsaved"]
    assert window.document.path == tmp_path / "名 🎨.lazydiff"


def test_a_mask_of_another_size_is_refused(
    window: MainWindow, dialogs: ScriptedDialogs, tmp_path: Path, noise: RGB
) -> None:
    begin(window)
    Image.fromarray(noise).save(tmp_path / "a.png")
    dialogs.dropped = Dropped.MASK
    window.clipboard.drop(local(tmp_path / "a.png"))
    assert "30x20" in window.messages.text


def test_a_picture_from_another_program(
    window: MainWindow, dialogs: ScriptedDialogs, noise: RGB
) -> None:
    data = QMimeData()
    data.setImageData(image_of(noise))
    window.clipboard.drop(data)
    assert np.array_equal(window.document.pixels, noise)
    dialogs.dropped = Dropped.SKETCH
    window.clipboard.drop(data)
    assert window.document.has_sketch


def test_of_several_files_the_first_is_taken_and_that_is_said(
    window: MainWindow, tmp_path: Path, noise: RGB
) -> None:
    paths = [tmp_path / "a.png", tmp_path / "b.png"]
    for path in paths:
        Image.fromarray(noise).save(path)
    window.clipboard.drop(local(*paths))
    assert window.document.path == paths[0]
    assert "first of 2" in window.messages.text


def test_a_models_folder_is_handed_on(
    qtbot: QtBot, clipboard: Clipboard, window: MainWindow, tmp_path: Path
) -> None:
    clipboard.model_dropped.disconnect(window.models.add)  # this one cannot be loaded
    clipboard.drop(local(tmp_path))
    assert "holds no model" in window.messages.text
    (tmp_path / "config.json").write_text("{}")
    with qtbot.waitSignal(clipboard.model_dropped) as dropped:
        clipboard.drop(local(tmp_path))
    assert dropped.args == [tmp_path]


def test_what_is_elsewhere_cannot_be_dropped(window: MainWindow) -> None:
    remote = QMimeData()
    remote.setUrls([QUrl("https://example.org/a.png")])
    window.clipboard.drop(remote)
    assert "this computer" in window.messages.text


# --- transparency, profiles, and what cannot be read ----------------------------------------------


def test_a_copied_file_keeps_what_qt_would_drop(window: MainWindow) -> None:
    """Browsers and painting programs offer a PNG beside Qt's own form."""
    pixels = np.random.default_rng(1).integers(0, 256, (20, 30, 4), np.uint8)
    buffer = BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG", icc_profile=odd_profile())
    data = QMimeData()
    data.setImageData(image_of(np.zeros((20, 30, 3), np.uint8)))
    data.setData("image/png", buffer.getvalue())
    QGuiApplication.clipboard().setMimeData(data)
    window.clipboard.paste_new()
    document = window.document
    assert document.has_alpha
    assert np.array_equal(document.pixels[..., 3], pixels[..., 3])
    assert not np.array_equal(document.pixels, pixels), "shown as what its numbers mean"
    assert document.source is not None
    window.clipboard.drop(data)
    assert document.has_alpha


def test_copy_and_paste_keep_transparency(window: MainWindow) -> None:
    pixels = np.zeros((20, 30, 4), np.uint8)
    pixels[5:15, 5:15] = (200, 30, 40, 255)
    window.document.replace(pixels)
    window.clipboard.copy()
    window.document.replace(blank(QSize(5, 5)))
    window.clipboard.paste_new()
    assert np.array_equal(window.document.pixels, pixels)


def test_a_masked_area_is_as_clear_as_picture_and_mask(window: MainWindow) -> None:
    pixels = np.full((20, 30, 4), 200, np.uint8)
    pixels[..., 3] = 51
    window.document.replace(pixels)
    square(window.document, Box(2, 3, 10, 8))
    window.clipboard.copy_masked()
    found = rgba_of(QGuiApplication.clipboard().image())
    assert found.shape == (5, 8, 4)
    assert (found[..., 3] == 51).all()


class Unreadable(QMimeData):
    """A picture that Qt refuses, as it does beyond its limit."""

    def hasImage(self) -> bool:  # noqa: N802
        return True

    def hasFormat(self, kind: str) -> bool:  # noqa: N802
        return kind == "image/png"


def test_a_picture_that_does_not_arrive_is_not_called_none(window: MainWindow) -> None:
    for paste in (window.clipboard._take, window.clipboard._add, window.clipboard.drop):
        paste(Unreadable())
        assert "did not arrive" in window.messages.text
        assert window.document.size == QSize(512, 512)


def test_a_damaged_copy_says_what_is_wrong(window: MainWindow, noise: RGB) -> None:
    buffer = BytesIO()
    Image.fromarray(noise).save(buffer, "PNG")
    data = QMimeData()
    data.setData("image/png", buffer.getvalue()[:200])
    QGuiApplication.clipboard().setMimeData(data)
    window.clipboard.paste_new()
    assert "The copied picture" in window.messages.text
    assert "damaged" in window.messages.text


@pytest.mark.parametrize("meant", [Dropped.NOTHING, Dropped.MASK, Dropped.PICTURE])
def test_of_several_files_nothing_is_said_to_be_taken_if_none_was(
    window: MainWindow, dialogs: ScriptedDialogs, tmp_path: Path, noise: RGB, meant: Dropped
) -> None:
    begin(window)
    paths = [tmp_path / "a.png", tmp_path / "b.png"]
    for path in paths:
        Image.fromarray(noise).save(path)
    dialogs.dropped, dialogs.answer = meant, Answer.KEEP
    assert drop_on(window.view, local(*paths)) == (False, IGNORE)
    assert window.document.path is None
    assert "first of 2" not in window.messages.text
