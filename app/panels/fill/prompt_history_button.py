"""A button that lists what was asked for before."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from app.panels.fill.prompt_history import PastPrompts
from app.ui.icons import set_icon
from app.ui.widgets import configure

_MAX_LISTED = 15
_MAX_LETTERS = 48


class PastPromptsButton(QToolButton):
    """Opens a menu of the latest prompts, and one more row to forget them all."""

    chosen = Signal(str)

    def __init__(self, past: PastPrompts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._past = past
        configure(
            self,
            style="quiet",
            name=self.tr("Earlier prompts"),
            tip=self.tr("Earlier prompts. In the prompt, Up and Down go through them."),
        )
        self.setIconSize(QSize(16, 16))
        set_icon(self, "past")
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self)
        menu.aboutToShow.connect(self.fill)
        self.setMenu(menu)

    def fill(self) -> None:
        """List them as they are now."""
        menu = self.menu()
        menu.clear()
        for prompt in self._past.all[:_MAX_LISTED]:
            menu.addAction(_short(prompt)).triggered.connect(partial(self._choose, prompt))
        if menu.isEmpty():
            menu.addAction(self.tr("No prompts yet")).setEnabled(False)
            return
        menu.addSeparator()
        menu.addAction(self.tr("Forget all")).triggered.connect(lambda: self._past.forget())

    def _choose(self, prompt: str, _checked: bool = False) -> None:
        self.chosen.emit(prompt)


def _short(prompt: str) -> str:
    short = prompt if len(prompt) <= _MAX_LETTERS else f"{prompt[: _MAX_LETTERS - 1]}…"
    return short.replace("&", "&&")
