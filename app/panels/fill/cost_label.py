"""What the fill will cost, said beside the button that asks for it."""

from __future__ import annotations

from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.engine.estimate.cost_model import Curve
from app.panels.fill.progress import seconds
from app.ui.elided import ElidedLabel
from app.ui.widgets import configure
from lazydiff_core.contract import Tokens


class PriceTag(ElidedLabel):
    """Seconds until the result; tokens and memory in the tooltip. Keeps its place while empty."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        configure(self, style="price", name=self.tr("What the fill will cost"))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.clear_price()

    def clear_price(self) -> None:
        """Nothing is to be filled."""
        self.setText("")
        self.setToolTip(self.tr("What a fill of the mask will cost is shown here."))

    def show_price(
        self,
        tokens: Tokens,
        curve: Curve | None,
        *,
        steps: int,
        variants: int,
        ready: bool,
        times: int = 1,
    ) -> None:
        """ready: the context is at hand, the encoder need not run. times: how many such runs."""
        told = [
            self.tr("{} of {} tokens are computed at each of {} steps.").format(
                tokens.hole, tokens.canvas, steps
            )
        ]
        if curve is None:
            text = self.tr("Time not measured yet")
            told.append(self.tr("Seconds are shown once this machine has been timed."))
        else:
            price = curve.price(tokens.hole, variants, steps, context_ready=ready)
            text = self.tr("about {}").format(seconds(times * price.seconds))
            if variants > 1:
                text = self.tr("about {} for {} variants").format(seconds(price.seconds), variants)
            if price.memory:
                memory = megabytes(price.memory)
                told.append(self.tr("About {} of memory beside the model.").format(memory))
            told.append(self.tr("Timed on this machine; every fill refines it."))
        self.setText(text)
        self.setToolTip("\n".join(told))


def megabytes(count: int) -> str:
    """Bytes as people say them."""
    if count < 1e9:
        return f"{max(round(count / 1e6), 1)} MB"
    return f"{QLocale().toString(count / 1e9, 'f', 1)} GB"
