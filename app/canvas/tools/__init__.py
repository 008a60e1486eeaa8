"""The tools of the canvas. A new tool is a function that starts a gesture, and a row here."""

from __future__ import annotations

from app.canvas.tools.area import ellipse_tool, lasso_tool, polygon_tool, rectangle_tool
from app.canvas.tools.brush import brush, eraser
from app.canvas.tools.crop import crop_tool
from app.canvas.tools.fill import bucket, gradient
from app.canvas.tools.gesture import Tool
from app.canvas.tools.hand import hand
from app.canvas.tools.magnetic import magnetic_lasso
from app.canvas.tools.navigate import size, turn, zoom
from app.canvas.tools.object import object_tool
from app.canvas.tools.paint import paint_brush, paint_eraser
from app.canvas.tools.retouch import clone_stamp, smudge
from app.canvas.tools.sketch import picker, sketch_brush, sketch_eraser
from app.canvas.tools.transform import transform_tool
from app.canvas.tools.wand import wand
from app.ui.translation import QT_TRANSLATE_NOOP

TOOLS: dict[str, Tool] = {
    tool.name: tool
    for tool in (
        Tool(
            "brush",
            QT_TRANSLATE_NOOP("Tools", "Mask brush"),
            QT_TRANSLATE_NOOP(
                "Tools", "Brush over the area to fill. Hold Alt to erase; Shift+drag for the size."
            ),
            "B",
            "ring",
            brush,
            "brush",
        ),
        Tool(
            "eraser",
            QT_TRANSLATE_NOOP("Tools", "Mask eraser"),
            QT_TRANSLATE_NOOP(
                "Tools", "Erase from the mask. Hold Alt to paint; Shift+drag for the size."
            ),
            "E",
            "ring",
            eraser,
            "brush",
        ),
        Tool(
            "rectangle",
            QT_TRANSLATE_NOOP("Tools", "Rectangle"),
            QT_TRANSLATE_NOOP(
                "Tools", "Drag a rectangle: Shift adds it, Alt subtracts, both intersect."
            ),
            "M",
            "cross",
            rectangle_tool,
            "area",
        ),
        Tool(
            "ellipse",
            QT_TRANSLATE_NOOP("Tools", "Ellipse"),
            QT_TRANSLATE_NOOP(
                "Tools", "Drag an ellipse: Shift adds it, Alt subtracts, both intersect."
            ),
            "Shift+M",
            "cross",
            ellipse_tool,
            "area",
        ),
        Tool(
            "lasso",
            QT_TRANSLATE_NOOP("Tools", "Lasso"),
            QT_TRANSLATE_NOOP(
                "Tools", "Draw around an area: Shift adds it, Alt subtracts, both intersect."
            ),
            "L",
            "cross",
            lasso_tool,
            "area",
        ),
        Tool(
            "polygon",
            QT_TRANSLATE_NOOP("Tools", "Polygon"),
            QT_TRANSLATE_NOOP(
                "Tools", "Click corner by corner; Enter closes, Backspace takes a corner back."
            ),
            "Shift+L",
            "cross",
            polygon_tool,
            "area",
        ),
        Tool(
            "magnetic",
            QT_TRANSLATE_NOOP("Tools", "Magnetic lasso"),
            QT_TRANSLATE_NOOP(
                "Tools",
                "Click along an edge: the line follows it; Enter closes, Backspace goes back.",
            ),
            "A",
            "cross",
            magnetic_lasso,
            "area",
        ),
        Tool(
            "wand",
            QT_TRANSLATE_NOOP("Tools", "Magic wand"),
            QT_TRANSLATE_NOOP("Tools", "Select similar colors: Shift adds, Alt subtracts."),
            "W",
            "cross",
            wand,
            "wand",
        ),
        Tool(
            "object",
            QT_TRANSLATE_NOOP("Tools", "Object"),
            QT_TRANSLATE_NOOP(
                "Tools", "Drag a box around a thing, or click it: Shift adds, Alt subtracts."
            ),
            "O",
            "cross",
            object_tool,
            "area",
        ),
        Tool(
            "paint",
            QT_TRANSLATE_NOOP("Tools", "Paint brush"),
            QT_TRANSLATE_NOOP(
                "Tools", "Paint on a layer of the picture, without a model. Alt picks a color."
            ),
            "P",
            "ring",
            paint_brush,
            "brush",
            "paint-eraser",
            "picker",
            is_coloured=True,
        ),
        Tool(
            "paint-eraser",
            QT_TRANSLATE_NOOP("Tools", "Paint eraser"),
            QT_TRANSLATE_NOOP("Tools", "Erase from a painted layer. Hold Alt to paint."),
            "Shift+P",
            "ring",
            paint_eraser,
            "brush",
            "paint",
        ),
        Tool(
            "smudge",
            QT_TRANSLATE_NOOP("Tools", "Smudge"),
            QT_TRANSLATE_NOOP(
                "Tools", "Drag colors of the picture along, on a layer. Opacity is the strength."
            ),
            "Shift+S",
            "ring",
            smudge,
            "brush",
            "paint-eraser",
        ),
        Tool(
            "clone",
            QT_TRANSLATE_NOOP("Tools", "Clone stamp"),
            QT_TRANSLATE_NOOP(
                "Tools", "Paint with another place of the picture. Alt+click there first."
            ),
            "S",
            "ring",
            clone_stamp,
            "brush",
            "paint-eraser",
        ),
        Tool(
            "bucket",
            QT_TRANSLATE_NOOP("Tools", "Bucket"),
            QT_TRANSLATE_NOOP("Tools", "Fill similar colors with the color, as a new layer."),
            "G",
            "cross",
            bucket,
            "bucket",
            alt="picker",
            is_coloured=True,
        ),
        Tool(
            "gradient",
            QT_TRANSLATE_NOOP("Tools", "Gradient"),
            QT_TRANSLATE_NOOP(
                "Tools", "Drag from the color to nothing or to the other color, as a new layer."
            ),
            "Shift+G",
            "cross",
            gradient,
            "gradient",
            alt="picker",
            is_coloured=True,
        ),
        Tool(
            "sketch",
            QT_TRANSLATE_NOOP("Tools", "Sketch brush"),
            QT_TRANSLATE_NOOP(
                "Tools",
                "A guide that a fill starts from, not part of the picture. Alt picks a color.",
            ),
            "Shift+B",
            "ring",
            sketch_brush,
            "brush",
            "sketch-eraser",
            "picker",
            is_coloured=True,
        ),
        Tool(
            "sketch-eraser",
            QT_TRANSLATE_NOOP("Tools", "Sketch eraser"),
            QT_TRANSLATE_NOOP("Tools", "Erase from the sketch. Hold Alt to paint."),
            "Shift+E",
            "ring",
            sketch_eraser,
            "brush",
            "sketch",
        ),
        Tool(
            "picker",
            QT_TRANSLATE_NOOP("Tools", "Color picker"),
            QT_TRANSLATE_NOOP("Tools", "Click or drag to pick a color for sketch and paint."),
            "I",
            "cross",
            picker,
        ),
        Tool(
            "crop",
            QT_TRANSLATE_NOOP("Tools", "Crop"),
            QT_TRANSLATE_NOOP("Tools", "Drag a box: the picture is cropped to it."),
            "C",
            "cross",
            crop_tool,
        ),
        Tool(
            "transform",
            QT_TRANSLATE_NOOP("Tools", "Transform"),
            QT_TRANSLATE_NOOP(
                "Tools", "Move, scale and turn a layer. Shift keeps proportions, Alt does not snap."
            ),
            "V",
            "move",
            transform_tool,
            "transform",
        ),
        Tool(
            "hand",
            QT_TRANSLATE_NOOP("Tools", "Hand"),
            QT_TRANSLATE_NOOP("Tools", "Pan the canvas. Hold Space to pan with any tool."),
            "H",
            "hand",
            hand,
        ),
        Tool(
            "zoom",
            QT_TRANSLATE_NOOP("Tools", "Zoom"),
            QT_TRANSLATE_NOOP(
                "Tools", "Click or drag right to enlarge, Alt+click or drag left to reduce."
            ),
            "Z",
            "zoom",
            zoom,
        ),
    )
}
# Tools that are active only while their keys are held.
TURN = Tool("turn", "", "", "", "turn", turn)
SIZE = Tool("size", "", "", "", "ring", size)
