"""The words of the loaded model as the window shows them: names, pictures, categories."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from app.panels.words.pictures import WordPictures
from app.ui.translation import QT_TRANSLATE_NOOP
from lazydiff_core.images.colour_names import COLOURS
from lazydiff_core.prompts.english import STYLE_WORDS
from lazydiff_core.prompts.languages import ENGLISH
from lazydiff_core.prompts.parts import TAUGHT, bare
from lazydiff_core.prompts.reading import PromptReader

TAUGHT_WORDS = QT_TRANSLATE_NOOP("Words", "Taught")
COLOUR_NAMES = QT_TRANSLATE_NOOP("Words", "Colors")
STYLES = QT_TRANSLATE_NOOP("Words", "Styles")
SURFACES = QT_TRANSLATE_NOOP("Words", "Surfaces")
OTHERS = QT_TRANSLATE_NOOP("Words", "Others")
# Categories of the sheet's index, and what they are called.
CATEGORIES = {
    "Animals & Nature": QT_TRANSLATE_NOOP("Words", "Animals and nature"),
    "People & Body": QT_TRANSLATE_NOOP("Words", "People"),
    "Food & Drink": QT_TRANSLATE_NOOP("Words", "Food and drink"),
    "Travel & Places": QT_TRANSLATE_NOOP("Words", "Places and vehicles"),
    "Objects": QT_TRANSLATE_NOOP("Words", "Objects"),
    "Activities": QT_TRANSLATE_NOOP("Words", "Games and arts"),
    "Smileys & Emotion": QT_TRANSLATE_NOOP("Words", "Smileys and hearts"),
    "Surfaces": SURFACES,
}
ORDER = (TAUGHT_WORDS, *CATEGORIES.values(), COLOUR_NAMES, STYLES, OTHERS)


@dataclass(frozen=True)
class Entry:
    """A word to choose. label: what is shown and written; found: all it is found by, folded."""

    word: str
    label: str
    category: str
    found: str


class Words(QObject):
    """What the loaded model knows. language: code of the artist's, in which words are shown."""

    changed = Signal()

    def __init__(
        self, pictures: WordPictures, language: str, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.pictures, self.language = pictures, language or ENGLISH
        self.reader = PromptReader()
        self.has_model = False

    def use(self, reader: PromptReader) -> None:
        """These are the words from now on."""
        self.reader, self.has_model = reader, True
        self.pictures.forget_taught()
        self.changed.emit()

    def name(self, word: str) -> str:
        """What a word is called in English."""
        return self.reader.names.get(word, bare(word))

    def entries(self) -> list[Entry]:
        """Everything that a prompt can be made of, by category; taught words first."""
        if not self.reader.reads_words:
            return []
        own, english = self.reader.called(self.language), self.reader.called(ENGLISH)
        rows = [self._entry(word, own, english) for word in self.reader.names]
        for names, category in ((COLOURS, COLOUR_NAMES), (STYLE_WORDS, STYLES)):
            for name in names:
                shown = own.get(name, [name])[0] if self.language != ENGLISH else name
                rows.append(Entry(name, shown, category, f"{shown} {name}".lower()))
        return sorted(rows, key=lambda row: ORDER.index(row.category))

    def _entry(self, word: str, own: dict[str, list[str]], english: dict[str, list[str]]) -> Entry:
        if word.startswith(TAUGHT):
            category = TAUGHT_WORDS
        else:
            category = CATEGORIES.get(self.pictures.category(word), OTHERS)
        name = self.name(word)
        label = own.get(word, [name])[0] if self.language != ENGLISH else name
        found = " ".join((label, *own.get(word, ()), *english.get(word, ()))).lower()
        return Entry(word, label, category, found)
