"""The form in which an edit's recipe is changed, to replay it."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QSpinBox, QVBoxLayout, QWidget

from app.document.edits import Edit, Recipe
from app.ui.dial import Dial
from app.ui.icons import set_icon
from app.ui.widgets import configure, labelled
from lazydiff_core.generation_settings import LIMITS

_LARGEST_SEED = 2**31 - 1
_MOST_STEPS = 100


class RecipeEditor(QWidget):
    """Prompt, seed, steps, guidance and strength of one edit, and the button that replays it."""

    asked = Signal(object, object)  # UUID, Recipe
    opened = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.edit_id: UUID | None = None
        self._recipe = Recipe()
        self.prompt = configure(
            QLineEdit(),
            name=self.tr("Prompt of this edit"),
            tip=self.tr("What this edit is to paint; empty continues the surroundings."),
        )
        self.prompt.setPlaceholderText(self.tr("continues the surroundings"))
        self.seed = configure(
            QSpinBox(),
            name=self.tr("Seed of this edit"),
            tip=self.tr("The same seed gives the same result."),
        )
        self.seed.setMaximum(_LARGEST_SEED)
        self.steps = Dial(self.tr("Steps of this edit"), 1, _MOST_STEPS)
        self.steps.setToolTip(self.tr("More steps take longer and give finer results."))
        self.guidance = Dial(
            self.tr("Guidance of this edit"), 0, LIMITS["guidance"].high, step=0.1, decimals=1
        )
        self.guidance.setToolTip(self.tr("How closely the result follows the prompt."))
        self.strength = Dial(self.tr("Strength of this edit"), 0, 1, step=0.05, decimals=2)
        self.strength.setToolTip(self.tr("How far the sketch of this edit is left behind."))
        self.button = QPushButton(self.tr("Replay this edit"))
        configure(
            self.button,
            name=self.tr("Replay this edit"),
            tip=self.tr("Run it again; later edits that depend on it can follow."),
        )
        self.button.setIconSize(QSize(18, 18))
        set_icon(self.button, "replay")
        self.cancel = configure(
            QPushButton(self.tr("Close")), name=self.tr("Close"), tip=self.tr("Change nothing.")
        )
        self._lay_out()
        self.button.clicked.connect(self._ask)
        self.prompt.returnPressed.connect(self.button.click)
        self.cancel.clicked.connect(self.close_form)

    def _lay_out(self) -> None:
        rows = {
            self.tr("Prompt"): self.prompt,
            self.tr("Seed"): self.seed,
            self.tr("Steps"): self.steps,
            self.tr("Guidance"): self.guidance,
            self.tr("Strength"): self.strength,
        }
        buttons = QHBoxLayout()
        buttons.setContentsMargins(0, 0, 0, 0)
        buttons.setSpacing(6)
        buttons.addWidget(self.button, 1)
        buttons.addWidget(self.cancel)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(8)
        column.addLayout(labelled(rows))
        column.addLayout(buttons)

    def open_form(self, edit: Edit) -> None:
        """Show the recipe of an edit."""
        recipe = edit.recipe
        self.edit_id, self._recipe = edit.id, recipe
        self.prompt.setText(recipe.prompt)
        self.seed.setValue(min(recipe.seed, _LARGEST_SEED))
        self.steps.set_value(recipe.steps)
        self.guidance.set_value(recipe.guidance)
        self.strength.set_value(recipe.strength)
        self.strength.setEnabled(edit.sketch is not None)
        self.show()
        self.prompt.setFocus()
        self.prompt.selectAll()
        self.opened.emit()

    def close_form(self) -> None:
        self.edit_id = None
        self.hide()

    def set_ready(self, ready: bool) -> None:
        """Whether the engine could run it now."""
        self.button.setEnabled(ready)

    def _ask(self) -> None:
        if self.edit_id is not None:
            self.asked.emit(self.edit_id, self._changed())

    def _changed(self) -> Recipe:
        """What the form says; a number that was not touched keeps all its digits."""
        recipe = self._recipe
        guidance, strength = self.guidance.value, self.strength.value
        return replace(
            recipe,
            prompt=" ".join(self.prompt.text().split()),
            seed=_kept(recipe.seed, self.seed.value(), _LARGEST_SEED),
            steps=_kept(recipe.steps, round(self.steps.value), _MOST_STEPS),
            guidance=recipe.guidance if abs(guidance - recipe.guidance) < 0.06 else guidance,
            strength=recipe.strength if abs(strength - recipe.strength) < 0.03 else strength,
        )


def _kept(was: int, shown: int, most: int) -> int:
    """A number beyond what the field can show stays as it was unless the field was changed."""
    return was if shown == min(was, most) else shown
