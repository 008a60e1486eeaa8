"""What the window remembers between runs: its place, its tools, its options."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QSize
from PySide6.QtWidgets import QMainWindow

from app.actions.menus import Actions
from app.canvas import saved_settings as canvas_settings
from app.canvas.view import CanvasView
from app.panels.docks import Docks
from app.panels.fill.options import OptionsPanel
from app.panels.fill.quality_presets import USUAL
from app.system.settings import SettingsStore
from app.ui.translation import translate

_USUAL = QSize(1440, 900)
_FRAME = QSize(16, 48)  # what a window manager may draw around it


def restore(
    window: QMainWindow,
    view: CanvasView,
    docks: Docks,
    options: OptionsPanel,
    actions: Actions,
    settings: SettingsStore,
) -> None:
    """Bring back what `remember` has kept, and check the actions that are on."""
    value = settings.value
    window.resize(_USUAL.boundedTo(window.screen().availableSize() - _FRAME))
    window.restoreGeometry(QByteArray.fromBase64(value.geometry.encode()))
    docks.restore(value.layout, value.collapsed_panels)
    canvas_settings.restore(view, value)
    options.show_last(value.steps, value.guidance)
    options.set_quality(value.quality)
    actions.choose("theme", value.theme)
    actions.choose("language", value.language)
    actions.choose("idle", str(value.release_after))
    actions["quick-mask"].setChecked(view.layers.quick_mask)
    actions["pixel-grid"].setChecked(view.layers.grid)
    actions["show-tokens"].setChecked(view.layers.tokens)
    actions["write-recipes"].setChecked(value.write_recipes)
    actions["mark-generated"].setChecked(value.mark_generated)


def remember(
    window: QMainWindow,
    view: CanvasView,
    docks: Docks,
    options: OptionsPanel,
    settings: SettingsStore,
) -> None:
    settings.update(
        geometry=window.saveGeometry().toBase64().toStdString(),
        **canvas_settings.remembered(view),
        layout=docks.state(),
        collapsed_panels=docks.collapsed,
        quality=options.quality or USUAL,
        steps=options.steps,
        guidance=options.guidance,
    )


def damaged(settings: SettingsStore) -> str:
    """What is said of settings that could not be read."""
    text = translate(
        "MainWindow",
        "Your settings could not be read, so the defaults are used. What was there is kept in {}.",
    )
    return text.format(settings.damaged_path)
