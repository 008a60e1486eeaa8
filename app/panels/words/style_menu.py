"""The styles that the model knows, as a list beside the prompt: choosing one writes it there."""

from __future__ import annotations

import re

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QWidget

from app.engine.prompt_reading import Understanding
from app.ui.widgets import configure
from lazydiff_core.prompts.english import STYLE_WORDS
from lazydiff_core.prompts.languages import ENGLISH, known_languages
from lazydiff_core.prompts.reading import Reading


class StyleMenu(QComboBox):
    """Follows what the prompt says, whoever wrote it there; nothing is added unseen."""

    chosen = Signal(str)  # the style in English, "" for the usual one

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        configure(
            self,
            name=self.tr("Style"),
            tip=self.tr("The style to paint in; it is written into the prompt."),
        )
        self.addItem(self.tr("Usual style"), "")
        words = {
            "glossy": self.tr("Glossy"),
            "cartoon": self.tr("Cartoon"),
            "flat": self.tr("Flat"),
            "simple": self.tr("Simple"),
        }
        for word, text in words.items():
            self.addItem(text, word)
        self.activated.connect(lambda: self.chosen.emit(self.currentData()))

    def follow(self, understanding: Understanding) -> None:
        """Show the style that the prompt names."""
        word = understanding.reading.style
        place = STYLE_WORDS.get(word, -1)
        index = next(
            (k for k in range(1, self.count()) if STYLE_WORDS[self.itemData(k)] == place), 0
        )
        with QSignalBlocker(self):
            self.setCurrentIndex(index)


def with_style(prompt: str, reading: Reading, style: str) -> str:
    """A prompt that names another style than it does, or none, in its own language."""
    if reading.style_said:
        said = re.escape(reading.style_said)
        prompt = re.sub(rf"\s*,?\s*(?<!\w){said}(?!\w)", "", prompt, count=1, flags=re.IGNORECASE)
        prompt = prompt.strip(" ,")
    if not style:
        return prompt
    language = known_languages().get(reading.language or ENGLISH)
    shown = {} if language is None else language.shown
    word = next((said for said, english in shown.items() if english == style), style)
    return f"{prompt}, {word}" if prompt else word
