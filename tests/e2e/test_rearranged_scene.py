"""A scene is built, taken apart and rearranged by mouse and keys; not a byte of it is lost.

Ten things are generated, lifted, moved, scaled, given other colours, hidden, faded, reordered,
duplicated, merged and deleted; the canvas grows at the left and is cropped at the right; three
things go from a photograph. All of it can be undone, redone, saved, killed, recovered, exported.
"""

from __future__ import annotations

import os
import shutil
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import cv2
import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QSlider
from pytestqt.qtbot import QtBot

from app.canvas.handles import Grip, handle_points
from app.document.colour_shift import ColourShift
from app.document.cutouts import is_cut_out
from app.document.edits import Edit
from app.engine.jobs import LoadEngine
from app.engine.worker import engine_loader
from app.lab.crash.digest import digest_of_document
from app.panels.dialogs.image_dialogs import Sides
from app.panels.fill.layer_rows import eye_of
from app.system.settings import SettingsStore
from app.window import MainWindow
from lazydiff_core.cli.paint.demo_script import backdrop
from lazydiff_core.contract import (
    CONTENT_AWARE,
    RGB,
    EditRequest,
    EditResult,
    IsCancelled,
    OnProgress,
)
from lazydiff_core.geometry.compositing import BlendMode, composited
from tests.app.canvas.driving import ALT, CTRL, LEFT, NONE, SHIFT, click, drag
from tests.app.doubles import (
    PATIENCE_MS,
    ScriptedDialogs,
    ScriptedEngine,
    action,
    result_for,
    show_ready,
)
from tests.app.driving import control, press

KEYS = Qt.Key
Point = tuple[int, int]
HEIGHT, WIDTH, RADIUS = 400, 560, 22
PLACES: tuple[Point, ...] = tuple((60 + 110 * k, y) for y in (70, 180) for k in range(5))
SPOTS: tuple[Point, ...] = ((90, 330), (280, 330), (470, 330))  # what is to go


def photograph() -> RGB:
    """A lawn with three dark stones on it."""
    rng = np.random.default_rng(7)
    grain = cv2.GaussianBlur(rng.normal(0, 60, (HEIGHT, WIDTH, 3)), (0, 0), 1.5)
    lawn = np.array((95, 140, 70)) + grain + np.linspace(-15, 15, HEIGHT)[:, None, None]
    picture = lawn.clip(0, 255).astype(np.uint8)
    for spot in SPOTS:
        cv2.circle(picture, spot, 12, (25, 20, 30), cv2.FILLED, cv2.LINE_AA)
    return picture


class Discs(ScriptedEngine):
    """Paints a disc on the ground if it is asked for a thing, and the ground alone without."""

    def run(
        self,
        request: EditRequest,
        on_progress: OnProgress | None = None,
        is_cancelled: IsCancelled | None = None,
    ) -> EditResult:
        super().run(request, on_progress, is_cancelled)
        result = result_for(request)
        patch = np.full((*result.box.shape, 3), (96, 138, 72), np.uint8)
        if request.settings.prompt:
            place = (result.box.width // 2, result.box.height // 2)
            cv2.circle(patch, place, RADIUS, (210, 40, 30), cv2.FILLED, cv2.LINE_AA)
        hole = request.mask[result.box.slices]
        patch = np.where(hole[..., None], patch, request.image[result.box.slices])
        return replace(result, patches=(patch,) * len(result.patches))


def middle(edit: Edit) -> Point:
    box = edit.box
    return (box.left + box.right) // 2, (box.top + box.bottom) // 2


class Artist:
    """What a hand does, and what it has seen after each step."""

    def __init__(self, qtbot: QtBot, window: MainWindow) -> None:
        self.qtbot, self.window = qtbot, window
        self.document, self.view = window.document, window.view

    def digest(self) -> str:
        return digest_of_document(self.document, "")

    def key(self, key: Qt.Key, held: Qt.KeyboardModifier = NONE) -> None:
        """Press a key on the canvas, once all actions know what has happened."""
        self.view.setFocus()
        self.window.state_tracker.settle()
        press(self.window, key, held)

    def until(self, done: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(done, timeout=PATIENCE_MS)

    def rest(self) -> None:
        self.until(lambda: not self.window.generation.is_running)

    def generate(self, prompt: str, at: Point, size: int = 90) -> Edit:
        """A dab of the mask brush and a fill."""
        count = len(self.document.edits)
        self.key(KEYS.Key_D, CTRL)
        self.key(KEYS.Key_B)
        self.view.set_brush_size(size)
        drag(self.view, at, (at[0] + 1, at[1]), at)
        self.window.panel.prompt.setFocus()
        self.window.panel.prompt.selectAll()
        QTest.keyClicks(self.window.panel.prompt, prompt)
        press(self.window, KEYS.Key_Return, CTRL)
        self.until(lambda: len(self.document.edits) > count)
        self.rest()
        return self.document.edits[-1]

    def take(self, edit: Edit) -> Edit:
        """Click its row in the list of layers."""
        rows = self.window.panel.layers.list
        row = rows.count() - 1 - [e.id for e in self.document.edits].index(edit.id)
        rows.scrollToItem(rows.item(row))
        place = rows.visualItemRect(rows.item(row))
        QTest.mouseClick(rows.viewport(), LEFT, NONE, place.center())
        found = self.window.variant_browser.edit
        assert found is not None
        assert found.id == edit.id
        return found

    def lift(self, edit: Edit) -> None:
        self.take(edit)
        count = len(self.document.edits)
        action(self.window, "lift").trigger()
        self.until(lambda: len(self.document.edits) > count)

    def now(self, edit: Edit) -> Edit:
        return next(e for e in self.document.edits if e.id == edit.id)

    def handle(self, grip: Grip) -> Point:
        """The canvas point of a handle."""
        placing = self.view.placing
        assert placing.held is not None
        points = handle_points(placing.placement, placing.held.shape, self.view.transform)
        point = self.view.transform.to_canvas(points[grip])
        return round(point.x()), round(point.y())

    def move(self, edit: Edit, to: Point) -> None:
        """With the transform tool, from its middle."""
        self.key(KEYS.Key_V)
        self.take(edit)
        drag(self.view, middle(self.now(edit)), to, held=ALT)
        self.key(KEYS.Key_Return)
        stack = self.document.undo_stack
        self.until(lambda: is_cut_out(self.now(edit)) and stack.undoText() == "Transform")

    def scale(self, edit: Edit, by: int) -> None:
        self.key(KEYS.Key_V)
        self.take(edit)
        x, y = self.handle((1, 1))
        drag(self.view, (x, y), (x + by, y + by))
        self.key(KEYS.Key_Return)

    def eye(self, edit: Edit) -> None:
        """Click the eye of its row."""
        self.take(edit)
        rows = self.window.panel.layers.list
        place = eye_of(rows.visualItemRect(rows.currentItem()))
        QTest.mouseClick(rows.viewport(), LEFT, NONE, place.center())

    def remove(self, at: Point) -> None:
        count = len(self.document.edits)
        self.key(KEYS.Key_D, CTRL)
        self.key(KEYS.Key_B)
        self.view.set_brush_size(44)
        drag(self.view, at, (at[0] + 1, at[1]))
        self.key(KEYS.Key_Delete)
        self.until(lambda: len(self.document.edits) > count)
        self.rest()


@pytest.fixture
def dialogs() -> ScriptedDialogs:
    return ScriptedDialogs()


def shown(
    qtbot: QtBot, folder: Path, dialogs: ScriptedDialogs, load: LoadEngine, picture: RGB
) -> Artist:
    window = MainWindow(load, SettingsStore(folder / "settings.json"), dialogs)
    window.resize(1280, 900)
    show_ready(qtbot, window, PATIENCE_MS)
    window.cost_tag.calibration.stop()
    window.document.replace(picture)
    window.view.camera.fit()
    return Artist(qtbot, window)


@pytest.fixture
def artist(qtbot: QtBot, tmp_path: Path, dialogs: ScriptedDialogs) -> Iterator[Artist]:
    made = shown(qtbot, tmp_path, dialogs, Discs, photograph())
    yield made
    made.window.document.undo_stack.setClean()
    made.window.close()


def build(artist: Artist) -> list[Edit]:
    """Ten things where nothing was."""
    return [artist.generate(f"thing {k}", place) for k, place in enumerate(PLACES)]


def rearrange(artist: Artist, dialogs: ScriptedDialogs, things: list[Edit]) -> None:
    """Nearly everything that can be done to layers, each once at least."""
    document, window = artist.document, artist.window
    artist.move(things[0], (300, 270))  # which lifts it
    before = artist.now(things[0]).box
    for thing in things[1:6]:
        artist.lift(thing)
    assert all(is_cut_out(artist.now(thing)) for thing in things[:6])
    assert abs(middle(artist.now(things[0]))[0] - 300) < 5
    artist.move(things[1], (120, 280))
    artist.scale(things[1], 20)
    assert artist.now(things[1]).box.width > before.width + 10

    artist.take(things[2])
    dialogs.colour_shift = ColourShift(hue=120)
    artist.key(KEYS.Key_U, CTRL)
    x, y = PLACES[2]
    red, green, _ = document.pixels[y, x]
    assert green > red, "it was red"

    artist.eye(things[3])
    assert not artist.now(things[3]).visible
    artist.take(things[4])
    slider = control(window.panel.layers, QSlider, "Layer opacity in percent")
    slider.setFocus()
    for _ in range(3):
        press(window, KEYS.Key_PageDown)
    assert 0 < artist.now(things[4]).opacity < 1
    artist.take(things[5])
    window.panel.layers.blend.setFocus()
    press(window, KEYS.Key_Down)
    assert artist.now(things[5]).blend is BlendMode.MULTIPLY

    artist.take(things[6])
    place = [edit.id for edit in document.edits].index(things[6].id)
    artist.key(KEYS.Key_BracketRight, CTRL)
    artist.key(KEYS.Key_BracketRight, CTRL)
    assert [edit.id for edit in document.edits].index(things[6].id) == place + 2

    count = len(document.edits)
    artist.take(things[0])
    artist.key(KEYS.Key_J, CTRL)
    assert len(document.edits) == count + 1
    copy = window.variant_browser.edit
    assert copy is not None
    assert copy.id != things[0].id
    artist.move(copy, (420, 270))
    artist.key(KEYS.Key_E, CTRL)
    assert len(document.edits) == count
    artist.take(things[9])
    window.panel.layers.list.setFocus()
    press(window, KEYS.Key_Delete)
    assert len(document.edits) == count - 1


def paint(artist: Artist) -> None:
    """Bucket and gradient inside a mask, then strokes."""
    document, view = artist.document, artist.view
    artist.key(KEYS.Key_D, CTRL)
    artist.key(KEYS.Key_M)
    drag(view, (200, 290), (350, 380))
    view.area_choices.set(tolerance=255)
    for held, act in (
        (NONE, partial(click, view, 270, 340)),
        (SHIFT, partial(drag, view, (205, 300), (345, 370))),
    ):
        before, count = document.pixels.copy(), len(document.edits)
        artist.key(KEYS.Key_G, held)
        act()
        changed = (document.pixels != before).any(axis=2)
        assert len(document.edits) == count + 1
        assert changed.any()
        assert not changed[document.cover == 0].any(), "the mask confines it"
        view.colours.swap()
    artist.key(KEYS.Key_D, CTRL)
    artist.key(KEYS.Key_P)
    view.set_brush_size(14)
    view.colours.use((40, 90, 220))
    drag(view, (30, 380), (120, 360), (200, 385))
    drag(view, (300, 385), (420, 365))
    assert (document.pixels == (40, 90, 220)).all(axis=2).sum() > 1000


def reshape(artist: Artist, dialogs: ScriptedDialogs) -> None:
    """More room at the left, less at the right."""
    document = artist.document
    before = document.pixels.copy()
    dialogs.sides = Sides(left=80)
    artist.window.panel.prompt.setPlainText("")
    count = len(document.edits)
    action(artist.window, "extend").trigger()
    artist.until(lambda: len(document.edits) > count)
    artist.rest()
    assert document.pixels.shape == (HEIGHT, WIDTH + 80, 3)
    np.testing.assert_array_equal(document.pixels[:, 80:], before)
    artist.view.camera.fit()
    shown = document.pixels.copy()
    artist.key(KEYS.Key_C)
    drag(artist.view, (0, 0), (WIDTH + 20, HEIGHT))
    artist.until(lambda: document.pixels.shape[1] < WIDTH + 80)
    height, width = document.pixels.shape[:2]
    assert abs(width - (WIDTH + 20)) <= 2
    np.testing.assert_array_equal(document.pixels, shown[:height, :width])


def clean(artist: Artist) -> None:
    """The three stones go."""
    for x, y in SPOTS:
        artist.remove((x, y))
        recipe = artist.document.edits[-1].recipe
        assert recipe is not None
        assert recipe.provenance.backend == CONTENT_AWARE
        assert artist.document.pixels[y - 8 : y + 8, x - 8 : x + 8].mean() > 60


def composed(path: Path) -> tuple[RGB, RGB, int]:
    """An OpenRaster file's layers laid over each other, its merged picture, and their number."""
    with ZipFile(path) as archive:

        def read(name: str) -> np.ndarray:
            return np.asarray(Image.open(BytesIO(archive.read(name))).convert("RGBA"))

        image = ET.fromstring(archive.read("stack.xml"))
        canvas = np.zeros((int(image.attrib["h"]), int(image.attrib["w"]), 3), np.uint8)
        modes = {"svg:src-over": BlendMode.NORMAL, "svg:multiply": BlendMode.MULTIPLY}
        layers = image.findall("stack/layer")
        for layer in reversed(layers):
            if layer.attrib["visibility"] == "hidden":
                continue
            pixels = read(layer.attrib["src"])
            left, top = int(layer.attrib["x"]), int(layer.attrib["y"])
            place = canvas[top : top + pixels.shape[0], left : left + pixels.shape[1]]
            share = np.float32(float(layer.attrib["opacity"]) / 255)
            alpha = pixels[..., 3].astype(np.float32) * share
            mode = modes[layer.attrib["composite-op"]]
            place[...] = composited(place, pixels[..., :3], alpha, mode)
        return canvas, read("mergedimage.png")[..., :3], len(layers)


def test_a_scene_is_taken_apart_and_nothing_of_it_is_lost(
    qtbot: QtBot, artist: Artist, dialogs: ScriptedDialogs, tmp_path: Path
) -> None:
    document, window = artist.document, artist.window
    first = artist.digest()

    clean(artist)
    rearrange(artist, dialogs, build(artist))
    paint(artist)
    reshape(artist, dialogs)
    assert np.array_equal(document.stack().pixels(), document.pixels)
    last = artist.digest()

    # Back to the first byte, and forth to the last; each state on the way is the same twice.
    back = []
    while document.undo_stack.canUndo():
        back.append(artist.digest())
        artist.key(KEYS.Key_Z, CTRL)
    assert artist.digest() == first
    assert np.array_equal(document.pixels, photograph())
    forth = []
    while document.undo_stack.canRedo():
        artist.key(KEYS.Key_Z, CTRL | SHIFT)
        forth.append(artist.digest())
    assert forth[::-1] == back
    assert forth[-1] == last

    # Saved, worked on, killed, recovered.
    dialogs.saved = tmp_path / "scene.lazydiff"
    artist.key(KEYS.Key_S, CTRL)
    assert not document.is_modified
    journal = window.crash_recovery.journal
    safe: list[int] = []
    journal.durable.connect(safe.append)
    artist.take(document.edits[4])
    artist.key(KEYS.Key_Comma, CTRL)
    artist.until(lambda: bool(safe) and safe[-1] >= journal.revision)
    killed, shown = artist.digest(), document.pixels.copy()
    (file,) = (tmp_path / "journals").glob("*.journal")
    shutil.copy(file, tmp_path / "left.journal")
    window.files.open_path(dialogs.saved)
    assert artist.digest() == last, "the project is as it was saved"
    document.replace(photograph())
    shutil.move(tmp_path / "left.journal", tmp_path / "journals" / "left.journal")
    dialogs.restores = True
    window.crash_recovery.offer()
    assert artist.digest() == killed

    # Exported, and opened layer by layer.
    dialogs.saved = tmp_path / "scene.ora"
    action(window, "export").trigger()
    canvas, merged, count = composed(tmp_path / "scene.ora")
    assert count == 1 + len(document.edits)
    np.testing.assert_array_equal(merged, shown)
    assert np.abs(canvas.astype(int) - merged).max() <= 2


@pytest.mark.model
def test_three_things_of_the_bundled_model_move_apart_and_back(
    qtbot: QtBot, dialogs: ScriptedDialogs, tmp_path: Path
) -> None:
    load = engine_loader("bundled", None, "cpu")
    artist = shown(qtbot, tmp_path, dialogs, load, backdrop())
    document, first = artist.document, artist.digest()
    wanted = {"red mushroom": (140, 400), "sunflower": (330, 420), "red balloon": (520, 130)}
    for prompt, place in wanted.items():
        artist.generate(prompt, place, size=150)
    made = [document.edits[k] for k in range(3)]
    before = document.pixels.copy()
    for edit, by in zip(made, ((60, -60), (60, -120), (-60, 120)), strict=True):
        x, y = middle(artist.now(edit))
        artist.move(edit, (x + by[0], y + by[1]))
        box = artist.now(edit).box
        assert is_cut_out(artist.now(edit))
        assert (document.pixels[box.slices] != before[box.slices]).any()
    # What the backdrop showed before is seen again beneath each, byte for byte.
    assert [edit.recipe is not None for edit in document.edits] == [True] * 3
    assert np.array_equal(document.stack().base, backdrop())
    assert np.array_equal(document.stack().pixels(), document.pixels)
    last = artist.digest()
    while document.undo_stack.canUndo():
        artist.key(KEYS.Key_Z, CTRL)
    assert artist.digest() == first
    while document.undo_stack.canRedo():
        artist.key(KEYS.Key_Z, CTRL | SHIFT)
    assert artist.digest() == last
    document.undo_stack.setClean()
    artist.window.close()
