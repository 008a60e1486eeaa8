"""What the fill will cost, said beside the button that asks for it."""

from __future__ import annotations

from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from app.engine.estimate.cost_model import Curve
from app.panels.fill.progress import seconds
from app.ui.widgets import configure
from lazydiff_core.contract import Tokens

_UNBROKEN = "\u00a0"


class PriceTag(QLabel):
    """Tokens at once, seconds as soon as they are known; its place is kept while it is empty."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        configure(self, style="price", name=self.tr("What the fill will cost"))
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.clear_price()

    def clear_price(self) -> None:
        """Nothing is to be filled."""
        self.setText("")
        self.setToolTip(self.tr("What a fill of the mask will cost is shown here."))

    def show_price(
        self, tokens: Tokens, curve: Curve | None, *, steps: int, variants: int, ready: bool
    ) -> None:
        """ready: the context is at hand, the encoder need not run."""
        line = [self.tr("{} tokens").format(tokens.hole)]
        told = [
            self.tr("{} of {} tokens are computed at each of {} steps.").format(
                tokens.hole, tokens.canvas, steps
            )
        ]
        if curve is None:
            told.append(self.tr("Seconds are shown once this machine has been timed."))
        else:
            one = curve.price(tokens.hole, 1, steps, context_ready=ready)
            line.append(self.tr("~{}").format(seconds(one.seconds)))
            price = curve.price(tokens.hole, variants, steps, context_ready=ready)
            memory = megabytes(price.memory)
            if variants > 1:
                line.append(self.tr("{} variants {}").format(variants, seconds(price.seconds)))
            elif price.memory:
                line.append(memory)
            if price.memory:
                told.append(self.tr("About {} of memory beside the model.").format(memory))
            told.append(self.tr("Timed on this machine; every fill refines it."))
        # Where it needs two lines after all, they break between the parts.
        self.setText(" · ".join(part.replace(" ", _UNBROKEN) for part in line))
        self.setToolTip("\n".join(told))


def megabytes(count: int) -> str:
    """Bytes as people say them."""
    if count < 1e9:
        return f"{max(round(count / 1e6), 1)} MB"
    return f"{QLocale().toString(count / 1e9, 'f', 1)} GB"
