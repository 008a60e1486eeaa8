"""How to fill: negative prompt, seed, steps, guidance, variants, LoRAs, what the model is shown."""

from __future__ import annotations

import secrets

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.panels.fill.control_section import ControlSection
from app.panels.fill.lora_list import LoraList
from app.panels.fill.quality_presets import USUAL, Effort, qualities
from app.panels.fill.reference_section import ReferenceSection
from app.panels.fill.seed_field import SeedField
from app.panels.fill.setting_dial import setting_dial
from app.panels.fill.variant_count import VariantCount
from app.ui.icons import set_icon
from app.ui.widgets import configure, labelled
from lazydiff_core.contract import EngineInfo, Scope, Tokens
from lazydiff_core.generation_settings import GenerationSettings

_DRAWN_SEEDS = 2**31 - 1  # a drawn seed is short enough to be read out
_MAX_LIVE = 4096


class OptionsPanel(QWidget):
    """What is not touched follows the model's defaults."""

    scope_changed = Signal(str)
    cost_changed = Signal()  # of steps or variants
    changed = Signal()  # anything that makes another result
    live_limit_changed = Signal(int)
    wanted = Signal()  # something in it has to be seen

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._info: EngineInfo | None = None  # of the model whose numbers are shown
        self._quality = USUAL  # the preset in force; "" = numbers of the artist's own
        self._negative = configure(
            QLineEdit(),
            name=self.tr("Negative prompt"),
            tip=self.tr("What should not appear in the mask."),
        )
        self._negative.setPlaceholderText(self.tr("optional"))
        self._steps = setting_dial("steps", self.tr("Steps"))
        self._steps.setToolTip(self.tr("More steps take longer and give finer results."))
        self._guidance = setting_dial("guidance", self.tr("Guidance"))
        self._guidance.setToolTip(self.tr("How closely the result follows the prompt."))
        self._variants = VariantCount()
        self._steps.changed.connect(self.cost_changed)
        self._variants.valueChanged.connect(self.cost_changed)
        self._make_presets()
        self._live_limit = configure(
            QSpinBox(),
            style="stepper",
            name=self.tr("Largest mask in live mode"),
            tip=self.tr("Live mode pauses while the mask takes more tokens than this."),
        )
        self._live_limit.setRange(1, _MAX_LIVE)
        self._live_limit.setSuffix(self.tr(" tokens"))
        self._live_limit.setKeyboardTracking(False)
        self._live_limit.valueChanged.connect(self.live_limit_changed)
        self._make_scope()
        self._make_seed()
        self.loras = LoraList()
        self.references, self.control = ReferenceSection(), ControlSection()
        for section in (self.loras, self.references, self.control):
            section.changed.connect(self.changed)
        self._guidance.changed.connect(self.changed)
        for signal in (self._negative.textChanged, self._seed.changed, self.scope_changed):
            signal.connect(self.changed)
        self._lay_out()

    @property
    def quality(self) -> str:
        """Name of the preset that the numbers are of; empty where they are of none."""
        return self._quality

    def set_quality(self, name: str) -> None:
        """Take over a preset's numbers, now or once a model is there; unknown ones are left."""
        if name in qualities():
            self._quality = name
            if self._info is not None:
                self._show(qualities()[name].effort(self._info))
            self._presets.setCurrentIndex(self._presets.findData(name))

    def use_defaults_of(self, info: EngineInfo) -> None:
        """Take over a model's numbers; the same one, loaded again, leaves what was chosen."""
        old, self._info = self._info, info
        self.loras.use_model(info)
        self.references.use_model(info)
        self.control.use_model(info)
        self._enable_numbers(True)
        if old is None or (old.model, old.model_hash) != (info.model, info.model_hash):
            self.set_quality(self._quality or USUAL)

    def show_last(self, steps: int, guidance: float) -> None:
        """Until a model is there: what was in force when the window was last closed, to be read."""
        if self._info is None:
            self._steps.set_value(steps)
            self._guidance.set_value(guidance)
            self._enable_numbers(False)

    @property
    def guidance(self) -> float:
        return self._guidance.value

    @property
    def steps(self) -> int:
        return round(self._steps.value)

    @property
    def variants(self) -> int:
        """How many the next fill makes."""
        return self._variants.count

    def show_live(self, shown: bool, limit: int) -> None:
        """How large a mask may be in live mode; only to be seen while it is on."""
        with QSignalBlocker(self._live_limit):
            self._live_limit.setValue(limit)
        for part in self._live_row:
            part.setVisible(shown)

    def set_tokens(self, tokens: Tokens) -> None:
        """What the mask takes now: a count of variants may depend on it."""
        self._variants.set_tokens(tokens)

    def set_negative(self, negative: str) -> None:
        self._negative.setText(negative)

    def show_seed(self, seed: int) -> None:
        """The seed that was taken."""
        self._seed.set_value(seed)

    def use_seed(self, seed: int) -> None:
        """Take over an edit's seed, and lock it."""
        self._seed.set_value(seed)
        self._lock.setChecked(True)

    def use(self, settings: GenerationSettings) -> None:
        """Take over an edit's numbers; its seed is locked."""
        self.use_seed(settings.seed)
        if settings.steps is not None:
            self._steps.set_value(settings.steps)
        if settings.guidance is not None:
            self._guidance.set_value(settings.guidance)
        self._variants.setValue(settings.variants)
        self._scope.setCurrentIndex(self._scope.findData(settings.scope))
        self.loras.use(settings.loras)
        self.references.use(settings)
        self.control.use(settings.control)

    def can_read(self, *, new_seed: bool) -> bool:
        """Whether the seed can be asked for: one that is drawn can, whatever was typed before."""
        return new_seed or not self._lock.isChecked() or self._seed.is_valid

    def show_fault(self) -> None:
        """Let the artist see and mend what cannot be asked for."""
        self.wanted.emit()
        self._seed.setFocus()

    def read(self, prompt: str, *, new_seed: bool) -> GenerationSettings:
        """What the panel says now. Unless the seed is locked, or for another try, it is drawn."""
        if new_seed or not self._lock.isChecked():
            self._draw_seed()
        return self.peek(prompt)

    def peek(self, prompt: str) -> GenerationSettings:
        """The same with the seed that is there."""
        return GenerationSettings(
            prompt=prompt,
            negative=" ".join(self._negative.text().split()),
            seed=self._seed.value,
            steps=self.steps,
            guidance=self._guidance.value,
            variants=self.variants,
            scope=self._scope.currentData(),
            loras=self.loras.setting,
            edit=self.references.edit,
            references=self.references.references,
            control=self.control.setting,
        )

    def _make_presets(self) -> None:
        self._presets = configure(
            QComboBox(),
            name=self.tr("Quality"),
            tip=self.tr("How many steps a fill takes: few for a quick look, or the model's own."),
        )
        self._presets.setPlaceholderText(self.tr("Custom"))
        words = {
            "fast": self.tr("Fast"),
            "balanced": self.tr("Balanced"),
        }
        for name in qualities():
            self._presets.addItem(words.get(name, name.capitalize()), name)
        self._presets.setCurrentIndex(self._presets.findData(USUAL))
        self._presets.activated.connect(lambda: self.set_quality(self._presets.currentData()))
        for changed in (self._steps.changed, self._guidance.changed):
            changed.connect(self._recognise)

    def _enable_numbers(self, enabled: bool) -> None:
        for control in (self._presets, self._steps, self._guidance):
            control.setEnabled(enabled)

    def _show(self, effort: Effort) -> None:
        self._steps.set_value(effort.steps)
        self._guidance.set_value(effort.guidance)

    def _recognise(self) -> None:
        """Name the preset that the numbers now are of, if they are of one."""
        if self._info is None:
            return
        now = Effort(round(self._steps.value), round(self._guidance.value, 1))
        efforts = {name: row.effort(self._info) for name, row in qualities().items()}
        self._quality = next((name for name, effort in efforts.items() if effort == now), "")
        self._presets.setCurrentIndex(self._presets.findData(self._quality))

    def _make_scope(self) -> None:
        self._scope = configure(
            QComboBox(),
            name=self.tr("What the model sees"),
            tip=self.tr("How much of the picture the model looks at."),
        )
        words: dict[Scope, str] = {
            "auto": self.tr("Nearby"),
            "near": self.tr("Tight"),
            "whole": self.tr("Whole picture"),
            "tiles": self.tr("Nearby, large masks in tiles"),
        }
        for scope, text in words.items():
            self._scope.addItem(text, scope)
        self._scope.currentIndexChanged.connect(
            lambda: self.scope_changed.emit(self._scope.currentData())
        )

    def _make_seed(self) -> None:
        self._seed = SeedField(self.tr("Seed"))
        self._dice = _small_button("dice", self.tr("New random seed"))
        self._dice.clicked.connect(self._draw_seed)
        self._lock = _small_button("unlock", self.tr("Lock the seed"))
        self._lock.setCheckable(True)
        self._lock.toggled.connect(self._show_lock)
        self._seed.typed.connect(self._keep_typed_seed)
        self._draw_seed()

    def _keep_typed_seed(self) -> None:
        """Whoever types a seed means to use it."""
        self._lock.setChecked(True)

    def _show_lock(self, locked: bool) -> None:
        set_icon(self._lock, "lock" if locked else "unlock")

    def _draw_seed(self) -> None:
        self._seed.set_value(secrets.randbelow(_DRAWN_SEEDS))

    def _lay_out(self) -> None:
        seed = QHBoxLayout()
        seed.setSpacing(4)
        seed.setContentsMargins(0, 0, 0, 0)
        seed.addWidget(self._seed, 1)
        for button in (self._dice, self._lock):
            seed.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        seed_row = QWidget()
        seed_row.setLayout(seed)
        seed_row.setFocusProxy(self._seed)
        rows = {
            self.tr("Avoid"): self._negative,
            self.tr("Seed"): seed_row,
            self.tr("Quality"): self._presets,
            self.tr("Steps"): self._steps,
            self.tr("Guidance"): self._guidance,
            self.tr("Variants"): self._variants,
            self.tr("Context"): self._scope,
            self.tr("Live up to"): self._live_limit,
        }
        grid = labelled(rows)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(grid)
        column.addWidget(self.references)
        column.addWidget(self.control)
        column.addWidget(self.loras)
        column.addStretch(1)
        found = grid.itemAtPosition(grid.rowCount() - 1, 0)
        label = found.widget() if found is not None else None
        self._live_row = [part for part in (label, self._live_limit) if part is not None]
        self.show_live(False, self._live_limit.value())


def _small_button(icon: str, text: str) -> QToolButton:
    button = configure(QToolButton(), name=text, tip=text)
    button.setIconSize(QSize(18, 18))
    set_icon(button, icon)
    return button
