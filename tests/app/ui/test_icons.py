from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QColor, QIcon, QImage, QPixmap
from PySide6.QtWidgets import QToolButton, QWidget
from pytestqt.qtbot import QtBot

from app.ui import icons, theme
from app.ui.icons import icon, retint, set_icon, tinted
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


def test_an_icon_is_drawn_when_it_is_first_seen_and_once(
    qapp: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[tuple[int, QColor]] = []

    def counted(name: str, colour: QColor, size: int) -> QPixmap:
        drawn.append((size, colour))
        return tinted(name, colour, size)

    monkeypatch.setattr(icons, "tinted", counted)
    theme.apply("light")
    made = icon("cancel")
    assert drawn == []
    for _ in range(2):
        assert made.pixmap(24, 24).width() == 24
        made.pixmap(24, 24, QIcon.Mode.Disabled)
    assert [size for size, _ in drawn] == [24, 24]
    assert drawn[0][1].lightness() < drawn[1][1].lightness(), "fainter on light ground"
    assert QIcon(made).pixmap(24, 24).toImage() == made.pixmap(24, 24).toImage()
