"""The panel at the right: prompt, buttons, progress, options, variants."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QPalette
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.icons import set_icon
from app.panels.options import OptionsPanel
from app.panels.progress import ProgressPanel
from app.panels.prompt import PromptEdit
from app.panels.variants import VariantStrip
from app.widgets import dressed

WIDTH = 312


class FillPanel(QWidget):
    """Collects what the artist wants; what becomes of it is the session's business."""

    asked = Signal(object)  # Wishes

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        dressed(self, style="fill")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.prompt = PromptEdit()
        self.progress = ProgressPanel()
        self.options = OptionsPanel()
        self.variants = VariantStrip()
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(6)
        heading = dressed(QLabel(self.tr("Prompt")), style="heading")
        heading.setBuddy(self.prompt)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(8)
        column.addWidget(heading)
        column.addWidget(self.prompt)
        column.addLayout(self._buttons)
        column.addWidget(self.progress)
        column.addWidget(_rule())
        column.addWidget(self.options)
        column.addWidget(_rule())
        column.addWidget(self.variants)
        column.addStretch(1)
        self.prompt.submitted.connect(self.generate)

    def add_buttons(self, generate: QAction, retry: QAction, cancel: QAction) -> None:
        """The large button, and two small ones."""
        self._buttons.addWidget(PrimaryButton(generate), 1)
        self._buttons.addWidget(_button(retry))
        self._buttons.addWidget(_button(cancel))

    def generate(self) -> None:
        self._ask(new_seed=False)

    def retry(self) -> None:
        """The same again with another seed, even if the seed is locked."""
        self._ask(new_seed=True)

    def _ask(self, *, new_seed: bool) -> None:
        self.prompt.forget_typing()
        self.asked.emit(self.options.wishes(self.prompt.prompt, new_seed=new_seed))


class PrimaryButton(QPushButton):
    """An action in the accent colour, its icon in the colour of the words upon it."""

    def __init__(self, action: QAction) -> None:
        super().__init__(action.text())
        dressed(self, style="primary", name=action.text())
        self._action = action
        self.setIconSize(QSize(18, 18))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        set_icon(self, action.property("iconName"), QPalette.ColorRole.HighlightedText)
        self.clicked.connect(action.trigger)
        action.changed.connect(self._follow)
        self._follow()

    def _follow(self) -> None:
        self.setEnabled(self._action.isEnabled())
        self.setToolTip(self._action.toolTip())


def _button(action: QAction) -> QToolButton:
    button = dressed(QToolButton(), style="secondary", name=action.text())
    button.setDefaultAction(action)
    button.setIconSize(QSize(18, 18))
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button


def _rule() -> QFrame:
    return dressed(QFrame(), style="rule")
