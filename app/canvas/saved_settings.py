"""The settings of the canvas and its tools that are kept between runs."""

from __future__ import annotations

from typing import Any

from app.canvas.mask_layers import STYLES, MaskLook
from app.canvas.view import CanvasView
from app.system.settings import Settings


def restore(view: CanvasView, settings: Settings) -> None:
    """Restore brushes, tools and the mask style."""
    view.brushes.read(settings.brushes)
    view.area_choices.set(
        mode=settings.area_mode,
        tolerance=settings.wand_tolerance,
        contiguous=settings.wand_contiguous,
        gradient=settings.gradient,
        fades=settings.gradient_fades,
    )
    style = settings.mask_style if settings.mask_style in STYLES else STYLES[0]
    opacity = min(max(settings.mask_opacity, 5), 100)
    view.layers.set_mask_look(MaskLook(settings.mask_colour, opacity, style, settings.mask_rest))
    view.layers.set_grid(settings.pixel_grid)
    view.layers.set_tokens(settings.show_tokens)


def remembered(view: CanvasView) -> dict[str, Any]:
    """The settings that `restore` reads."""
    choices, look = view.area_choices.value, view.layers.mask_look
    return {
        "brushes": view.brushes.written(),
        "area_mode": choices.mode,
        "wand_tolerance": choices.tolerance,
        "wand_contiguous": choices.contiguous,
        "gradient": choices.gradient,
        "gradient_fades": choices.fades,
        "mask_colour": look.colour,
        "mask_opacity": look.opacity,
        "mask_style": look.style,
        "mask_rest": look.rest,
        "pixel_grid": view.layers.grid,
        "show_tokens": view.layers.tokens,
    }
