"""Everything a fill is asked for with: the prompt and its buttons, and the panels beside them."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QSize, Qt, Signal, SignalInstance
from PySide6.QtGui import QAction, QPalette
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.document.brush_colours import BrushColours
from app.document.document import Document
from app.document.variants import VariantBrowser
from app.panels.fill.cost_label import PriceTag
from app.panels.fill.history_panel import HistoryPanel
from app.panels.fill.options import OptionsPanel
from app.panels.fill.progress import ProgressPanel
from app.panels.fill.prompt_field import PromptEdit
from app.panels.fill.prompt_history import PastPrompts
from app.panels.fill.prompt_history_button import PastPromptsButton
from app.panels.fill.sketch_section import SketchPanel
from app.panels.fill.variant_strip import VariantStrip
from app.ui.icons import set_icon
from app.ui.widgets import configure
from lazydiff_core.contract import EngineInfo
from lazydiff_core.generation_settings import GenerationSettings


class FillPanel(QWidget):
    """Collects what the artist wants; what becomes of it is the business of whoever hears it.

    It shows the prompt, the buttons, the price and the progress. The other panels are made here and
    shown by whoever takes them.
    """

    asked = Signal(object)  # GenerationSettings
    asked_again = Signal(object)  # GenerationSettings of another try of what is there
    asked_first = Signal(object)  # GenerationSettings that are to come before all that wait

    def __init__(
        self,
        document: Document,
        browser: VariantBrowser,
        colours: BrushColours,
        past: PastPrompts,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        configure(self, style="fill")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.prompt = PromptEdit()
        self.price = PriceTag()
        self.progress = ProgressPanel()
        self.sketch = SketchPanel(document, colours)
        self.options = OptionsPanel()
        self.variants = VariantStrip(browser)
        self.history = HistoryPanel(document, browser)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(6)
        self.prompt.set_past(lambda: past.all)
        earlier = PastPromptsButton(past)
        earlier.chosen.connect(self.prompt.use)
        told = QHBoxLayout()
        told.addWidget(self.price, 1)
        told.addWidget(earlier)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 6)
        column.setSpacing(6)
        column.setSizeConstraint(QVBoxLayout.SizeConstraint.SetMaximumSize)
        column.addWidget(self.prompt, 1)
        column.addLayout(self._buttons)
        column.addLayout(told)
        column.addWidget(self.progress)
        self.prompt.submitted.connect(self.generate)
        self.sketch.colours.swap_wanted.connect(colours.swap)
        self.sketch.colours.reset_wanted.connect(colours.reset)
        self.history.reuse_prompt.connect(self.reuse_prompt)
        self.history.reuse_all.connect(self.reuse_all)

    def add_buttons(self, generate: QAction, retry: QAction, cancel: QAction) -> None:
        """The large button, and two small ones."""
        self._buttons.addWidget(PrimaryButton(generate), 1)
        self._buttons.addWidget(_button(retry))
        self._buttons.addWidget(_button(cancel))

    def use_model(self, info: EngineInfo) -> None:
        """Follow a model that has just been loaded: its numbers, and the words it knows."""
        self.options.use_defaults_of(info)
        self.prompt.set_concepts(info.concepts)

    def generate(self) -> None:
        self._ask(self.asked, new_seed=False)

    def generate_first(self) -> None:
        """To the front of the queue."""
        self._ask(self.asked_first, new_seed=False)

    def retry(self) -> None:
        """The same again with another seed, even if the seed is locked."""
        self._ask(self.asked_again, new_seed=True)

    def peek(self) -> GenerationSettings:
        """What would be asked for now, but for the seed, which stays."""
        settings = self.options.peek(self.prompt.prompt)
        return replace(settings, strength=self.sketch.strength.value)

    def reuse_prompt(self, settings: GenerationSettings) -> None:
        """Take over what an edit was asked for."""
        self.prompt.setPlainText(settings.prompt)
        self.options.set_negative(settings.negative)
        self.prompt.setFocus()

    def reuse_all(self, settings: GenerationSettings) -> None:
        """Take over an edit's settings; its seed is kept for the next fills."""
        self.reuse_prompt(settings)
        self.options.use(settings)
        if settings.strength < 1:
            self.sketch.strength.set_value(settings.strength)

    def _ask(self, signal: SignalInstance, *, new_seed: bool) -> None:
        """Emit what the panel says, or show what of it cannot be asked for."""
        self.prompt.forget_typing()
        if not self.options.can_read(new_seed=new_seed):
            self.options.show_fault()
            return
        settings = self.options.read(self.prompt.prompt, new_seed=new_seed)
        signal.emit(replace(settings, strength=self.sketch.strength.value))


class PrimaryButton(QPushButton):
    """An action in the accent colour, its icon in the colour of the words upon it."""

    def __init__(self, action: QAction) -> None:
        super().__init__(action.text())
        configure(self, style="primary", name=action.text())
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
    button = configure(QToolButton(), style="secondary", name=action.text())
    button.setDefaultAction(action)
    button.setIconSize(QSize(18, 18))
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
