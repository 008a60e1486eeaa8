from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QHoverEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.document.commands import change_edit
from app.document.document import Document
from app.document.edits import Variant
from app.document.variants import VariantBrowser
from app.panels.fill.variant_strip import VariantStrip
from lazydiff_core.contract import Box
from tests.app.document.driving import add_fill, square
from tests.app.doubles import grey

KEYS = Qt.Key


@pytest.fixture
def browser(document: Document) -> VariantBrowser:
    return VariantBrowser(document)


@pytest.fixture
def strip(qtbot: QtBot, browser: VariantBrowser) -> VariantStrip:
    made = VariantStrip(browser)
    qtbot.addWidget(made)
    return made


def filled(document: Document, variants: int = 3) -> None:
    square(document, Box(10, 10, 70, 40))
    add_fill(document, 7, variants)


def grey_at(document: Document) -> int:
    return int(document.pixels[15, 15, 0])


def press(strip: VariantStrip, key: Qt.Key) -> None:
    QTest.keyClick(strip.film, key)


def test_a_thumbnail_a_variant(document: Document, strip: VariantStrip) -> None:
    filled(document)
    assert (strip.count, strip.current) == (3, 0)
    item = strip.film.item(2)
    assert "9" in item.toolTip()
    colour = item.icon().pixmap(56, 56).toImage().pixelColor(20, 20)
    assert colour.red() == grey(9)


def test_showing_a_result_is_no_step(document: Document, strip: VariantStrip) -> None:
    filled(document)
    assert document.undo_stack.count() == 2


def test_the_keys_of_the_strip(document: Document, strip: VariantStrip) -> None:
    filled(document)
    seen = []
    for key in (KEYS.Key_Right, KEYS.Key_Right, KEYS.Key_Right, KEYS.Key_Left):
        press(strip, key)
        seen.append(grey_at(document))
    press(strip, KEYS.Key_Delete)
    assert len(document.edits[0].variants) == 3, "Delete removes what is masked"
    assert seen == [grey(8), grey(9), grey(7), grey(9)]
    press(strip, KEYS.Key_Return)
    assert strip.film.isHidden()
    assert len(document.edits[0].variants) == 1


def test_space_compares_while_it_is_held(
    qtbot: QtBot, document: Document, strip: VariantStrip, browser: VariantBrowser
) -> None:
    filled(document)
    told: list[bool] = []
    browser.compared.connect(told.append)
    QTest.keyPress(strip.film, KEYS.Key_Space)
    QTest.keyRelease(strip.film, KEYS.Key_Space)
    QTest.mousePress(strip.compare, Qt.MouseButton.LeftButton)
    QTest.mouseRelease(strip.compare, Qt.MouseButton.LeftButton)
    assert told == [True, False, True, False]


def test_when_all_is_done_the_keyboard_is_let_go(
    qtbot: QtBot, document: Document, strip: VariantStrip
) -> None:
    filled(document)
    with qtbot.waitExposed(strip):
        strip.show()
    strip.activateWindow()
    strip.film.setFocus()
    qtbot.waitUntil(strip.film.hasFocus)
    with qtbot.waitSignal(strip.done):
        press(strip, KEYS.Key_Return)


def test_the_mouse_previews_and_applies(document: Document, strip: VariantStrip) -> None:
    filled(document)
    strip.resize(280, 200)
    strip.show()
    place = strip.film.visualItemRect(strip.film.item(1)).center()
    QTest.mouseClick(strip.film.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert grey_at(document) == grey(8)
    assert strip.count == 3
    QTest.mouseDClick(strip.film.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert [variant.seed for variant in document.edits[0].variants] == [8]


def test_the_buttons_do_the_same(document: Document, strip: VariantStrip) -> None:
    filled(document)
    strip.discard.click()
    assert grey_at(document) == grey(8)
    strip.keep_all.click()
    assert len(document.edits[0].variants) == 2
    assert strip.film.isHidden()


def test_undo_and_redo_mark_what_is_on_the_canvas(document: Document, strip: VariantStrip) -> None:
    filled(document)
    press(strip, KEYS.Key_Right)
    marked = [strip.current]
    document.undo_stack.undo()
    marked.append(strip.current)
    document.undo_stack.undo()
    assert [*marked, strip.count] == [1, 0, 0]


def test_a_discarded_edit_is_explained_and_comes_back_with_a_click(
    document: Document, strip: VariantStrip
) -> None:
    filled(document, variants=1)
    strip.discard.click()
    assert strip.current == -1
    assert "bring it back" in strip._note.text()
    assert not strip.apply.isEnabled()
    strip.show()
    place = strip.film.visualItemRect(strip.film.item(0)).center()
    QTest.mouseClick(strip.film.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert grey_at(document) == grey(7)


def test_thumbnails_are_as_large_as_fits(document: Document, strip: VariantStrip) -> None:
    strip.resize(320, 400)
    strip.show()
    square(document, Box(10, 10, 70, 40))
    sides = []
    for count in (2, 4, 6):
        add_fill(document, 20, variants=count)
        sides.append(strip.film.iconSize().width())
    assert sides[0] >= sides[1] >= 130, "two in a row"
    assert sides[1] > sides[2] >= 80
    places = [strip.film.visualItemRect(strip.film.item(row)) for row in range(6)]
    assert all(place.bottom() <= strip.film.viewport().height() for place in places)
    assert all(place.right() <= strip.film.viewport().width() for place in places)


def test_the_pointer_enlarges_what_it_rests_on(
    qtbot: QtBot, document: Document, strip: VariantStrip
) -> None:
    filled(document)
    with qtbot.waitExposed(strip):
        strip.show()
    film, enlarged = strip.film, strip.enlarged
    place = film.visualItemRect(film.item(1)).center()
    hover = QHoverEvent(QEvent.Type.HoverMove, QPointF(place), QPointF(place), QPointF(2, 2))
    QApplication.sendEvent(film.viewport(), hover)
    qtbot.waitUntil(enlarged.isVisible)
    size = enlarged.pixmap().deviceIndependentSize()
    assert max(size.width(), size.height()) == 384
    assert size.width() / size.height() == pytest.approx(
        document.edits[0].box.width / document.edits[0].box.height, rel=0.01
    )
    QTest.mousePress(film.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert not enlarged.isVisible()
    assert grey_at(document) == grey(8), "it is in nobody's way"


def test_empty_it_says_what_will_be_there(strip: VariantStrip) -> None:
    assert strip.count == 0
    assert strip.film.isHidden()
    assert "appear here" in strip._note.text()
    press(strip, KEYS.Key_Right)
    assert strip.current == -1


def test_while_a_layer_is_painted_its_picture_waits(
    qtbot: QtBot, document: Document, strip: VariantStrip
) -> None:
    filled(document, variants=1)
    (edit,) = document.edits
    shown = strip.film.item(0).icon().cacheKey()
    for level in (10, 60):
        other = Variant(np.full_like(edit.pixels, level), 1)
        change_edit(document, "Paint", replace(edit, variants=(other,)))
        assert strip.film.item(0).icon().cacheKey() == shown
    qtbot.waitUntil(lambda: strip.film.item(0).icon().cacheKey() != shown)
    middle = strip.film.item(0).icon().pixmap(64, 64).toImage().pixelColor(32, 32)
    assert middle.red() == 60
