"""Says what is understood of the prompt, and asks twice before what is not is painted."""

from __future__ import annotations

import re

from PySide6.QtCore import QObject

from app.engine.generation import Generation
from app.engine.prompt_reading import PromptReading, Understanding
from app.panels.docks import Docks
from app.panels.fill.fill_panel import FillPanel
from app.panels.words.known import Words
from app.panels.words.style_menu import StyleMenu, with_style
from app.panels.words.understanding_line import UnderstandingLine
from app.panels.words.vocabulary_panel import VocabularyPanel
from app.ui.messages import Messages
from lazydiff_core.contract import EngineInfo, is_removal
from lazydiff_core.generation_settings import GenerationSettings


class PromptWords(QObject):
    """Between the prompt, the line below it, the list of styles and the browser of words.

    A prompt with unknown words is painted when it is asked for a second time. Only Generate and Try
    again ask; what waits, is replayed or shown live has been asked for or is no edit.
    """

    def __init__(
        self,
        reading: PromptReading,
        generation: Generation,
        panel: FillPanel,
        words: Words,
        vocabulary: VocabularyPanel,
        docks: Docks,
        messages: Messages,
    ) -> None:
        super().__init__(generation)
        self.reading, self._panel, self._words = reading, panel, words
        self._vocabulary, self._docks, self._messages = vocabulary, docks, messages
        self.line, self.styles = UnderstandingLine(words), StyleMenu()
        self._agreed: set[str] = set()  # prompts that are painted, known or not
        self._warned = ("", "")  # a prompt, and what was said of it
        panel.add_words(self.line, self.styles, reading.language)
        self.styles.hide()
        generation.loader.loaded.connect(self._use)
        panel.prompt.textChanged.connect(lambda: reading.follow(panel.prompt.prompt))
        reading.reader_changed.connect(words.use)
        reading.understood.connect(self._show)
        self.line.replaced.connect(self._replace)
        self.styles.chosen.connect(self._choose_style)
        vocabulary.chosen.connect(panel.prompt.insert)

    def browse(self) -> None:
        """Show all words that the model knows."""
        self._docks.bring("words")
        self._vocabulary.begin()

    def may_paint(self, settings: GenerationSettings) -> bool:
        """Whether to paint what is asked for; the first time that it is not understood, say so."""
        if is_removal(settings) or settings.prompt in self._agreed:
            self._warned = "", ""
            self.line.show_understanding(self.reading.latest)
            return True
        reading = self.reading.now(settings)
        if not reading.unknown:
            return True
        self._agreed.add(settings.prompt)
        text = self.tr("The model does not know “{}”. Ask again to paint it anyway.")
        warning = text.format("”, “".join(reading.unknown))
        latest = self.reading.latest
        shown = latest if latest.reading == reading else Understanding(settings.prompt, reading)
        self._warned = shown.prompt, warning
        self._docks.bring("prompt")
        self.line.show_understanding(shown, warning)
        self._messages.news(warning)
        return False

    def _use(self, info: EngineInfo) -> None:
        self._agreed.clear()
        self.reading.use(info)
        self.styles.setVisible(self.reading.reader.reads_words)

    def _show(self, understanding: Understanding) -> None:
        prompt, warning = self._warned
        self.line.show_understanding(understanding, warning * (prompt == understanding.prompt))
        self.styles.follow(understanding)

    def _replace(self, word: str, near: str) -> None:
        prompt = self._panel.prompt.prompt
        where = rf"(?<!\w){re.escape(word)}(?!\w)"
        self._panel.prompt.use(re.sub(where, lambda _: near, prompt, count=1, flags=re.IGNORECASE))
        self._panel.prompt.setFocus()

    def _choose_style(self, style: str) -> None:
        prompt = self._panel.prompt
        reading = self.reading.now(GenerationSettings(prompt.prompt))
        prompt.use(with_style(prompt.prompt, reading, style))
