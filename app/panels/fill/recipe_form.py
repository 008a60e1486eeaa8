"""The form in which an edit's recipe is changed, to replay it."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.document.edits import Edit
from app.panels.fill.layer_rows import lora_text
from app.panels.fill.seed_field import SeedField
from app.panels.fill.setting_dial import setting_dial
from app.ui.icons import set_icon
from app.ui.widgets import configure, labelled
from lazydiff_core.contract import is_removal
from lazydiff_core.generation_settings import GenerationSettings, ResolvedSettings
from lazydiff_core.lora_files import read_loras
from lazydiff_core.reference_files import read_references


class RecipeEditor(QWidget):
    """Prompt, seed, numbers and files of one edit, and the button that replays it."""

    asked = Signal(object, object)  # UUID, GenerationSettings
    opened = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.edit_id: UUID | None = None
        self._settings = ResolvedSettings()
        self.prompt = configure(
            QLineEdit(),
            name=self.tr("Prompt of this edit"),
            tip=self.tr("What this edit should paint; leave empty to fill from the surroundings."),
        )
        self.prompt.setPlaceholderText(self.tr("fill from the surroundings"))
        self.seed = SeedField(self.tr("Seed of this edit"))
        self.steps = setting_dial("steps", self.tr("Steps of this edit"))
        self.steps.setToolTip(self.tr("More steps take longer and give finer results."))
        self.guidance = setting_dial("guidance", self.tr("Guidance of this edit"))
        self.guidance.setToolTip(self.tr("How closely the result follows the prompt."))
        self.strength = setting_dial("strength", self.tr("Strength of this edit"))
        self.strength.setToolTip(self.tr("How far the result departs from the sketch."))
        self.loras = configure(
            QCheckBox(),
            name=self.tr("LoRAs of this edit"),
            tip=self.tr("Whether the replay uses the LoRAs that this edit was made with."),
        )
        self.references = configure(
            QCheckBox(),
            name=self.tr("Reference pictures of this edit"),
            tip=self.tr("Whether the replay refers to the pictures that this edit was made with."),
        )
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
        column.addWidget(self.loras)
        column.addWidget(self.references)
        column.addLayout(buttons)

    def open_form(self, edit: Edit) -> None:
        """Show the recipe of an edit that has one."""
        assert edit.recipe is not None
        settings = edit.recipe.settings
        self.edit_id, self._settings = edit.id, settings
        self.prompt.setText(settings.prompt)
        self.seed.set_value(settings.seed)
        self.steps.set_value(settings.steps)
        self.guidance.set_value(settings.guidance)
        self.strength.set_value(settings.strength)
        self.strength.setEnabled(edit.sketch is not None)
        loras = map(lora_text, read_loras(settings.loras))
        self._offer(self.loras, ", ".join(loras))
        names = (path.name for path in read_references(settings.references))
        self._offer(self.references, ", ".join(names))
        for dial in (self.steps, self.guidance):  # a removal has neither
            dial.setEnabled(not is_removal(settings))
        self.show()
        self.prompt.setFocus()
        self.prompt.selectAll()
        self.opened.emit()

    def _offer(self, box: QCheckBox, files: str) -> None:
        """Offer to leave files out that may be gone; "" = there are none."""
        box.setVisible(bool(files))
        box.setChecked(bool(files))
        box.setText(self.tr("With {}").format(files))

    def close_form(self) -> None:
        self.edit_id = None
        self.hide()

    def set_ready(self, ready: bool) -> None:
        """Whether the engine could run it now."""
        self.button.setEnabled(ready)

    def _ask(self) -> None:
        if not self.seed.is_valid:
            self.seed.setFocus()
        elif self.edit_id is not None:
            self.asked.emit(self.edit_id, self._changed())

    def _changed(self) -> GenerationSettings:
        """What the form says; what it does not show stays as it was."""
        return replace(
            self._settings,
            prompt=" ".join(self.prompt.text().split()),
            seed=self.seed.value,
            steps=round(self.steps.value),
            guidance=self.guidance.value,
            strength=self.strength.value,
            loras=self._settings.loras if self.loras.isChecked() else "",
            references=self._settings.references if self.references.isChecked() else "",
        )
