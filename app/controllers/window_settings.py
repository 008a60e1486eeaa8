"""What the window remembers between runs: its place, its tools, its options."""

from __future__ import annotations

from PySide6.QtCore import QByteArray
from PySide6.QtWidgets import QMainWindow

from app.actions.menus import Actions
from app.canvas import saved_settings as canvas_settings
from app.canvas.view import CanvasView
from app.panels.fill.options import OptionsPanel
from app.panels.fill.quality_presets import USUAL
from app.system.settings import SettingsStore


def restore(
    window: QMainWindow,
    view: CanvasView,
    options: OptionsPanel,
    actions: Actions,
    settings: SettingsStore,
) -> None:
    """Bring back what `remember` has kept, and check the actions that are on."""
    value = settings.value
    window.resize(1280, 820)
    window.restoreGeometry(QByteArray.fromBase64(value.geometry.encode()))
    canvas_settings.restore(view, value)
    options.set_open(value.options_open)
    options.show_last(value.steps, value.guidance)
    options.set_quality(value.quality)
    actions.choose("theme", value.theme)
    actions.choose("language", value.language)
    actions["quick-mask"].setChecked(view.layers.quick_mask)
    actions["pixel-grid"].setChecked(view.layers.grid)
    actions["show-tokens"].setChecked(view.layers.tokens)
    actions["write-recipes"].setChecked(value.write_recipes)


def remember(
    window: QMainWindow, view: CanvasView, options: OptionsPanel, settings: SettingsStore
) -> None:
    settings.update(
        geometry=window.saveGeometry().toBase64().toStdString(),
        **canvas_settings.remembered(view),
        options_open=options.is_open,
        quality=options.quality or USUAL,
        steps=options.steps,
        guidance=options.guidance,
    )
