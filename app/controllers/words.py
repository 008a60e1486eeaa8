"""WordsController the model words: the artist masks a thing and says what it is called."""

from __future__ import annotations

from PySide6.QtCore import QObject

from app.document.document import Document
from app.engine.generation import Generation
from app.panels.dialogs.dialogs import Dialogs
from app.ui.messages import Messages
from lazydiff_core.errors import LazyDiffError
from lazydiff_core.images.cutouts import cut_out
from lazydiff_core.model_store import TaughtWords


class WordsController(QObject):
    """Keeps words as pictures; the model that is loaded anew then knows them."""

    def __init__(
        self,
        document: Document,
        generation: Generation,
        words: TaughtWords,
        dialogs: Dialogs,
        messages: Messages,
    ) -> None:
        super().__init__(document)
        self._document, self._generation, self.words = document, generation, words
        self._dialogs, self._messages = dialogs, messages

    def teach(self) -> None:
        """Ask what the thing under the mask is called, and have the model know it."""
        thing = cut_out(self._document.pixels, self._document.cover)
        name = self._dialogs.ask_word(thing)
        if name is None:
            return
        try:
            word = self.words.add(name, thing)
        except LazyDiffError as error:
            self._messages.error(str(error))
            return
        self._generation.reload()
        self._messages.news(self.tr("You can now use \u201c{}\u201d in prompts.").format(word))

    def show(self) -> None:
        """The words that were taught; what is forgotten there the model forgets."""
        forgotten = self._dialogs.show_words(self.words)
        if forgotten:
            self._generation.reload()
