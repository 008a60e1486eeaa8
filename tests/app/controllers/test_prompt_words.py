"""The line under the prompt, the second press, styles and the browser, in the window."""

from __future__ import annotations

from dataclasses import replace
from threading import Event

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QListView, QToolButton
from pytestqt.qtbot import QtBot

from app.system.settings import SettingsStore
from app.window import MainWindow
from tests.app.doubles import INFO, PATIENCE_MS, ScriptedDialogs, ScriptedEngine
from tests.app.driving import CTRL, brush, control, fill, press, scripted

WORDS = replace(
    INFO,
    concepts=("mushroom", "cat", "my robot"),
    things={
        "mushroom": "mushroom",
        "red mushroom": "mushroom",
        "cat": "cat2",
        "butterfly": "butterfly",
        "my robot": "taught my robot",
    },
    surfaces={"grass": "grass", "sky": "blue_sky"},
    teachable=True,
)


class WordEngine(ScriptedEngine):
    """Knows some words one by one."""

    def __init__(self) -> None:
        super().__init__()
        self.info = WORDS


@pytest.fixture
def words(qtbot: QtBot, settings: SettingsStore) -> MainWindow:
    return scripted(qtbot, settings, WordEngine())


def write(qtbot: QtBot, window: MainWindow, prompt: str) -> str:
    """Type a prompt; what the line says of it."""
    window.panel.prompt.use("")
    window.panel.prompt.setFocus()
    QTest.keyClicks(window.panel.prompt, prompt)
    qtbot.waitUntil(lambda: window.prompt_reading.latest.prompt == prompt, timeout=PATIENCE_MS)
    return window.prompt_words.line.text


def shut(window: MainWindow) -> None:
    window.document.undo_stack.setClean()
    window.close()


def test_what_is_understood_is_said_while_typing(qtbot: QtBot, words: MainWindow) -> None:
    line = words.prompt_words.line
    assert line.text == "What the model understands of the prompt is shown here."
    said = write(qtbot, words, "two red mushrooms and a wobbly cat, flat")
    assert "two red mushrooms: red mushroom" in said
    assert "wobbly: not known" in said
    assert "style: flat" in said
    texts = [label.text() for label in line.findChildren(QLabel) if label.isVisibleTo(line)]
    assert "two red mushrooms \u00d72" in texts
    pictures = [label.pixmap() for label in line.findChildren(QLabel)]
    assert sum(not picture.isNull() for picture in pictures) >= 4  # mushroom, red, warning, cat
    shut(words)


def test_what_is_understood_keeps_its_capitals(qtbot: QtBot, words: MainWindow) -> None:
    said = write(qtbot, words, "ein roter Pilz mit Hurzel ohne Hut")
    assert "roter Pilz: red mushroom" in said
    assert "Hurzel: not known" in said
    assert "To be avoided: Hut." in said
    shut(words)


def test_no_word_is_judged_before_a_model_is_there(qtbot: QtBot, settings: SettingsStore) -> None:
    engine = WordEngine()
    started = Event()

    def load() -> WordEngine:
        assert started.wait(PATIENCE_MS / 1000)
        return engine

    window = MainWindow(load, settings, ScriptedDialogs())
    qtbot.addWidget(window)
    window.show()
    window.generation.start()
    window.panel.prompt.setFocus()
    QTest.keyClicks(window.panel.prompt, "a cat")
    window.prompt_words.browse()
    qtbot.wait(300)  # longer than typing rests
    words_panel = window.docks["words"]
    said = [label.text() for label in words_panel.findChildren(QLabel) if label.isVisible()]
    assert said == ["The words are shown once a model is loaded."]
    line = window.prompt_words.line
    assert line.text == "What the model understands of the prompt is shown here."

    started.set()
    qtbot.waitUntil(lambda: line.text == "cat: cat", timeout=PATIENCE_MS)
    assert not any(label.isVisible() for label in words_panel.findChildren(QLabel))
    shut(window)


def test_what_is_not_obeyed_and_the_language_are_said(qtbot: QtBot, words: MainWindow) -> None:
    assert "Read as fran\u00e7ais." in write(qtbot, words, "un champignon rouge")
    said = write(qtbot, words, "an old cat with a (red:1.2) mushroom")
    assert "Understood, but not painted: old." in said
    assert "Told in words only, not placed: red mushroom." in said
    assert "Weights have no effect: (red:1.2)." in said
    shut(words)


def test_a_click_puts_a_known_word_in_the_place_of_another(qtbot: QtBot, words: MainWindow) -> None:
    write(qtbot, words, "a red mushrom, a cat")
    line = words.prompt_words.line
    offer = control(line, QToolButton, "Replace \u201cmushrom\u201d by \u201cmushroom\u201d")
    assert offer.focusPolicy() & Qt.FocusPolicy.TabFocus
    QTest.keyClick(offer, Qt.Key.Key_Space)
    assert words.panel.prompt.prompt == "a red mushroom, a cat"
    assert words.panel.prompt.hasFocus()
    shut(words)


def test_the_line_keeps_its_height(qtbot: QtBot, words: MainWindow) -> None:
    line = words.prompt_words.line
    before = line.geometry()
    write(qtbot, words, "a wobbly cat, a grobnik, twelve mushrooms with two buterflies on grass")
    assert line.geometry() == before
    shut(words)


def test_what_is_not_known_is_painted_at_the_second_press(qtbot: QtBot, words: MainWindow) -> None:
    brush(words, (200, 200), (260, 220))
    write(qtbot, words, "a girl")
    press(words, Qt.Key.Key_Return, CTRL)
    assert not words.generation.is_running
    assert not words.document.edits
    warning = "The model does not know \u201cgirl\u201d. Ask again to paint it anyway."
    assert words.messages.text == warning
    assert warning in words.prompt_words.line.text
    fill(qtbot, words)
    assert len(words.document.edits) == 1
    assert warning not in words.prompt_words.line.text
    with qtbot.waitSignal(words.generation.landed, timeout=PATIENCE_MS):
        words.panel.retry()  # it was agreed to
    shut(words)


def test_another_prompt_asks_again_and_a_known_one_does_not(
    qtbot: QtBot, words: MainWindow
) -> None:
    brush(words, (200, 200), (260, 220))
    for prompt in ("a girl", "a boy"):
        write(qtbot, words, prompt)
        words.panel.generate()
        assert not words.generation.is_running
    write(qtbot, words, "a red cat")
    fill(qtbot, words)
    shut(words)


def test_the_warning_is_seen_where_the_prompt_was_closed(qtbot: QtBot, words: MainWindow) -> None:
    brush(words, (200, 200), (260, 220))
    write(qtbot, words, "a girl")
    words.docks["prompt"].close()
    words.panel.generate()
    assert words.docks["prompt"].isVisible()
    shut(words)


def test_a_prompt_with_choices_takes_one_by_the_seed(qtbot: QtBot, words: MainWindow) -> None:
    brush(words, (200, 200), (260, 220))
    write(qtbot, words, "a cat")
    words.panel.prompt.use("a {cat|girl}")
    words.panel.options.use_seed(0)
    fill(qtbot, words)  # the seed says cat
    (edit,) = words.document.edits
    assert edit.recipe.settings.prompt == "a {cat|girl}"
    words.panel.options.use_seed(1)
    words.panel.generate()
    assert "girl" in words.messages.text
    shut(words)


def test_a_style_is_written_into_the_prompt(qtbot: QtBot, words: MainWindow) -> None:
    styles = control(words, QComboBox, "Style")
    assert styles.isVisible()
    write(qtbot, words, "ein roter Pilz")
    styles.setCurrentIndex(styles.findData("flat"))
    styles.activated.emit(styles.currentIndex())
    assert words.panel.prompt.prompt == "ein roter Pilz, flach"
    write(qtbot, words, "a simple cat")
    assert styles.currentData() == "simple"
    styles.setCurrentIndex(styles.findData("glossy"))
    styles.activated.emit(styles.currentIndex())
    assert words.panel.prompt.prompt == "a cat, glossy"
    styles.setCurrentIndex(0)
    styles.activated.emit(0)
    assert words.panel.prompt.prompt == "a cat"
    shut(words)


def test_the_words_are_browsed_searched_and_inserted(qtbot: QtBot, words: MainWindow) -> None:
    words.panel.prompt.use("a cat")
    press(words, Qt.Key.Key_B, CTRL)
    search, found = control(words, QLineEdit, "Search words"), control(words, QListView, "Words")
    assert search.hasFocus()
    labels = [found.model().index(row, 0).data() for row in range(found.model().rowCount())]
    assert labels[0] == "my robot"  # taught words first
    assert {"mushroom", "butterfly", "grass", "red", "flat"} <= set(labels)
    QTest.keyClicks(search, "mush")
    assert found.model().rowCount() == 1
    assert not found.model().index(0, 0).data(Qt.ItemDataRole.DecorationRole).isNull()
    QTest.keyClick(search, Qt.Key.Key_Return)
    assert words.panel.prompt.prompt == "a cat mushroom"
    search.clear()
    category = control(words, QComboBox, "Category")
    category.setCurrentText("Surfaces")
    assert found.model().rowCount() == 2
    QTest.keyClick(search, Qt.Key.Key_Down)
    assert found.hasFocus()
    QTest.keyClick(found, Qt.Key.Key_Return)
    assert words.panel.prompt.prompt == "a cat mushroom grass"
    search.setText("nothing")
    assert "No word is called so." in [
        label.text() for label in words.vocabulary.findChildren(QLabel)
    ]
    shut(words)


def test_the_words_of_a_german_window_are_german(
    qtbot: QtBot, settings: SettingsStore, german: None
) -> None:
    settings.update(language="de")
    window = scripted(qtbot, settings, WordEngine())
    window.prompt_words.browse()
    search = window.vocabulary.findChild(QLineEdit)
    assert search is not None
    found = window.vocabulary.findChild(QListView, "words")
    assert isinstance(found, QListView)
    for searched in ("pilz", "mushroom"):  # by either name
        search.setText(searched)
        assert found.model().rowCount() == 1
        QTest.keyClick(search, Qt.Key.Key_Return)
    assert "Pilz" in window.panel.prompt.prompt or "pilz" in window.panel.prompt.prompt
    assert window.panel.peek().language == "de"
    shut(window)


def test_a_model_of_whole_texts_is_asked_nothing(qtbot: QtBot, settings: SettingsStore) -> None:
    window = scripted(qtbot, settings, ScriptedEngine())
    assert "The model reads the whole text." in write(qtbot, window, "a girl dancing")
    assert not control(window, QComboBox, "Style").isVisible()
    window.prompt_words.browse()
    texts = [label.text() for label in window.vocabulary.findChildren(QLabel)]
    assert "This model reads the whole text: any word may be used." in texts
    brush(window, (200, 200), (260, 220))
    fill(qtbot, window)
    shut(window)
