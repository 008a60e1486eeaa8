"""The tools of the canvas: a new one is a function that starts a gesture and a row here."""

from __future__ import annotations

from app.canvas.tools.area import lasso_tool, rectangle_tool
from app.canvas.tools.brush import brush, eraser
from app.canvas.tools.gesture import Tool
from app.canvas.tools.hand import hand
from app.translation import QT_TRANSLATE_NOOP

TOOLS: dict[str, Tool] = {
    tool.name: tool
    for tool in (
        Tool(
            "brush",
            QT_TRANSLATE_NOOP("Tools", "Mask brush"),
            QT_TRANSLATE_NOOP("Tools", "Brush over the area to fill. Hold Alt to erase."),
            "B",
            "ring",
            brush,
        ),
        Tool(
            "eraser",
            QT_TRANSLATE_NOOP("Tools", "Mask eraser"),
            QT_TRANSLATE_NOOP("Tools", "Take parts of the mask away. Hold Alt to paint."),
            "E",
            "ring",
            eraser,
        ),
        Tool(
            "rectangle",
            QT_TRANSLATE_NOOP("Tools", "Rectangle"),
            QT_TRANSLATE_NOOP("Tools", "Drag to add a rectangle to the mask; Alt subtracts it."),
            "M",
            "cross",
            rectangle_tool,
        ),
        Tool(
            "lasso",
            QT_TRANSLATE_NOOP("Tools", "Lasso"),
            QT_TRANSLATE_NOOP("Tools", "Draw around an area to add it to the mask; Alt subtracts."),
            "L",
            "cross",
            lasso_tool,
        ),
        Tool(
            "hand",
            QT_TRANSLATE_NOOP("Tools", "Hand"),
            QT_TRANSLATE_NOOP("Tools", "Drag the canvas about. Space does so with any tool."),
            "H",
            "hand",
            hand,
        ),
    )
}
