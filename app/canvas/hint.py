"""The two-line hint for newcomers, drawn over the canvas and never into the picture."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from app.ui.translation import translate

# Readable on the white canvas that a newcomer sees.
_STRONG, _SOFT = QColor(40, 44, 52), QColor(96, 100, 108)


def paint_hint(painter: QPainter, frame: QRectF, font: QFont, key: str) -> None:
    """Draw the hint in the middle of `frame`, the canvas in view points.

    key: the shortcut that starts a fill, as the system writes it; empty if it has none.
    """
    then = translate("Hint", "then say what should appear there")
    lines = (
        (translate("Hint", "Brush over a place on the canvas"), 1.35, _STRONG),
        (f"{then} — {key}" if key else then, 1.0, _SOFT),
    )
    top = frame.center().y() - 26
    for text, size, colour in lines:
        scaled = QFont(font)
        scaled.setPointSizeF(font.pointSizeF() * size)
        metrics = QFontMetricsF(scaled)
        if metrics.horizontalAdvance(text) > frame.width():
            return
        painter.setFont(scaled)
        painter.setPen(colour)
        line = QRectF(frame.left(), top, frame.width(), metrics.height())
        painter.drawText(line, Qt.AlignmentFlag.AlignCenter, text)
        top += metrics.height() + 6
