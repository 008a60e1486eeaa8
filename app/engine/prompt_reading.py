"""What the loaded model understands of the prompt, read on a thread of its own while it is typed.

The engine's thread may be busy for long, and the window's never waits: reading is pure Python, a
few milliseconds once the words of all languages are there.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from queue import SimpleQueue
from threading import Thread

from PySide6.QtCore import QObject, QTimer, Signal

from lazydiff_core.contract import EngineInfo
from lazydiff_core.generation_settings import GenerationSettings
from lazydiff_core.prompts.languages import known_languages
from lazydiff_core.prompts.markup import chosen
from lazydiff_core.prompts.parts import Vocabulary
from lazydiff_core.prompts.reading import PromptReader, Reading

_REST_MS = 120


@dataclass(frozen=True)
class Understanding:
    """A reading, with known words that each of its unknown ones may be meant to be."""

    prompt: str = ""
    reading: Reading = field(default_factory=Reading)
    suggestions: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def as_written(self, text: str) -> str:
        """What was read, in the prompt's own capitals: German nouns have them."""
        start = self.prompt.lower().find(text.lower())
        found = self.prompt[start : start + len(text)] if start >= 0 else ""
        return found if found.lower() == text.lower() else text


class PromptReading(QObject):
    """Reads the prompt once typing rests; `understood` tells what came of it."""

    understood = Signal(object)  # Understanding
    reader_changed = Signal(object)  # PromptReader of another model
    _read = Signal(int, object)

    def __init__(self, language: str, parent: QObject | None = None) -> None:
        """language: code of the artist's."""
        super().__init__(parent)
        self.language = language
        self.reader = PromptReader()
        self.latest = Understanding()
        self._prompt, self._asked, self._has_model = "", 0, False
        self._work: SimpleQueue[Callable[[], object] | None] = SimpleQueue()
        self._stopped = False
        Thread(target=self._run, name="reading", daemon=True).start()
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._ask)
        self._read.connect(self._on_read)

    def warm_up(self, *others: Callable[[], object]) -> None:
        """Read the words of all languages, and what others wait for, before they are needed."""
        self._work.put(known_languages)
        for work in others:
            self._work.put(work)

    def use(self, info: EngineInfo) -> None:
        """Read for another model from now on."""
        vocabulary = Vocabulary(info.things, info.surfaces)
        if vocabulary != self.reader.vocabulary or not self._has_model:
            self._has_model = True
            self.reader = PromptReader(vocabulary)
            self.reader_changed.emit(self.reader)
        self._ask()

    def follow(self, prompt: str) -> None:
        """The prompt is this now."""
        self._prompt = prompt
        self._rest.start()

    def now(self, settings: GenerationSettings) -> Reading:
        """What is understood of a prompt that is asked for."""
        prompt = chosen(settings.prompt, settings.seed)
        if prompt == self.latest.prompt:
            return self.latest.reading
        return self.reader.read(prompt, self.language)

    def stop(self) -> None:
        """End the thread; what it reads is not waited for."""
        self._rest.stop()
        self._stopped = True
        self._work.put(None)

    def _run(self) -> None:
        while (work := self._work.get()) is not None:
            if self._stopped:
                continue
            try:
                work()
            except Exception:
                sys.excepthook(*sys.exc_info())  # to the log, and in one sentence to the artist

    def _ask(self) -> None:
        if not self._has_model:  # whatever it knows, it is not known here yet
            return
        self._asked += 1
        number, prompt, reader = self._asked, chosen(self._prompt, 0), self.reader

        def read() -> None:
            reading = reader.read(prompt, self.language)
            near = {word: reader.suggestions(word, reading.language) for word in reading.missing}
            if not self._stopped:
                self._read.emit(number, Understanding(prompt, reading, near))

        self._work.put(read)

    def _on_read(self, number: int, understanding: Understanding) -> None:
        if number == self._asked:
            self.latest = understanding
            self.understood.emit(understanding)
