from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QToolButton, QWidget
from pytestqt.qtbot import QtBot

from app.ui import theme
from app.ui.icons import retint, set_icon, tinted
from lazydiff_core.storage.resources import resource

NAMES = sorted(path.stem for path in resource("icons").glob("*.svg"))
PLAIN = [name for name in NAMES if name != "lazydiff" and not name.endswith(("-dark", "-light"))]


@pytest.mark.parametrize("name", PLAIN)
def test_an_icon_is_drawn_in_the_colour_asked_for(qapp: object, name: str) -> None:
    image = tinted(name, QColor(10, 200, 30), 48).toImage()
    image = image.convertToFormat(QImage.Format.Format_ARGB32)
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(48, 48, 4)
    solid = pixels[pixels[..., 3] == 255]
    assert 16 < len(solid) < 48 * 48
    assert (solid[:, :3] == (30, 200, 10)).all()


def test_icons_follow_the_theme(qtbot: QtBot) -> None:
    def ink() -> int:
        return button.icon().pixmap(24, 24).toImage().pixelColor(12, 12).lightness()

    root = QWidget()
    qtbot.addWidget(root)
    button = QToolButton(root)
    theme.apply("light")
    set_icon(button, "cancel")
    light = ink()
    theme.apply("dark")
    retint(root)
    assert ink() > light + 100
    theme.apply("light")
