"""Everything a fill is asked for with: the prompt and its buttons, and the panels beside them."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QSize, Qt, Signal, SignalInstance
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QHBoxLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.document.brush_colours import BrushColours
from app.document.commands import edit_of_mask
from app.document.document import Document
from app.document.variants import VariantBrowser
from app.engine.requests import removal_like
from app.panels.fill.cost_label import PriceTag
from app.panels.fill.generate_button import BY_SURROUNDINGS, PrimaryButton, WithoutPrompt
from app.panels.fill.layers_panel import LayersPanel
from app.panels.fill.options import OptionsPanel
from app.panels.fill.progress import ProgressPanel
from app.panels.fill.prompt_field import PromptEdit
from app.panels.fill.prompt_history import PastPrompts
from app.panels.fill.prompt_history_button import PastPromptsButton
from app.panels.fill.sketch_section import SketchPanel
from app.panels.fill.variant_strip import VariantStrip
from app.ui.widgets import configure
from lazydiff_core.contract import EngineInfo, is_removal, removal
from lazydiff_core.generation_settings import GenerationSettings


class FillPanel(QWidget):
    """Collects what the artist wants; what becomes of it is the business of whoever hears it.

    It shows the prompt, the buttons, the price and the progress. The other panels are made here and
    shown by whoever takes them.
    """

    asked = Signal(object)  # GenerationSettings
    asked_again = Signal(object)  # GenerationSettings of another try of what is there
    asked_first = Signal(object)  # GenerationSettings that are to come before all that wait
    way_changed = Signal(str)  # what an empty prompt means from now on

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
        self.layers = LayersPanel(document, browser)
        self.without_prompt = WithoutPrompt()
        self._primary: PrimaryButton | None = None
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(6)
        self.prompt.set_past(lambda: past.all)
        earlier = PastPromptsButton(past)
        earlier.chosen.connect(self.prompt.use)
        self._told = QHBoxLayout()
        self._told.addWidget(self.price, 1)
        self._told.addWidget(earlier)
        self._language = ""
        self._document = document
        self._beside: str | None = None  # the prompt that the latest removal was asked beside
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 6)
        column.setSpacing(6)
        column.setSizeConstraint(QVBoxLayout.SizeConstraint.SetMaximumSize)
        column.addWidget(self.prompt, 1)
        column.addLayout(self._buttons)
        column.addLayout(self._told)
        column.addWidget(self.progress)
        self.prompt.submitted.connect(self.generate)
        self.prompt.textChanged.connect(self._say_which)
        self.without_prompt.changed.connect(self._on_way)
        self.sketch.colours.swap_wanted.connect(colours.swap)
        self.sketch.colours.reset_wanted.connect(colours.reset)
        self.layers.reuse_prompt.connect(self.reuse_prompt)
        self.layers.reuse_all.connect(self.reuse_all)

    def add_buttons(self, generate: QAction, retry: QAction, cancel: QAction) -> None:
        """The large button, and two small ones."""
        self._primary = PrimaryButton(generate)
        self._buttons.addWidget(self._primary, 1)
        self._buttons.addWidget(self.without_prompt)
        self._buttons.addWidget(_button(retry))
        self._buttons.addWidget(_button(cancel))
        self._say_which()

    def add_browser(self, browse: QAction) -> None:
        """The button that shows all words, beside the styles."""
        button = configure(QToolButton(), style="quiet", name=browse.text())
        button.setDefaultAction(browse)
        button.setIconSize(QSize(16, 16))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._told.insertWidget(self._told.count() - 1, button)

    def add_words(self, line: QWidget, styles: QWidget, language: str) -> None:
        """What is understood of the prompt, the styles beside its price, and its language."""
        self._column.insertWidget(1, line)
        self._told.insertWidget(1, styles)
        self._language = language

    def choose_way(self, way: str) -> None:
        """Set what an empty prompt means."""
        self.without_prompt.choose(way)
        self._say_which()

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
        """The same again with another seed, even if the seed is locked.

        A removal stays one unless the prompt has been changed since.
        """
        edit = edit_of_mask(self._document)
        recipe = None if edit is None else edit.recipe
        was_removal = recipe is not None and is_removal(recipe.settings)
        removing = was_removal and self._beside == self.prompt.prompt
        self._ask(self.asked_again, new_seed=True, removing=removing)

    def remove(self) -> None:
        """What is masked goes, whatever the prompt says."""
        self._ask(self.asked, new_seed=False, removing=True)

    def fill_new_room(self) -> None:
        """Fill a large mask in full detail; without a prompt, the picture's own patches do."""
        if not self.options.can_read(new_seed=False):
            self.options.show_fault()
            return
        settings = self.options.read(self.prompt.prompt, new_seed=False)
        if not settings.prompt:
            settings = removal(settings.seed, settings.variants)
        self.asked.emit(replace(settings, scope="tiles"))

    def peek(self) -> GenerationSettings:
        """What would be asked for now, but for the seed, which stays."""
        settings = self.options.peek(self.prompt.prompt)
        return self._finished(settings)

    def _finished(self, settings: GenerationSettings) -> GenerationSettings:
        """With what the options do not know."""
        return replace(settings, strength=self.sketch.strength.value, language=self._language)

    def reuse_prompt(self, settings: GenerationSettings) -> None:
        """Take over what an edit was asked for."""
        self.prompt.setPlainText(settings.prompt)
        self.options.set_negative(settings.negative)
        self.prompt.setFocus()

    def reuse_all(self, settings: GenerationSettings) -> None:
        """Take over an edit's settings; its seed is kept for the next fills."""
        self.reuse_prompt(settings)
        if is_removal(settings):
            self.options.use_seed(settings.seed)
            self.choose_way(BY_SURROUNDINGS)
            return
        self.options.use(settings)
        if settings.strength < 1:
            self.sketch.strength.set_value(settings.strength)

    @property
    def _removes(self) -> bool:
        """Whether the button removes what is masked."""
        return not self.prompt.prompt and self.without_prompt.way == BY_SURROUNDINGS

    def _on_way(self, way: str) -> None:
        self._say_which()
        self.way_changed.emit(way)

    def _say_which(self) -> None:
        if self._primary is None:
            return
        if self.prompt.prompt:
            self._primary.say("", "")
        elif self._removes:
            tip = self.tr("The prompt is empty: what is masked goes, its surroundings continue.")
            self._primary.say(self.tr("Remove"), tip)
        else:
            tip = self.tr("The prompt is empty: the model continues the surroundings.")
            self._primary.say(self.tr("Without prompt"), tip)

    def _ask(self, signal: SignalInstance, *, new_seed: bool, removing: bool = False) -> None:
        """Emit what the panel says, or show what of it cannot be asked for."""
        self.prompt.forget_typing()
        if not self.options.can_read(new_seed=new_seed):
            self.options.show_fault()
            return
        settings = self.options.read(self.prompt.prompt, new_seed=new_seed)
        if removing or self._removes:
            self._beside = self.prompt.prompt
            signal.emit(removal_like(settings))
        else:
            signal.emit(self._finished(settings))


def _button(action: QAction) -> QToolButton:
    button = configure(QToolButton(), style="secondary", name=action.text())
    button.setDefaultAction(action)
    button.setIconSize(QSize(18, 18))
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
