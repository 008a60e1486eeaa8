"""Lifting, moving and re-blending by mouse and keys in the window."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import cv2
import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDoubleSpinBox
from pytestqt.qtbot import QtBot

from app.canvas.handles import Grip, handle_points
from app.document.cutouts import is_cut_out, rim_of
from app.document.edits import Edit
from app.document.fillers import Plain, pour
from app.document.layer_commands import set_blend
from app.storage.formats.openraster import patch_of
from app.system.settings import SettingsStore
from app.ui.qimage import image_of, rgba_of
from app.window import MainWindow
from lazydiff_core.contract import (
    RGB,
    Box,
    EditRequest,
    EditResult,
    IsCancelled,
    OnProgress,
    Pixels,
)
from lazydiff_core.geometry.compositing import BlendMode
from tests.app.canvas.driving import ALT, at, click, drag
from tests.app.document.driving import square
from tests.app.doubles import PATIENCE_MS, ScriptedEngine, action, result_for
from tests.app.driving import CTRL, LEFT, NONE, control, press, scripted

HOLE = Box(100, 100, 220, 220)
MIDDLE = (160, 160)
SHIFT = Qt.KeyboardModifier.ShiftModifier


class DiscEngine(ScriptedEngine):
    """Paints a red disc on grey if that is asked for, else grey alone; a sketch darkly over."""

    def run(
        self,
        request: EditRequest,
        on_progress: OnProgress | None = None,
        is_cancelled: IsCancelled | None = None,
    ) -> EditResult:
        super().run(request, on_progress, is_cancelled)
        result = result_for(request)
        patch = np.full((*result.box.shape, request.image.shape[2]), 120, np.uint8)
        middle = (result.box.width // 2, result.box.height // 2)
        if "disc" in request.settings.prompt:
            cv2.circle(patch, middle, 30, (220, 30, 20), cv2.FILLED, cv2.LINE_AA)
        if request.sketch is not None:
            patch[...] = 40
        hole = request.mask[result.box.slices]
        patch = np.where(hole[..., None], patch, request.image[result.box.slices])
        return replace(result, patches=(patch,) * len(result.patches))


@pytest.fixture
def window(qtbot: QtBot, settings: SettingsStore) -> Iterator[MainWindow]:
    made = scripted(qtbot, settings, DiscEngine())
    made.cost_tag.calibration.stop()
    yield made
    made.view.cancel_gesture()
    made.document.undo_stack.setClean()
    made.close()
    QGuiApplication.clipboard().clear()


def filled(qtbot: QtBot, window: MainWindow, prompt: str = "a disc") -> Pixels:
    """A disc amid the picture; the picture with it."""
    square(window.document, HOLE)
    window.panel.prompt.setPlainText(prompt)
    with qtbot.waitSignal(window.generation.landed, timeout=PATIENCE_MS):
        press_generate(window)
    return window.document.pixels.copy()


def press_generate(window: MainWindow) -> None:
    action(window, "generate").trigger()


def until(qtbot: QtBot, done: Callable[[], bool]) -> None:
    qtbot.waitUntil(done, timeout=PATIENCE_MS)


def lifted(qtbot: QtBot, window: MainWindow) -> Pixels:
    """The disc lifted; the picture as it was before."""
    before = filled(qtbot, window)
    action(window, "lift").trigger()
    until(qtbot, lambda: len(window.document.edits) == 2)
    return before


def thing(window: MainWindow) -> Edit:
    edit = window.document.edits[-1]
    assert is_cut_out(edit)
    return edit


def handle(window: MainWindow, grip: Grip) -> QPoint:
    placing = window.view.placing
    assert placing.held is not None
    points = handle_points(placing.placement, placing.held.shape, window.view.transform)
    return points[grip].toPoint()


def pull(window: MainWindow, grip: Grip, by: QPoint) -> None:
    start = handle(window, grip)
    QTest.mousePress(window.view, LEFT, NONE, start)
    QTest.mouseMove(window.view, start + by)
    QApplication.processEvents()
    QTest.mouseRelease(window.view, LEFT, NONE, start + by)


def at_pixel(window: MainWindow, x: int, y: int) -> list[int]:
    return [int(value) for value in window.document.pixels[y, x]]


def test_lifting_changes_nothing_that_is_seen(qtbot: QtBot, window: MainWindow) -> None:
    before = lifted(qtbot, window)

    apart = np.abs(window.document.pixels.astype(int) - before)
    assert apart.max() <= 2
    outside = np.ones(apart.shape[:2], np.bool_)
    outside[HOLE.slices] = False
    assert not apart[outside].any()
    assert window.variant_browser.edit is thing(window)
    assert thing(window).box.width == pytest.approx(62, abs=4)
    window.document.undo_stack.undo()
    np.testing.assert_array_equal(window.document.pixels, before)


def test_the_first_drag_lifts_and_moves(qtbot: QtBot, window: MainWindow) -> None:
    before = filled(qtbot, window)
    window.view.setFocus()
    press(window, Qt.Key.Key_V)
    drag(window.view, MIDDLE, (230, 170), (250, 190))
    until(qtbot, lambda: window.document.undo_stack.undoText() == "Transform")

    assert at_pixel(window, *MIDDLE) == [120, 120, 120]
    assert at_pixel(window, 250, 190) == at_pixel_of(before, *MIDDLE)
    window.document.undo_stack.undo()
    window.document.undo_stack.undo()
    np.testing.assert_array_equal(window.document.pixels, before)


@pytest.fixture
def gated(qtbot: QtBot, settings: SettingsStore) -> Iterator[tuple[MainWindow, DiscEngine]]:
    """The transform tool on a fill; the engine answers no more until its gate is opened."""
    engine = DiscEngine()
    made = scripted(qtbot, settings, engine)
    made.cost_tag.calibration.stop()
    filled(qtbot, made)
    made.view.setFocus()
    press(made, Qt.Key.Key_V)
    engine.gate.clear()
    yield made, engine
    engine.gate.set()
    made.document.undo_stack.setClean()
    made.close()


Gated = tuple[MainWindow, DiscEngine]


def test_drags_before_the_thing_is_lifted_add_up(qtbot: QtBot, gated: Gated) -> None:
    window, engine = gated
    before = window.document.pixels.copy()
    drag(window.view, MIDDLE, (220, 160))
    press(window, Qt.Key.Key_Down, SHIFT)
    drag(window.view, (220, 170), (260, 200), held=ALT)
    np.testing.assert_array_equal(window.document.pixels, before)

    engine.gate.set()
    until(qtbot, lambda: window.document.undo_stack.undoText() == "Transform")

    placement = window.view.placing.placement
    assert (placement.x, placement.y) == pytest.approx((260, 200), abs=6)
    box = thing(window).box
    assert ((box.left + box.right) / 2, (box.top + box.bottom) / 2) == pytest.approx(
        (260, 200), abs=6
    )


def test_a_thing_is_scaled_and_turned_before_it_is_lifted(qtbot: QtBot, gated: Gated) -> None:
    window, engine = gated
    pull(window, (1, 1), QPoint(60, 60))
    pull(window, "turn", QPoint(50, 20))
    wanted = window.view.placing.placement
    assert wanted.scale_x > 1.2

    engine.gate.set()
    until(qtbot, lambda: window.document.undo_stack.undoText() == "Transform")

    now = window.view.placing.placement
    assert (now.scale_x, now.angle) == (wanted.scale_x, wanted.angle)
    assert (now.x, now.y) == pytest.approx((wanted.x, wanted.y), abs=3), "it is in the middle"


def test_a_drag_that_rests_while_the_thing_is_lifted_counts(qtbot: QtBot, gated: Gated) -> None:
    window, engine = gated
    drag(window.view, MIDDLE, (250, 190), release=False)
    engine.gate.set()
    until(qtbot, lambda: len(window.document.edits) == 2)
    QTest.mouseRelease(window.view, LEFT, NONE, at(window.view, 250, 190))

    assert at_pixel(window, *MIDDLE) == [120, 120, 120]
    assert at_pixel(window, 250, 190)[0] > 200


def paint_a_square(window: MainWindow) -> None:
    press(window, Qt.Key.Key_D, CTRL)
    everything = np.ones((30, 30), np.bool_)
    pour(window.document, "Red", Box(10, 10, 40, 40), everything, Plain((200, 0, 0)))


def let_go(window: MainWindow) -> None:
    press(window, Qt.Key.Key_Return)


def take_the_brush(window: MainWindow) -> None:
    press(window, Qt.Key.Key_B)


@pytest.mark.parametrize("go_on", [let_go, take_the_brush])
def test_a_move_is_kept_by_whoever_goes_on(
    qtbot: QtBot, gated: Gated, go_on: Callable[[MainWindow], None]
) -> None:
    window, engine = gated
    drag(window.view, MIDDLE, (250, 190))
    go_on(window)
    engine.gate.set()
    until(qtbot, lambda: window.document.undo_stack.undoText() == "Transform")
    assert at_pixel(window, 250, 190)[0] > 200


def test_the_tool_takes_up_what_shows_and_selects_it(qtbot: QtBot, window: MainWindow) -> None:
    filled(qtbot, window)
    window.view.setFocus()
    paint_a_square(window)
    window.panel.layers.toggle()
    assert not window.document.edits[1].visible
    window.view.set_tool("transform")
    assert window.variant_browser.edit is window.document.edits[0]
    held = window.view.placing.held
    assert held is not None
    assert held.shape == HOLE.shape


def give_up(window: MainWindow) -> None:
    press(window, Qt.Key.Key_Escape)


def cancel(window: MainWindow) -> None:
    window.generation.cancel()


def take_another(window: MainWindow) -> None:
    click(window.view, 20, 20)
    held = window.view.placing.held
    assert held is not None
    assert held.shape == (30, 30)


@pytest.mark.parametrize("forget", [give_up, cancel, take_another])
def test_a_move_is_forgotten_by(
    qtbot: QtBot, gated: Gated, forget: Callable[[MainWindow], None]
) -> None:
    window, engine = gated
    paint_a_square(window)
    window.variant_browser.select(window.document.edits[0].id)
    before = window.document.pixels.astype(int)
    drag(window.view, MIDDLE, (250, 190))
    forget(window)
    engine.gate.set()
    until(qtbot, lambda: not window.transform.lifts.is_waiting)
    QApplication.processEvents()

    assert np.abs(window.document.pixels - before).max() <= 2
    assert window.document.undo_stack.undoText() != "Transform"
    held = window.view.placing.held
    assert held is None or held.placement == window.view.placing.placement


def at_pixel_of(pixels: Pixels, x: int, y: int) -> list[int]:
    return [int(value) for value in pixels[y, x]]


def test_a_drag_that_lifts_goes_on_with_the_thing(qtbot: QtBot, window: MainWindow) -> None:
    filled(qtbot, window)
    window.view.set_tool("transform")
    drag(window.view, MIDDLE, (170, 160), release=False)
    until(qtbot, lambda: len(window.document.edits) == 2)

    QTest.mouseMove(window.view, at(window.view, 300, 160))
    QApplication.processEvents()
    QTest.mouseRelease(window.view, LEFT, NONE, at(window.view, 300, 160))

    assert at_pixel(window, *MIDDLE) == [120, 120, 120]
    assert at_pixel(window, 300, 160)[0] > 200


def test_all_moves_of_one_layer_are_one_step_and_esc_undoes_them(
    qtbot: QtBot, window: MainWindow
) -> None:
    lifted(qtbot, window)
    before, steps = window.document.pixels.copy(), window.document.undo_stack.count()
    window.transform.transform()

    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down):
        press(window, key)
    press(window, Qt.Key.Key_Left, SHIFT)
    pull(window, (1, 1), QPoint(30, 30))
    pull(window, "turn", QPoint(40, 10))

    assert window.document.undo_stack.count() == steps + 1
    assert not np.array_equal(window.document.pixels, before)
    press(window, Qt.Key.Key_Escape)
    np.testing.assert_array_equal(window.document.pixels, before)
    assert window.view.placing.held is None


def test_arrows_nudge_by_a_pixel_or_ten(qtbot: QtBot, window: MainWindow) -> None:
    lifted(qtbot, window)
    box = thing(window).box
    window.transform.transform()

    press(window, Qt.Key.Key_Right)
    press(window, Qt.Key.Key_Up, SHIFT)

    assert thing(window).box == box.shift(1, -10)
    mask = window.document.mask.copy()
    press(window, Qt.Key.Key_Return)
    assert window.view.placing.held is None
    press(window, Qt.Key.Key_Up, SHIFT)
    assert not np.array_equal(window.document.mask, mask), "the arrows are the mask's again"


def test_esc_during_a_drag_puts_it_back(qtbot: QtBot, window: MainWindow) -> None:
    lifted(qtbot, window)
    before = window.document.pixels.copy()
    window.transform.transform()
    drag(window.view, MIDDLE, (220, 160), (260, 160), release=False)
    press(window, Qt.Key.Key_Escape)
    QTest.mouseRelease(window.view, LEFT, NONE, at(window.view, 260, 160))

    np.testing.assert_array_equal(window.document.pixels, before)
    assert window.document.undo_stack.undoText() != "Transform"


def test_it_snaps_to_the_middle_unless_alt_is_held(qtbot: QtBot, window: MainWindow) -> None:
    lifted(qtbot, window)
    window.transform.transform()
    x = window.view.placing.placement.x

    drag(window.view, MIDDLE, (MIDDLE[0] + 256 - x + 3, 160))
    assert window.view.placing.placement.x == 256

    middle = window.view.placing.placement
    place = at(window.view, middle.x, middle.y)
    QTest.mousePress(window.view, LEFT, ALT, place)
    QTest.mouseMove(window.view, place + QPoint(3, 0))
    QApplication.processEvents()
    assert window.view.placing.placement.x in (256, middle.x + round(3 / window.view.zoom))
    QTest.mouseRelease(window.view, LEFT, ALT, place + QPoint(3, 0))


def test_fields_place_it_by_numbers(qtbot: QtBot, window: MainWindow) -> None:
    lifted(qtbot, window)
    window.transform.transform()
    for name, value in (("W", 120), ("H", 90), ("X", 20), ("Y", 30)):
        control(window, QDoubleSpinBox, name).setValue(value)

    box = thing(window).box
    assert np.allclose((box.left, box.top), (20, 30), atol=1)
    assert np.allclose(box.shape, (90, 120), atol=2)
    control(window, QDoubleSpinBox, "Angle").setValue(90)
    assert np.allclose(thing(window).box.shape, (120, 90), atol=2)


def test_a_click_takes_up_the_thing_beneath_it(qtbot: QtBot, window: MainWindow) -> None:
    lifted(qtbot, window)
    first = thing(window)
    picture = np.full((40, 40, 4), (10, 20, 250, 255), np.uint8)
    QGuiApplication.clipboard().setImage(image_of(picture))
    press(window, Qt.Key.Key_V, CTRL)
    blue = thing(window)
    assert blue.id != first.id

    click(window.view, *MIDDLE)
    assert window.variant_browser.edit is first
    click(window.view, 256, 256)
    assert window.variant_browser.edit is blue
    click(window.view, 20, 400)
    assert window.view.placing.held is None


def test_beyond_the_canvas_it_is_not_put(qtbot: QtBot, window: MainWindow) -> None:
    lifted(qtbot, window)
    before = window.document.pixels.copy()
    window.transform.transform()
    control(window, QDoubleSpinBox, "X").setValue(5000)
    np.testing.assert_array_equal(window.document.pixels, before)
    assert window.view.placing.placement.x < 512


def test_mirrored_twice_it_is_as_before(qtbot: QtBot, window: MainWindow) -> None:
    lifted(qtbot, window)
    before = window.document.pixels.copy()
    for name in ("layer-mirror", "layer-upend"):
        action(window, name).trigger()
        action(window, name).trigger()
    np.testing.assert_array_equal(window.document.pixels, before)


def test_a_surface_cannot_be_lifted_and_then_moves_as_a_whole(
    qtbot: QtBot, window: MainWindow
) -> None:
    filled(qtbot, window, prompt="a gray wall")
    said: list[str] = []
    window.generation.failed.connect(said.append)
    window.view.set_tool("transform")
    drag(window.view, MIDDLE, (170, 160))
    until(qtbot, lambda: bool(said))
    assert "Nothing stands out" in said[0]

    drag(window.view, MIDDLE, (300, 160), (330, 160), held=ALT)

    assert window.document.edits[0].box.left > 200
    assert at_pixel(window, 110, 110) == [255, 255, 255]


def test_a_blend_mode_that_changes_the_look_is_said(qtbot: QtBot, window: MainWindow) -> None:
    filled(qtbot, window)
    set_blend(window.document, window.document.edits[0].id, BlendMode.MULTIPLY)
    said: list[str] = []
    window.transform.lifts.told.connect(said.append)
    action(window, "lift").trigger()
    until(qtbot, lambda: len(window.document.edits) == 2)
    assert "opacity or mode" in said[0]
    assert [edit.blend for edit in window.document.edits] == [BlendMode.MULTIPLY] * 2


def test_a_fill_without_a_prompt_is_moved_as_it_is(qtbot: QtBot, window: MainWindow) -> None:
    filled(qtbot, window, prompt="")
    assert not action(window, "lift").isEnabled()
    window.view.set_tool("transform")
    drag(window.view, MIDDLE, (300, 160), (330, 160), held=ALT)
    assert len(window.document.edits) == 1
    assert window.document.edits[0].box.left > 200


def test_lifting_can_be_cancelled(qtbot: QtBot, window: MainWindow) -> None:
    filled(qtbot, window)
    engine = window.transform.lifts
    gate = _engine(window)
    gate.gate.clear()
    action(window, "lift").trigger()
    until(qtbot, lambda: engine.is_waiting)
    window.generation.cancel()
    gate.gate.set()
    until(qtbot, lambda: not engine.is_waiting)
    assert len(window.document.edits) == 1


def _engine(window: MainWindow) -> DiscEngine:
    found = window.generation.loader.load()
    assert isinstance(found, DiscEngine)
    return found


def test_re_blending_changes_the_rim_alone(qtbot: QtBot, window: MainWindow) -> None:
    lifted(qtbot, window)
    before = window.document.pixels.copy()
    edit = thing(window)
    rim = rim_of(edit, before.shape) > 0
    window.transform.transform()

    with qtbot.waitSignal(window.generation.landed, timeout=PATIENCE_MS):
        action(window, "reblend").trigger()

    changed = (window.document.pixels != before).any(axis=2)
    assert changed.any()
    assert not (changed & ~rim).any()
    request = _engine(window).requests[-1]
    assert request.settings.prompt == "a disc"
    assert request.settings.strength < 0.5
    assert window.document.edits[-1].name == "Rim of a disc"
    assert window.variant_browser.edit is edit, "the next drag is meant for the thing"
    box = edit.box
    drag(window.view, MIDDLE, (250, 190), held=ALT)
    moved = next(e for e in window.document.edits if e.id == edit.id).box
    assert moved.left > box.left + 80


def test_a_lifted_layer_is_copied_with_its_alpha(qtbot: QtBot, window: MainWindow) -> None:
    lifted(qtbot, window)
    edit = thing(window)

    press(window, Qt.Key.Key_X, CTRL)

    pixels = rgba_of(QGuiApplication.clipboard().image())
    assert pixels.shape[:2] == edit.box.shape
    assert pixels[0, 0, 3] == 0
    assert pixels[pixels.shape[0] // 2, pixels.shape[1] // 2, 3] == 255
    assert [e.id for e in window.document.edits] != [edit.id]
    assert at_pixel(window, *MIDDLE) == [120, 120, 120]


def test_a_layer_of_openraster_is_the_thing_cut_out(qtbot: QtBot, window: MainWindow) -> None:
    lifted(qtbot, window)
    patch = patch_of(thing(window))
    assert patch[0, 0, 3] == 0
    half = patch[(patch[..., 3] > 60) & (patch[..., 3] < 200)]
    assert len(half)
    assert np.abs(half[:, :3].astype(int) - (220, 30, 20)).mean() < 25


def test_a_pasted_picture_is_a_layer_that_is_taken_up(window: MainWindow) -> None:
    picture: RGB = np.full((600, 1200, 4), (10, 20, 250, 255), np.uint8)
    QGuiApplication.clipboard().setImage(image_of(picture))
    window.view.setFocus()
    press(window, Qt.Key.Key_V, CTRL)

    edit = thing(window)
    assert edit.recipe is None
    assert edit.box == Box(0, 128, 512, 384)
    assert window.view.tool.name == "transform"
    assert window.view.placing.held is not None
    cutout = edit.variants[0].cutout
    assert cutout is not None
    assert cutout.pixels.shape == (600, 1200, 4)
    assert window.document.undo_stack.count() == 1


def test_a_click_takes_up_what_lies_over_a_painted_ground(qtbot: QtBot, window: MainWindow) -> None:
    everything = np.ones((512, 512), np.bool_)
    pour(window.document, "Sky", Box(0, 0, 512, 512), everything, Plain((20, 30, 90)))
    filled(qtbot, window)
    ground, disc = window.document.edits
    window.view.set_tool("transform")
    window.variant_browser.select(ground.id)
    assert window.view.placing.held is not None
    assert window.view.placing.held.shape == (512, 512)

    click(window.view, *MIDDLE)
    assert window.variant_browser.edit is disc
    assert window.view.placing.held.shape == HOLE.shape
    click(window.view, *MIDDLE)
    assert window.variant_browser.edit is disc
    click(window.view, 20, 20)
    assert window.variant_browser.edit is ground
    assert window.document.undo_stack.undoText() == "Fill"


def test_the_pointer_tells_what_it_would_take_hold_of(qtbot: QtBot, window: MainWindow) -> None:
    lifted(qtbot, window)
    window.transform.transform()
    for place, shape in (
        (at(window.view, *MIDDLE), Qt.CursorShape.SizeAllCursor),
        (handle(window, "turn"), Qt.CursorShape.PointingHandCursor),
        (handle(window, (1, 1)), Qt.CursorShape.CrossCursor),
        (QPointF(window.view.transform.to_view(QPointF(20, 400))).toPoint(), None),
    ):
        QTest.mouseMove(window.view, place)
        QApplication.processEvents()
        expected = Qt.CursorShape.ArrowCursor if shape is None else shape
        assert window.view.cursor().shape() == expected
