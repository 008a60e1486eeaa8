"""The large button, and what it does while the prompt is empty."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QPalette
from PySide6.QtWidgets import QMenu, QPushButton, QToolButton

from app.ui.icons import set_icon
from app.ui.widgets import configure

BY_MODEL, BY_SURROUNDINGS = "model", "surroundings"


class PrimaryButton(QPushButton):
    """An action in the accent colour, its icon in the colour of the words upon it."""

    def __init__(self, action: QAction) -> None:
        super().__init__(action.text())
        configure(self, style="primary", name=action.text())
        self._action = action
        self._words = self._tip = ""
        self.setIconSize(QSize(18, 18))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        set_icon(self, action.property("iconName"), QPalette.ColorRole.HighlightedText)
        self.clicked.connect(action.trigger)
        action.changed.connect(self._follow)
        self._follow()

    def say(self, words: str, tip: str) -> None:
        """Show other words than the action's, with a line below its own tip; "" = its own."""
        self._words, self._tip = words, tip
        self._follow()

    def _follow(self) -> None:
        self.setEnabled(self._action.isEnabled())
        self.setText(self._words or self._action.text())
        self.setToolTip("\n".join(filter(None, (self._action.toolTip(), self._tip))))


class WithoutPrompt(QToolButton):
    """Chooses what an empty prompt means: the model continues the surroundings, or patches do."""

    changed = Signal(str)  # BY_MODEL or BY_SURROUNDINGS

    def __init__(self) -> None:
        super().__init__()
        configure(
            self,
            style="secondary",
            name=self.tr("Without a prompt"),
            tip=self.tr("What the button does while the prompt is empty."),
        )
        self.setIconSize(QSize(18, 18))
        set_icon(self, "chevron-down")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu, group = QMenu(self), QActionGroup(self)
        self._ways: dict[str, QAction] = {}
        for way, text in (
            (BY_MODEL, self.tr("Without a prompt, the model fills")),
            (BY_SURROUNDINGS, self.tr("Without a prompt, remove: the surroundings continue")),
        ):
            self._ways[way] = menu.addAction(text)
            self._ways[way].setCheckable(True)
            group.addAction(self._ways[way])
            self._ways[way].triggered.connect(lambda _on, way=way: self.changed.emit(way))
        self._ways[BY_MODEL].setChecked(True)
        self.setMenu(menu)

    @property
    def way(self) -> str:
        return next(way for way, action in self._ways.items() if action.isChecked())

    def choose(self, way: str) -> None:
        """Choose without telling; an unknown way is left alone."""
        if way in self._ways:
            self._ways[way].setChecked(True)
