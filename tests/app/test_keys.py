"""Every documented key in every state: it does what its text says, or nothing where that cannot be.

Which keys are documented is read from the table of actions, which F1 and the tooltips show, and
from the manual. Who answers a key is recorded instead of done, so that a state outlives all keys.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QLineEdit,
    QPlainTextEdit,
    QSpinBox,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.actions import ACTIONS, GESTURES, Action
from app.actions.menus import Actions
from app.canvas.tools import TOOLS
from app.document.variants import VariantBrowser
from app.engine.generation import Generation
from app.panels.dialogs.command_palette import CommandPalette
from app.panels.dialogs.keys_overlay import KeysOverlay
from app.panels.dialogs.shortcuts import ShortcutsDialog
from app.panels.fill.fill_panel import FillPanel
from app.panels.fill.layers_panel import LayersPanel
from app.panels.fill.queue_panel import QueueRow
from app.system.settings import SettingsStore
from app.window import MainWindow
from tests.app.doubles import PATIENCE_MS, ScriptedDialogs, ScriptedEngine
from tests.app.driving import LEFT, NONE, brush, control, scripted

MANUAL = Path(__file__).parents[2] / "docs" / "manual.md"
README = Path(__file__).parents[2] / "README.md"
KEYED = [row for row in ACTIONS if row.keys]
# What edits text edits text wherever there is a text field.
IN_TEXT = {
    "Ctrl+X",
    *("Ctrl+A", "Ctrl+C", "Ctrl+V", "Ctrl+Z", "Ctrl+Shift+Z", "Ctrl+Y"),
    *("Left", "Right", "Shift+Left", "Shift+Right", "Shift+Up", "Shift+Down", "Delete", "Tab"),
}
IN_STRIP = {"Left", "Right", "Return", "Enter", "Delete", "Shift+Delete"}
WAYS = ("Left", "Right", "Up", "Down")
BY_THE_PANEL = {
    VariantBrowser: {
        "next": "next-variant",
        "previous": "previous-variant",
        "apply": "apply-variant",
        "discard": "discard-variant",
    },
    FillPanel: {"generate": "generate"},
    LayersPanel: {"_delete": "layer-delete"},
    Generation: {"cancel": "cancel", "cancel_fill": "cancel-pending"},
}


class Scene:
    """A window that does what it is asked for until `records` is set; then it only says what."""

    def __init__(self, qtbot: QtBot, settings: SettingsStore, patch: pytest.MonkeyPatch) -> None:
        self.qtbot, self.engine = qtbot, ScriptedEngine()
        self.records = False
        self.asked: list[str] = []
        self._record(patch, Actions, "_run", lambda row, *_rest: row.id)
        for owner, methods in BY_THE_PANEL.items():
            for method, action in methods.items():
                self._record(patch, owner, method, lambda *_rest, name=action: name)
        self.window = scripted(qtbot, settings, self.engine)
        self.window.cost_tag.calibration.stop()
        self.focus: Callable[[], QWidget] = lambda: self.window.view

    def _record(
        self, patch: pytest.MonkeyPatch, owner: type, method: str, name_of: Callable[..., str]
    ) -> None:
        does = getattr(owner, method)

        def recorded(part: object, *arguments: object) -> object:
            if not self.records:
                return does(part, *arguments)
            self.asked.append(name_of(*arguments))
            return None

        patch.setattr(owner, method, recorded)

    def press(self, key: str) -> list[str]:
        """What a key asks for, pressed where the keyboard is in this state."""
        focus = self.focus()
        focus.setFocus()
        self.asked = []
        combination = QKeySequence(key)[0]
        QTest.keyClick(focus, combination.key(), combination.keyboardModifiers())
        return self.asked

    def wait(self, done: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(done, timeout=PATIENCE_MS)

    def end(self) -> None:
        self.records = False
        self.engine.gate.set()
        self.window.view.cancel_gesture()
        self.window.document.undo_stack.setClean()
        self.window.close()


# --- the states ----------------------------------------------------------------------------------


def idle(scene: Scene) -> None:
    """A blank canvas."""


def masked(scene: Scene) -> None:
    brush(scene.window, (200, 210), (260, 210))


def typing(scene: Scene) -> None:
    masked(scene)
    prompt = scene.window.panel.prompt
    QTest.mouseClick(prompt.viewport(), LEFT)
    QTest.keyClicks(prompt, "moss ")
    scene.focus = lambda: prompt


def running(scene: Scene) -> None:
    masked(scene)
    scene.engine.gate.clear()
    scene.window.panel.generate()
    scene.wait(scene.engine.started.is_set)


def waiting(scene: Scene) -> None:
    running(scene)
    brush(scene.window, (300, 310), (360, 310))
    scene.window.panel.generate()
    assert len(scene.window.generation.state.table.fills) == 2


def variants(scene: Scene) -> None:
    """They are shown, and the keyboard is where one chooses."""
    masked(scene)
    control(scene.window.panel.options, QSpinBox, "Number of variants").setValue(3)
    scene.window.panel.generate()
    scene.wait(scene.window.panel.variants.film.hasFocus)
    scene.focus = lambda: scene.window.panel.variants.film


def variants_seen(scene: Scene) -> None:
    """They are shown, and the keyboard is on the canvas."""
    variants(scene)
    scene.focus = lambda: scene.window.view


def masked_anew(scene: Scene) -> None:
    """A fill is there, and the next mask is somewhere else."""
    variants_seen(scene)
    scene.window.view.setFocus()
    brush(scene.window, (400, 410), (440, 410))


def live(scene: Scene) -> None:
    scene.window.live.set_enabled(True)
    brush(scene.window, (200, 200), (210, 210))
    scene.wait(lambda: scene.window.live.has_preview)


def sketching(scene: Scene) -> None:
    masked(scene)
    scene.window.view.set_tool("sketch")
    brush(scene.window, (210, 210), (250, 210))


def stroking(scene: Scene) -> None:
    """The pen is down."""
    view = scene.window.view
    QTest.mousePress(view, LEFT, NONE, view.rect().center())
    QTest.mouseMove(view, view.rect().center() * 1.1)
    assert view.is_busy


def layered(scene: Scene) -> None:
    """Two layers, the upper one chosen."""
    variants(scene)
    scene.window.panel.layers.duplicate()


def in_layers(scene: Scene) -> None:
    variants(scene)
    scene.window.docks.bring("layers")
    scene.focus = lambda: scene.window.panel.layers.list


def in_queue(scene: Scene) -> None:
    waiting(scene)
    scene.window.docks.bring("queue")
    last = scene.window.queue_panel.findChildren(QueueRow)[-1]
    scene.focus = lambda: control(last, QToolButton, "Show on the canvas")


def in_options(scene: Scene) -> None:
    masked(scene)
    scene.window.docks.bring("options")
    scene.focus = lambda: control(scene.window.panel.options, QSpinBox, "Number of variants")


def in_sketch(scene: Scene) -> None:
    sketching(scene)
    scene.window.docks.bring("sketch")
    scene.focus = lambda: control(scene.window.panel.sketch, QToolButton, "Swap colors")


STATES: list[Callable[[Scene], None]] = [
    *(idle, masked, typing, running, waiting, variants, variants_seen, masked_anew, live),
    *(sketching, stroking, in_layers, in_queue, in_options, in_sketch),
]


@pytest.fixture
def scene(
    qtbot: QtBot, settings: SettingsStore, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Scene]:
    made = Scene(qtbot, settings, monkeypatch)
    yield made
    made.end()


# --- who answers ---------------------------------------------------------------------------------


def expected(row: Action, key: str, scene: Scene) -> list[str]:
    """What pressing a key of an action asks for, by what is written."""
    window, focus = scene.window, scene.focus()
    enter = key in ("Return", "Enter")
    if focus is window.panel.prompt and enter:
        return ["generate"]
    if isinstance(focus, QPlainTextEdit | QSpinBox):
        types = len(key.removeprefix("Shift+")) == 1
        if types or enter or key in IN_TEXT or key == "Esc":
            return []
    strip, layers = window.panel.variants.film, window.panel.layers.list
    if focus is strip and key == "Esc":
        return []  # it leaves the strip
    if isinstance(focus.parent(), QueueRow) and key == "Delete":
        return ["cancel-pending"]
    if focus is layers and key == "Delete":
        return ["layer-delete"]
    answers = focus is window.view or not row.canvas
    if focus is strip:
        answers = answers or key in IN_STRIP
    return [row.id] if answers and window.actions_by_name[row.id].isEnabled() else []


@pytest.mark.parametrize("state", STATES)
def test_a_key_asks_for_its_own_action_or_for_nothing(
    scene: Scene, state: Callable[[Scene], None]
) -> None:
    state(scene)
    scene.window.state_tracker.settle()
    scene.records = True
    wrong = []
    for row in KEYED:
        for key in row.keys:
            wanted = expected(row, key, scene)
            found = scene.press(key)
            if found != wanted:
                wrong.append((key, row.id, found, wanted))
    assert wrong == []


@pytest.mark.parametrize("state", [masked, variants, running, in_queue])
def test_a_key_of_an_action_that_cannot_be_done_changes_nothing(
    scene: Scene, state: Callable[[Scene], None]
) -> None:
    state(scene)
    scene.window.state_tracker.settle()
    document, actions = scene.window.document, scene.window.actions_by_name
    before = document.pixels.copy(), document.mask.copy(), document.undo_stack.index()
    for row in KEYED:
        if not actions[row.id].isEnabled() and expected(row, row.keys[0], scene) == []:
            assert actions.reason(row.id), f"{row.id} does not say why"
            scene.press(row.keys[0])
    assert np.array_equal(document.pixels, before[0])
    assert np.array_equal(document.mask, before[1])
    assert document.undo_stack.index() == before[2]


# --- what comes of it ----------------------------------------------------------------------------


def asked_dialogs(window: MainWindow) -> int:
    assert isinstance(window.files._dialogs, ScriptedDialogs)
    return len(window.files._dialogs.asked)


def shown(kind: type[QWidget]) -> Callable[[MainWindow], object]:
    return lambda window: [found for found in window.findChildren(kind) if found.isVisible()]


def copied(window: MainWindow) -> object:
    return QGuiApplication.clipboard().image().size()


def tool(name: str) -> Callable[[MainWindow], object]:
    return lambda window: window.view.tool.name == name


def masked_pixels(window: MainWindow) -> object:
    return window.document.cover.tobytes()


def sketch(window: MainWindow) -> object:
    drawn = window.document.sketch
    return None if drawn is None else drawn.tobytes()


def brush_now(window: MainWindow) -> object:
    return window.view.brush


def camera(window: MainWindow) -> object:
    transform = window.view.transform
    return transform.scale, transform.angle, transform.mirrored


def variant(window: MainWindow) -> object:
    edit = window.document.edits[-1]
    return edit.chosen, len(edit.variants), window.variant_browser.edit is None


def rows(window: MainWindow) -> object:
    return tuple(row.id for row in window.generation.state.table.fills)


# What differs once the key has done its work; in this order, each from where the last one ended.
def layer_ids(window: MainWindow) -> object:
    return [edit.id for edit in window.document.edits]


EFFECTS: dict[Callable[[Scene], None], dict[str, Callable[[MainWindow], object]]] = {
    sketching: {
        **{f"tool-{name}": tool(name) for name in TOOLS if name != "sketch"},
        "tool-sketch": tool("sketch"),
        **dict.fromkeys(("swap-colours", "default-colours"), lambda w: w.view.colours.colour),
        **dict.fromkeys(
            ("brush-larger", "brush-smaller", "brush-softer", "brush-harder"), brush_now
        ),
        **dict.fromkeys(("actual-size", "zoom-in", "zoom-out", "fit"), camera),
        **dict.fromkeys(("turn-left", "turn-back", "turn-right", "mirror"), camera),
        "undo": lambda w: w.document.undo_stack.index(),
        "redo": lambda w: w.document.undo_stack.index(),
        **dict.fromkeys(("copy", "copy-masked"), copied),
        "paste": lambda w: len(w.document.edits),
        **dict.fromkeys(("grow", "shrink", "feather", "invert", "select-all"), masked_pixels),
        "clear": lambda w: w.document.has_mask,
        "quick-mask": lambda w: w.actions_by_name["quick-mask"].isChecked(),
        "show-tokens": lambda w: w.actions_by_name["show-tokens"].isChecked(),
        "live": lambda w: w.live.enabled,
        "canvas-only": lambda w: w.menuBar().isVisible(),
        "switch": lambda w: w.view.hasFocus(),
        **dict.fromkeys(("open", "save", "save-as", "export", "new"), asked_dialogs),
        **dict.fromkeys(("canvas-size", "image-size"), asked_dialogs),
        "paste-new": lambda w: w.document.undo_stack.count(),
        "quit": lambda w: w.isVisible(),
    },
    layered: {
        "layer-colors": asked_dialogs,
        "layer-rename": lambda w: bool(w.panel.layers.list.findChildren(QLineEdit)),
        "layer-toggle": lambda w: w.document.edits[-1].visible,
        **dict.fromkeys(("layer-duplicate", "layer-down", "layer-up"), layer_ids),
        "layer-merge": layer_ids,
        "transform": lambda w: w.view.tool.name,
        "cut-layer": layer_ids,
    },
    idle: {
        "palette": shown(CommandPalette),
        "help": shown(KeysOverlay),
        "browse-words": lambda w: w.docks["words"].isVisible(),
        "shortcuts": shown(ShortcutsDialog),
    },
    masked: {
        **dict.fromkeys(("fill-mask", "fill-mask-other"), lambda w: len(w.document.edits)),
        **dict.fromkeys(("move-left", "move-right", "move-up", "move-down"), masked_pixels),
        "refine": asked_dialogs,
        "generate": lambda w: w.document.is_spent,
    },
    masked_anew: {"remove": lambda w: (rows(w), len(w.document.edits))},
    waiting: {
        "generate-first": rows,
        "cancel": rows,
        "cancel-all": rows,
    },
    variants_seen: {
        "next-variant": variant,
        "previous-variant": variant,
        "discard-variant": variant,
        "apply-variant": variant,
        "retry": lambda w: (rows(w), variant(w)),
    },
}


def test_every_key_has_an_effect_to_be_seen() -> None:
    assert {row.id for row in KEYED} == {name for group in EFFECTS.values() for name in group}


@pytest.mark.parametrize("state", EFFECTS)
def test_a_key_does_what_its_text_says(scene: Scene, state: Callable[[Scene], None]) -> None:
    state(scene)
    keys = {row.id: row.keys[0] for row in KEYED}
    QGuiApplication.clipboard().setText("no picture")
    for name, look in EFFECTS[state].items():
        scene.window.state_tracker.settle()
        before = look(scene.window)
        assert scene.window.actions_by_name[name].isEnabled(), name
        scene.press(keys[name])
        QApplication.processEvents()
        assert look(scene.window) != before, name
        popup = scene.window.findChild(KeysOverlay)
        if popup is not None:
            popup.finish()
        for dialog in (CommandPalette, ShortcutsDialog):
            for found in scene.window.findChildren(dialog):
                found.close()
        scene.window.activateWindow()


# --- what is written -----------------------------------------------------------------------------

_HELD = (
    r"(?:(?:Ctrl|Shift|Alt)\+)+"
    r"(?:[A-Z]\b|[0-9]\b|F[0-9]+|['\[\]]|Enter|Esc|arrows|Space\+drag|drag|wheel)"
)
_ALONE = r"\bF[0-9]+\b|\b(?:Enter|Esc|Delete|Tab|Space|Left|Right)\b"


@pytest.mark.parametrize("page", [MANUAL, README], ids=["manual", "readme"])
def test_every_key_in_the_documents_is_one_of_the_table(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    written = {QKeySequence(key).toString() for row in ACTIONS for key in row.keys}
    assert {f"Shift+{way}" for way in WAYS} <= written
    listed = " ".join(gesture.keys for gesture in GESTURES).replace("mouse wheel", "wheel")
    found = set(re.findall(f"{_HELD}|{_ALONE}", text)) - {"Shift+arrows"}
    assert found
    keys = {key for key in found if key not in listed}
    assert {key for key in keys if QKeySequence(key).toString() not in written} == set()


def test_the_manual_names_the_tools_by_their_keys() -> None:
    table = re.findall(r"^\| ([a-z, ]+) \| ([A-Z][A-Za-z+, ]*) \|", MANUAL.read_text("utf-8"), re.M)
    named = {
        name.strip(): key.strip()
        for names, keys in table
        for name, key in zip(names.split(","), keys.split(","), strict=True)
    }
    known = {"magic wand": "wand", "magnetic lasso": "magnetic"}
    known |= {"paint brush": "paint", "paint eraser": "paint-eraser", "clone stamp": "clone"}
    assert len(named) >= 7
    for name, key in named.items():
        assert TOOLS[known.get(name, name)].shortcut == key
