"""Bringing back a prompt that an opened picture tells of."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QCursor
from PySide6.QtWidgets import QMenu

from app.controllers.files import Files
from app.document.document import Document
from app.document.edits import Recipe
from app.ui.messages import Messages

_MAX_LISTED = 20
_MAX_LETTERS = 60


class RecipeImport(QObject):
    """`recipes`: what the picture that is open tells of its fills, latest first."""

    changed = Signal()
    chosen = Signal(object)  # GenerationSettings

    def __init__(self, document: Document, files: Files, messages: Messages) -> None:
        super().__init__(document)
        self.recipes: tuple[Recipe, ...] = ()
        self._messages = messages
        document.replaced.connect(lambda: self._know(()))
        files.recipes_found.connect(self._on_found)

    def ask(self) -> None:
        """Take the only one, or let the artist choose."""
        if len(self.recipes) == 1:
            self._choose(self.recipes[0])
        else:
            self.menu().exec(QCursor.pos())

    def menu(self) -> QMenu:
        """The latest of them by their prompts."""
        menu = QMenu()
        for recipe in self.recipes[:_MAX_LISTED]:
            action = QAction(_line(recipe, self.tr("(no prompt)")), menu)
            action.triggered.connect(partial(self._choose, recipe))
            menu.addAction(action)
        return menu

    def _choose(self, recipe: Recipe, _checked: bool = False) -> None:
        self.chosen.emit(recipe.settings)

    def _on_found(self, recipes: tuple[Recipe, ...]) -> None:
        self._know(recipes[::-1])
        one = self.tr(
            "This picture contains the prompt of its fill: Generate > Load prompt from picture."
        )
        several = self.tr(
            "This picture contains the prompts of {} fills: Generate > Load prompt from picture."
        )
        self._messages.news(one if len(recipes) == 1 else several.format(len(recipes)))

    def _know(self, recipes: tuple[Recipe, ...]) -> None:
        self.recipes = recipes
        self.changed.emit()


def _line(recipe: Recipe, none: str) -> str:
    prompt = recipe.settings.prompt or none
    short = prompt if len(prompt) <= _MAX_LETTERS else f"{prompt[: _MAX_LETTERS - 1]}…"
    return short.replace("&", "&&")
