"""The bars: commands and brush size at the top, tools at the left."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, QSize, Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QSizePolicy,
    QSlider,
    QSpinBox,
    QToolBar,
    QToolButton,
    QWidget,
)

from app.canvas.tools import TOOLS
from app.canvas.view import LARGEST_BRUSH, CanvasView
from app.menus import Actions
from app.widgets import dressed

_TOP = ["new", "open", "save", "|", "undo", "redo", "|", "select-all", "invert", "clear", "|"]
_ZOOM = ("zoom-out", "zoom-in", "fit")
_SLIDER_STEPS = 200


def add_toolbars(window: QMainWindow, actions: Actions, view: CanvasView) -> None:
    """Make both bars."""
    top = _bar(window, window.tr("Commands"), "commands", Qt.ToolBarArea.TopToolBarArea, 20)
    for name in _TOP:
        top.addSeparator() if name == "|" else top.addAction(actions[name])
    top.addWidget(BrushSize(view))
    space = QWidget()
    space.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
    top.addWidget(space)
    for name in _ZOOM:
        top.addAction(actions[name])
    top.insertWidget(actions["zoom-in"], _zoom_button(actions, view))
    tools = _bar(window, window.tr("Tools"), "tools", Qt.ToolBarArea.LeftToolBarArea, 24)
    for name in TOOLS:
        tools.addAction(actions[f"tool-{name}"])
    for bar in (top, tools):
        for button in bar.findChildren(QToolButton):
            action = button.defaultAction()
            if action is not None:
                button.setAccessibleName(action.text().rstrip("…"))


class BrushSize(QWidget):
    """Diameter of the brush: a slider that is fine where brushes are small, and a number."""

    def __init__(self, view: CanvasView) -> None:
        super().__init__()
        label = dressed(QLabel(self.tr("Brush size")), style="dim")
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setMaximum(_SLIDER_STEPS)
        self._slider.setFixedWidth(140)
        self._number = QSpinBox()
        self._number.setRange(1, LARGEST_BRUSH)
        self._number.setSuffix(" px")
        self._number.setFixedWidth(72)
        self._number.setKeyboardTracking(False)
        for control in (self._slider, self._number):
            tip = self.tr("Brush size, also [ and ] or Ctrl and the mouse wheel")
            dressed(control, name=self.tr("Brush size"), tip=tip)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 8, 0)
        row.setSpacing(10)
        for widget in (label, self._slider, self._number):
            row.addWidget(widget)
        self._slider.valueChanged.connect(lambda steps: view.set_brush_size(_size_at(steps)))
        self._number.valueChanged.connect(view.set_brush_size)
        view.brush_size_changed.connect(self._show)
        self._show(view.brush_size)

    def _show(self, size: int) -> None:
        with QSignalBlocker(self._slider), QSignalBlocker(self._number):
            self._number.setValue(size)
            self._slider.setValue(round(_SLIDER_STEPS * (size / LARGEST_BRUSH) ** (1 / 3)))


def _size_at(steps: int) -> int:
    return max(1, round(LARGEST_BRUSH * (steps / _SLIDER_STEPS) ** 3))


def _bar(window: QMainWindow, title: str, name: str, area: Qt.ToolBarArea, icon: int) -> QToolBar:
    bar = dressed(QToolBar(title), style=name, name=title)
    bar.setMovable(False)
    bar.setIconSize(QSize(icon, icon))
    bar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
    window.addToolBar(area, bar)
    return bar


def _zoom_button(actions: Actions, view: CanvasView) -> QToolButton:
    """Shows the zoom; a click goes to 100%."""
    button = dressed(QToolButton(), style="zoom", tip=actions["actual-size"].toolTip())
    button.clicked.connect(actions["actual-size"].trigger)
    button.setAccessibleName(button.tr("Zoom"))
    view.zoom_changed.connect(lambda zoom: button.setText(f"{zoom:.0%}"))
    return button
