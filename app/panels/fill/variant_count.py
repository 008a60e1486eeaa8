"""How many variants a fill makes: a number, or as many as the size of the mask allows."""

from __future__ import annotations

from PySide6.QtWidgets import QSpinBox, QWidget

from app.engine.estimate.cost_model import variants_for
from app.ui.widgets import configure
from lazydiff_core.contract import Tokens
from lazydiff_core.generation_settings import LIMITS

_MAX_AUTO = 8


class VariantCount(QSpinBox):
    """Below 1 it says "Auto": many for a small mask, few for a large one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        tip = self.tr(
            "How many results to choose from. Auto, below 1, makes many for a "
            "small mask and few for a large one; the price tag says how many."
        )
        configure(self, style="stepper", name=self.tr("Number of variants"), tip=tip)
        self._tokens = Tokens(1, 1)
        self.setRange(0, LIMITS["variants"].high)
        self.setSpecialValueText(self.tr("Auto"))
        self.setValue(1)
        self.setFixedWidth(74)

    def set_tokens(self, tokens: Tokens) -> None:
        """What the mask takes now."""
        self._tokens = tokens

    @property
    def count(self) -> int:
        """How many a fill of the mask as it is makes."""
        return self.value() or variants_for(self._tokens, _MAX_AUTO)
