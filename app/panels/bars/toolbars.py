"""The bars: commands and options of the tool at the top, tools at the left."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QMainWindow, QSizePolicy, QToolBar, QToolButton, QWidget

from app.actions.menus import Actions
from app.canvas.tools import TOOLS
from app.canvas.view import CanvasView
from app.panels.bars.mask_style import MaskPopup
from app.panels.bars.tool_options import ToolOptions
from app.system.settings import SettingsStore
from app.ui.icons import set_icon
from app.ui.popup import popup_button
from app.ui.translation import translate
from app.ui.widgets import configure

_TOP = ["new", "open", "save", "|", "undo", "redo", "|", "select-all", "invert", "clear"]
_ZOOM = ("zoom-out", "zoom-in", "fit")


def add_toolbars(
    window: QMainWindow, actions: Actions, view: CanvasView, settings: SettingsStore
) -> None:
    """Make both bars."""
    top = _bar(
        window, translate("Toolbars", "Commands"), "commands", Qt.ToolBarArea.TopToolBarArea, 20
    )
    for name in _TOP:
        top.addSeparator() if name == "|" else top.addAction(actions[name])
    mask = MaskPopup(view.layers, settings, actions, window)
    tip = translate("Toolbars", "How the mask is shown; grow, shrink and feather it")
    top.addWidget(popup_button("mask-look", translate("Toolbars", "Mask"), tip, mask))
    top.addSeparator()
    on_layer = [actions[name] for name in ("layer-mirror", "layer-upend", "reblend")]
    ToolOptions(top, view, actions["choose-colour"], on_layer)
    space = QWidget()
    space.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
    top.addWidget(space)
    for name in _ZOOM:
        top.addAction(actions[name])
    top.insertWidget(actions["zoom-in"], _zoom_button(actions, view))
    tools = _bar(
        window, translate("Toolbars", "Tools"), "tools", Qt.ToolBarArea.LeftToolBarArea, 24
    )
    for name in TOOLS:
        tools.addAction(actions[f"tool-{name}"])
    for bar in (top, tools):
        for button in bar.findChildren(QToolButton):
            action = button.defaultAction()
            if action is not None:
                button.setAccessibleName(action.text().rstrip("…"))


def _bar(window: QMainWindow, title: str, name: str, area: Qt.ToolBarArea, icon: int) -> QToolBar:
    bar = configure(QToolBar(title), style=name, name=title)
    bar.setMovable(False)
    bar.setIconSize(QSize(icon, icon))
    bar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
    window.addToolBar(area, bar)
    more = bar.findChild(QToolButton, "qt_toolbar_ext_button")  # Qt makes it with the bar
    assert more is not None
    set_icon(
        more, "overflow" if bar.orientation() == Qt.Orientation.Horizontal else "overflow-down"
    )
    tip = translate("Toolbars", "More: what does not fit in this bar")
    configure(more, name=translate("Toolbars", "More"), tip=tip)
    return bar


def _zoom_button(actions: Actions, view: CanvasView) -> QToolButton:
    """Shows the zoom; a click goes to 100%."""
    button = configure(QToolButton(), style="zoom", tip=actions["actual-size"].toolTip())
    button.clicked.connect(actions["actual-size"].trigger)
    button.setAccessibleName(translate("Toolbars", "Zoom"))
    view.zoom_changed.connect(lambda zoom: button.setText(f"{zoom:.0%}"))
    return button
